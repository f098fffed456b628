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
                name: "IsToldFailing",
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

            migrationBuilder.Sql("""UPDATE "WebhookEndpoints" SET "IsToldFailing" = TRUE WHERE "ConsecutiveFailures" >= 5 OR "DisabledReason" IS NOT NULL""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "IsToldFailing",
                table: "WebhookEndpoints");

            migrationBuilder.DropColumn(
                name: "PublicKey",
                table: "WebhookEndpoints");
        }
    }
}
