using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Integrations.Core.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class OutgoingWebhooks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "CircuitFailures",
                table: "WebhookEndpoints",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "CircuitOpenUntil",
                table: "WebhookEndpoints",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "CircuitSeconds",
                table: "WebhookEndpoints",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ConsecutiveFailures",
                table: "WebhookEndpoints",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Filter",
                table: "WebhookEndpoints",
                type: "TEXT",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Ordering",
                table: "WebhookEndpoints",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "OrderingSkipAfter",
                table: "WebhookEndpoints",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ServedBy",
                table: "WebhookEndpoints",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ServedUntil",
                table: "WebhookEndpoints",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsBlocking",
                table: "WebhookDeliveries",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "OrderingKey",
                table: "WebhookDeliveries",
                type: "TEXT",
                maxLength: 128,
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "ReplayId",
                table: "WebhookDeliveries",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Schema",
                table: "EventTypeDefinitions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "SchemaMode",
                table: "EventTypeDefinitions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "OrderingKey",
                table: "Events",
                type: "TEXT",
                maxLength: 128,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SchemaWarning",
                table: "Events",
                type: "TEXT",
                maxLength: 500,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "WebhookReplays",
                columns: table => new
                {
                    Id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    OrganizationId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    EndpointId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    From = table.Column<long>(type: "INTEGER", nullable: false),
                    To = table.Column<long>(type: "INTEGER", nullable: false),
                    DeliveryStatus = table.Column<int>(type: "INTEGER", nullable: true),
                    IsMissing = table.Column<bool>(type: "INTEGER", nullable: false),
                    EventTypes = table.Column<string>(type: "TEXT", nullable: false),
                    RatePerSecond = table.Column<int>(type: "INTEGER", nullable: true),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Total = table.Column<int>(type: "INTEGER", nullable: false),
                    Queued = table.Column<int>(type: "INTEGER", nullable: false),
                    Cursor = table.Column<byte[]>(type: "BLOB", nullable: false),
                    LeaseOwner = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LeaseEnd = table.Column<long>(type: "INTEGER", nullable: true),
                    CreatedBy = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CompletedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WebhookReplays", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "WebhookStatistics",
                columns: table => new
                {
                    EndpointId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    IsSuccess = table.Column<bool>(type: "INTEGER", nullable: false),
                    LatencyStep = table.Column<int>(type: "INTEGER", nullable: false),
                    OrganizationId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WebhookStatistics", x => new { x.EndpointId, x.Since, x.IsSuccess, x.LatencyStep });
                });

            migrationBuilder.CreateIndex(
                name: "IX_WebhookDeliveries_EndpointId_EventType_Id",
                table: "WebhookDeliveries",
                columns: new[] { "EndpointId", "EventType", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_WebhookDeliveries_EndpointId_OrderingKey_Id",
                table: "WebhookDeliveries",
                columns: new[] { "EndpointId", "OrderingKey", "Id" },
                filter: "\"OrderingKey\" IS NOT NULL AND \"Status\" <> 3");

            migrationBuilder.CreateIndex(
                name: "IX_WebhookDeliveries_ReplayId_Status",
                table: "WebhookDeliveries",
                columns: new[] { "ReplayId", "Status" },
                filter: "\"ReplayId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_WebhookReplays_EndpointId_Id",
                table: "WebhookReplays",
                columns: new[] { "EndpointId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_WebhookReplays_Status",
                table: "WebhookReplays",
                column: "Status",
                filter: "\"Status\" = 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "WebhookReplays");

            migrationBuilder.DropTable(
                name: "WebhookStatistics");

            migrationBuilder.DropIndex(
                name: "IX_WebhookDeliveries_EndpointId_EventType_Id",
                table: "WebhookDeliveries");

            migrationBuilder.DropIndex(
                name: "IX_WebhookDeliveries_EndpointId_OrderingKey_Id",
                table: "WebhookDeliveries");

            migrationBuilder.DropIndex(
                name: "IX_WebhookDeliveries_ReplayId_Status",
                table: "WebhookDeliveries");

            migrationBuilder.DropColumn(
                name: "CircuitFailures",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "CircuitOpenUntil",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "CircuitSeconds",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "ConsecutiveFailures",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "Filter",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "Ordering",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "OrderingSkipAfter",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "ServedBy",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "ServedUntil",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "IsBlocking",
                table: "WebhookDeliveries");

            migrationBuilder.DropColumn(
                name: "OrderingKey",
                table: "WebhookDeliveries");

            migrationBuilder.DropColumn(
                name: "ReplayId",
                table: "WebhookDeliveries");

            migrationBuilder.DropColumn(
                name: "Schema",
                table: "EventTypeDefinitions");

            migrationBuilder.DropColumn(
                name: "SchemaMode",
                table: "EventTypeDefinitions");

            migrationBuilder.DropColumn(
                name: "OrderingKey",
                table: "Events");

            migrationBuilder.DropColumn(
                name: "SchemaWarning",
                table: "Events");
        }
    }
}
