using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Integrations.Core.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ReplayTargets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Target",
                table: "WebhookReplays",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            // The numbers of the statuses stay what they were.
            migrationBuilder.Sql("""UPDATE "WebhookReplays" SET "Target" = CASE WHEN "IsMissing" THEN 1 ELSE COALESCE("DeliveryStatus", 0) END;""");

            migrationBuilder.DropColumn(
                name: "DeliveryStatus",
                table: "WebhookReplays");

            migrationBuilder.DropColumn(
                name: "IsMissing",
                table: "WebhookReplays");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "DeliveryStatus",
                table: "WebhookReplays",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsMissing",
                table: "WebhookReplays",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            // What was kept is discarded again.
            migrationBuilder.Sql("""UPDATE "WebhookReplays" SET "IsMissing" = ("Target" = 1), "DeliveryStatus" = CASE WHEN "Target" = 2 THEN 5 WHEN "Target" > 2 THEN "Target" END;""");

            migrationBuilder.DropColumn(
                name: "Target",
                table: "WebhookReplays");
        }
    }
}
