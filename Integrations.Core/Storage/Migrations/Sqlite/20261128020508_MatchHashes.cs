using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Integrations.Core.Storage.Migrations.Sqlite
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
                type: "INTEGER",
                nullable: true);

            // No database can make the hashes; the hub does (RecordHashes), and begins with these.
            migrationBuilder.Sql("""UPDATE "Records" SET "MatchHash" = -1 WHERE "MatchKey" IS NOT NULL;""");

            // In one transaction with the rest, which rebuilding the table would not be.
            migrationBuilder.Sql("""ALTER TABLE "Records" DROP COLUMN "MatchKey";""");

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
                type: "TEXT",
                maxLength: 320,
                nullable: true);

            migrationBuilder.Sql(
                """
                UPDATE "Records" SET "MatchKey" = lower(trim(json_extract(CAST("Data" AS TEXT), CASE "Type" WHEN 'contacts' THEN '$.email' WHEN 'products' THEN '$.sku' ELSE '$.number' END)))
                WHERE "MatchHash" IS NOT NULL;
                """);

            migrationBuilder.DropIndex(
                name: "IX_Records_MatchHash",
                table: "Records");

            // In one transaction with the rest, which rebuilding the table would not be.
            migrationBuilder.Sql("""ALTER TABLE "Records" DROP COLUMN "MatchHash";""");

            migrationBuilder.CreateIndex(
                name: "IX_Records_OrganizationId_Type_MatchKey",
                table: "Records",
                columns: new[] { "OrganizationId", "Type", "MatchKey" },
                filter: "\"MatchKey\" IS NOT NULL");
        }
    }
}
