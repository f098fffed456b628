using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Integrations.Core.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class MatchHashes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Records_OrganizationId_Type_MatchKey",
                table: "Records");

            migrationBuilder.AddColumn<long>(
                name: "MatchHash",
                table: "Records",
                type: "bigint",
                nullable: true,
                defaultValue: -1L);

            // No database can make the hashes; the hub does (RecordHashes), and begins with these. As the column's default, which all rows have without being written again.
            migrationBuilder.Sql("""ALTER TABLE "Records" ALTER COLUMN "MatchHash" DROP DEFAULT;""");

            migrationBuilder.DropColumn(
                name: "MatchKey",
                table: "Records");

            migrationBuilder.CreateIndex(
                name: "IX_Records_MatchHash",
                table: "Records",
                column: "MatchHash",
                filter: "\"MatchHash\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "MatchKey",
                table: "Records",
                type: "character varying(320)",
                maxLength: 320,
                nullable: true);

            // JSON may hold a character that no text of PostgreSQL can; such a record has no key then.
            migrationBuilder.Sql(
                """
                UPDATE "Records" SET "MatchKey" = lower(trim(convert_from("Data", 'UTF8')::json ->> CASE "Type" WHEN 'contacts' THEN 'email' WHEN 'products' THEN 'sku' ELSE 'number' END))
                WHERE "MatchHash" IS NOT NULL AND position('\u0000' IN convert_from("Data", 'UTF8')) = 0;
                """);

            migrationBuilder.DropIndex(
                name: "IX_Records_MatchHash",
                table: "Records");

            migrationBuilder.DropColumn(
                name: "MatchHash",
                table: "Records");

            migrationBuilder.CreateIndex(
                name: "IX_Records_OrganizationId_Type_MatchKey",
                table: "Records",
                columns: new[] { "OrganizationId", "Type", "MatchKey" },
                filter: "\"MatchKey\" IS NOT NULL");
        }
    }
}
