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
                nullable: true);

            // No database can make the hashes; the hub does (RecordHashes), and begins with these.
            migrationBuilder.Sql("""UPDATE "Records" SET "MatchHash" = -1 WHERE "MatchKey" IS NOT NULL;""");

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

            migrationBuilder.Sql(
                """
                UPDATE "Records" SET "MatchKey" = lower(trim(convert_from("Data", 'UTF8')::json ->> CASE "Type" WHEN 'contacts' THEN 'email' WHEN 'products' THEN 'sku' ELSE 'number' END))
                WHERE "MatchHash" IS NOT NULL;
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
