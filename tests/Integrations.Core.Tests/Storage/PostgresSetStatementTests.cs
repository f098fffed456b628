using Integrations.Core.Storage;

namespace Integrations.Core.Tests.Storage;

public sealed class PostgresSetStatementTests
{
    [Fact]
    public void An_insert_selects_its_rows_from_arrays() => Assert.Equal(
        """INSERT INTO "Events" ("Id", "Cut") SELECT rows.c1, rows.c2 = 1 FROM unnest($1, $2) AS rows(c1, c2)""",
        PostgresSetStatement.For("""INSERT INTO "Events" ("Id", "Cut") VALUES ($1, $2 = 1)""")!.ToText(2));

    [Fact]
    public void An_update_joins_its_rows() => Assert.Equal(
        """UPDATE "T" SET "A" = CASE WHEN rows.c1 = 1 THEN rows.c2 ELSE "A" END, "B" = NULL FROM unnest($1, $2, $3, $4) AS rows(c1, c2, c3, c4) WHERE "Id" = rows.c3 AND "B" = rows.c4""",
        PostgresSetStatement.For("""UPDATE "T" SET "A" = CASE WHEN $1 = 1 THEN $2 ELSE "A" END, "B" = NULL WHERE "Id" = $3 AND "B" = $4""")!.ToText(4));

    [Fact]
    public void A_function_is_called_for_each_row() => Assert.Equal(
        "SELECT pg_notify(rows.c1, rows.c2) FROM unnest($1, $2) AS rows(c1, c2)", PostgresSetStatement.For("SELECT pg_notify($1, $2)")!.ToText(2));

    [Theory]
    [InlineData("""UPDATE "T" SET "A" = $1 WHERE "Id" = $2 AND "B" = $3""", 2, 3)]
    [InlineData("""INSERT INTO "T" ("A", "B", "N") VALUES ($1, $2, $3) ON CONFLICT ("B", "A") DO UPDATE SET "N" = "T"."N" + excluded."N" """, 2, 1)]
    public void The_key_is_what_names_the_row(string sql, params int[] keys) => Assert.Equal(keys, PostgresSetStatement.For(sql)!.Keys);

    [Theory]
    [InlineData("""UPDATE "T" SET "A" = $1 WHERE "Id" > $2""")]
    [InlineData("""UPDATE "T" SET "A" = $1 WHERE "Id" = $2 OR "B" = $1""")]
    [InlineData("""UPDATE "T" SET "A" = $1""")]
    [InlineData("""UPDATE "T" SET "Id" = $1 WHERE "Id" = $2""")]
    [InlineData("""UPDATE "T" SET "A" = (SELECT max("A") FROM "T") WHERE "Id" = $1""")]
    [InlineData("""UPDATE "T" SET "A" = 'it (is' WHERE "Id" = $1""")]
    [InlineData("""INSERT INTO "T" ("A") SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM "T")""")]
    [InlineData("""INSERT INTO "T" ("A") VALUES ($1) RETURNING "Id" """)]
    [InlineData("""INSERT INTO "T" ("A", "N") VALUES ($1, $2) ON CONFLICT ("A") DO UPDATE SET "N" = $2""")]
    [InlineData("""INSERT INTO "T" ("A", "N") VALUES (lower($1), $2) ON CONFLICT ("A") DO UPDATE SET "N" = excluded."N" """)]
    [InlineData("""DELETE FROM "T" WHERE "Id" = $1""")]
    public void What_might_not_do_the_same_runs_row_by_row(string sql) => Assert.Null(PostgresSetStatement.For(sql));

    // They carry every delivery; a change of their form must not slow them down unseen.
    [Fact]
    public void The_hot_statements_take_many_rows()
    {
        var hot = new[] { typeof(Core.Events.EventPublisher), typeof(Core.Webhooks.WebhookFanOut), typeof(Core.Webhooks.Delivery.OutcomeStore) }
            .SelectMany(type => type.GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static))
            .Where(field => field is { IsLiteral: true, Name: "InsertSql" or "AttemptSql" or "AttemptAgainSql" or "OutcomeSql" })
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToList();

        Assert.Equal(5, hot.Count);
        Assert.All(hot, sql => Assert.NotNull(PostgresSetStatement.For(sql)));
    }
}
