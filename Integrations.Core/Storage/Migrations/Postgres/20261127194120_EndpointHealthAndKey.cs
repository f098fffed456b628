using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Integrations.Core.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class EndpointHealthAndKey : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "HasToldOfFailure",
                table: "WebhookEndpoints",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "PublicKey",
                table: "WebhookEndpoints",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsTest",
                table: "Events",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.Sql("""UPDATE "WebhookEndpoints" SET "HasToldOfFailure" = TRUE WHERE "ConsecutiveFailures" >= 5 OR "DisabledReason" IS NOT NULL;""");
            migrationBuilder.Sql("""UPDATE "Events" SET "IsTest" = TRUE WHERE "Type" = 'webhook.endpoint.test';""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "HasToldOfFailure",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "PublicKey",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "IsTest",
                table: "Events");
        }
    }
}
