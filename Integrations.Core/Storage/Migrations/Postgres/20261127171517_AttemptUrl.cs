using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Integrations.Core.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AttemptUrl : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Url",
                table: "WebhookAttempts",
                type: "character varying(2000)",
                maxLength: 2000,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Url",
                table: "WebhookAttempts");
        }
    }
}
