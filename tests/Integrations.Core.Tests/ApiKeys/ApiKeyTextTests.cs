using System.Text;
using Integrations.Core.ApiKeys;

namespace Integrations.Core.Tests.ApiKeys;

public sealed class ApiKeyTextTests
{
    [Fact]
    public void A_new_key_has_the_documented_form()
    {
        var key = ApiKeyText.New();

        Assert.Matches("^sk_[A-Za-z0-9]{49}$", key);
        Assert.True(ApiKeyText.IsWellFormed(key));
        Assert.NotEqual(key, ApiKeyText.New());
    }

    // The check value of CRC-32/ISO-HDLC.
    [Fact]
    public void The_checksum_is_CRC_32() => Assert.Equal(0xCBF43926u, ApiKeyText.Crc32(Encoding.ASCII.GetBytes("123456789")));

    [Theory]
    [InlineData("sk_short")]
    [InlineData("pk_0123456789abcdefghijABCDEFGHIJ0123456789")]
    [InlineData("sk_0123456789abcdefghijABCDEFGHIJ01234567-9")]
    [InlineData("")]
    public void What_cannot_be_a_key_is_not_looked_up(string text) => Assert.False(ApiKeyText.IsWellFormed(text));
}
