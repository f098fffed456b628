using FsCheck;
using FsCheck.Fluent;
using Integrations.Core.Storage;

namespace Integrations.Core.Tests.Storage;

public sealed class IdTests
{
    [Fact]
    public void A_public_id_comes_back_as_the_id_it_was_made_from() =>
        Prop.ForAll<Guid>(id => PublicId.TryParse("we", PublicId.Format("we", id), out var parsed) && parsed == id).QuickCheckThrowOnFailure();

    [Fact]
    public void Public_ids_sort_as_the_ids_do()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => Guid.NewGuid()).OrderBy(id => Convert.ToHexString(id.ToByteArray(bigEndian: true)), StringComparer.Ordinal).ToList();

        Assert.Equal(ids.Select(id => PublicId.Format("evt", id)), ids.Select(id => PublicId.Format("evt", id)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("we_")]
    [InlineData("evt_01jd0000000000000000000000")]
    [InlineData("we_81jd0000000000000000000000")]
    [InlineData("we_01jd000000000000000000000u")]
    [InlineData("we_01JD0000000000000000000000")]
    [InlineData("we_01jd00000000000000000000000")]
    [InlineData(null)]
    public void What_is_no_id_of_the_kind_is_refused(string? text) => Assert.False(PublicId.TryParse("we", text, out _));

    [Fact]
    public void An_id_tells_its_time()
    {
        var now = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

        var id = TimeOrderedId.New(now);

        Assert.Equal(7, id.Version);
        Assert.InRange(id, TimeOrderedId.LowestAt(now), TimeOrderedId.LowestAt(now.AddMinutes(2)));
    }
}
