using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Integrations.Core.Storage.Migrations.Sqlite
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
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            // The numbers of the statuses stay what they were.
            migrationBuilder.Sql("""UPDATE "WebhookReplays" SET "Target" = CASE WHEN "IsMissing" THEN 1 ELSE COALESCE("DeliveryStatus", 0) END;""");

            // In one transaction with the rest, which rebuilding the table would not be.
            migrationBuilder.Sql("""ALTER TABLE "WebhookReplays" DROP COLUMN "DeliveryStatus";""");

            migrationBuilder.Sql("""ALTER TABLE "WebhookReplays" DROP COLUMN "IsMissing";""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "DeliveryStatus",
                table: "WebhookReplays",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsMissing",
                table: "WebhookReplays",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            // What was kept is discarded again.
            migrationBuilder.Sql("""UPDATE "WebhookReplays" SET "IsMissing" = ("Target" = 1), "DeliveryStatus" = CASE WHEN "Target" = 2 THEN 5 WHEN "Target" > 2 THEN "Target" END;""");

            // In one transaction with the rest, which rebuilding the table would not be.
            migrationBuilder.Sql("""ALTER TABLE "WebhookReplays" DROP COLUMN "Target";""");
        }
    }
}
