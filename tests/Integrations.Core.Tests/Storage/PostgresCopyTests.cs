using Integrations.Core.Storage;

namespace Integrations.Core.Tests.Storage;

public sealed class PostgresCopyTests
{
    [Fact]
    public void An_insert_of_its_parameters_is_copied() => Assert.NotNull(PostgresCopy.For(
        """
        INSERT INTO "Records" ("Id", "Name")
        VALUES ($1, $2)
        """));

    [Theory]
    [InlineData("""INSERT INTO "T" ("A", "B") VALUES ($2, $1)""")]
    [InlineData("""INSERT INTO "T" ("A", "B") VALUES ($1, $2 = 1)""")]
    [InlineData("""INSERT INTO "T" ("A", "B") VALUES ($1, 0)""")]
    [InlineData("""INSERT INTO "T" ("A", "B") VALUES ($1, lower($2))""")]
    [InlineData("""INSERT INTO "T" ("A") VALUES ($1) ON CONFLICT DO NOTHING""")]
    [InlineData("""INSERT INTO "T" ("A") VALUES ($1) RETURNING "Id" """)]
    [InlineData("""UPDATE "T" SET "A" = $1 WHERE "Id" = $2""")]
    public void What_says_more_is_not(string sql) => Assert.Null(PostgresCopy.For(sql));

    [Fact]
    public void A_new_record_and_its_link_are_copied()
    {
        var inserts = new[] { typeof(Core.Records.RecordStore), typeof(Core.Sync.LinkStore) }
            .Select(type => (string)type.GetField("InsertSql", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.GetRawConstantValue()!);

        Assert.All(inserts, sql => Assert.NotNull(PostgresCopy.For(sql)));
    }
}
