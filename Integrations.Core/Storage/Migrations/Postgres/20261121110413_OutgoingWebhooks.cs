using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Integrations.Core.Storage.Migrations.Postgres
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
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "CircuitOpenUntil",
                table: "WebhookEndpoints",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "CircuitSeconds",
                table: "WebhookEndpoints",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ConsecutiveFailures",
                table: "WebhookEndpoints",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Filter",
                table: "WebhookEndpoints",
                type: "character varying(2000)",
                maxLength: 2000,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Ordering",
                table: "WebhookEndpoints",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "OrderingSkipAfter",
                table: "WebhookEndpoints",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ServedBy",
                table: "WebhookEndpoints",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ServedUntil",
                table: "WebhookEndpoints",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsBlocking",
                table: "WebhookDeliveries",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "OrderingKey",
                table: "WebhookDeliveries",
                type: "character varying(128)",
                maxLength: 128,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ReplayId",
                table: "WebhookDeliveries",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Schema",
                table: "EventTypeDefinitions",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "SchemaMode",
                table: "EventTypeDefinitions",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "OrderingKey",
                table: "Events",
                type: "character varying(128)",
                maxLength: 128,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SchemaWarning",
                table: "Events",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "WebhookReplays",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    EndpointId = table.Column<Guid>(type: "uuid", nullable: false),
                    From = table.Column<long>(type: "bigint", nullable: false),
                    To = table.Column<long>(type: "bigint", nullable: false),
                    DeliveryStatus = table.Column<int>(type: "integer", nullable: true),
                    IsMissing = table.Column<bool>(type: "boolean", nullable: false),
                    EventTypes = table.Column<string>(type: "text", nullable: false),
                    RatePerSecond = table.Column<int>(type: "integer", nullable: true),
                    Status = table.Column<int>(type: "integer", nullable: false),
                    Total = table.Column<int>(type: "integer", nullable: false),
                    Queued = table.Column<int>(type: "integer", nullable: false),
                    Cursor = table.Column<Guid>(type: "uuid", nullable: false),
                    LeaseOwner = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LeaseEnd = table.Column<long>(type: "bigint", nullable: true),
                    CreatedBy = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    CompletedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WebhookReplays", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "WebhookStatistics",
                columns: table => new
                {
                    EndpointId = table.Column<Guid>(type: "uuid", nullable: false),
                    Since = table.Column<long>(type: "bigint", nullable: false),
                    IsSuccess = table.Column<bool>(type: "boolean", nullable: false),
                    LatencyStep = table.Column<int>(type: "integer", nullable: false),
                    OrganizationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Count = table.Column<long>(type: "bigint", nullable: false)
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
