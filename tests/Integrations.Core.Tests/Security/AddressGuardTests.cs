using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Integrations.Core.Security;

namespace Integrations.Core.Tests.Security;

public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("1.1.1.1", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.128.0.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("2a00:1450:4001:81b::200e", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.0.1", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.88.99.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("198.51.100.1", false)]
    [InlineData("203.0.113.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("240.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b:1::1", false)]
    [InlineData("100::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("3fff::1", false)]
    [InlineData("5f00::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fe80::1%1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    public void Only_addresses_of_the_public_internet_are_public(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("ftp://example.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData(null)]
    public async Task What_is_no_http_URL_is_refused(string? url) => Assert.Contains("https://", await Guard().CheckUrlAsync(url, CancellationToken.None), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://user:password@hub.test/", "user name")]
    [InlineData("https://hub.test/#part", "#")]
    [InlineData("http://hub.test/", "https")]
    public async Task URLs_that_would_leak_or_are_plain_are_refused(string url, string word) =>
        Assert.Contains(word, await Guard(("hub.test", ["8.8.8.8"])).CheckUrlAsync(url, CancellationToken.None), StringComparison.Ordinal);

    [Fact]
    public async Task One_inner_address_among_public_ones_refuses_the_name() => Assert.Contains(
        "10.0.0.1", await Guard(("mixed.test", ["8.8.8.8", "10.0.0.1"])).CheckUrlAsync("https://mixed.test/", CancellationToken.None), StringComparison.Ordinal);

    [Fact]
    public async Task Allowed_networks_may_be_called_also_over_plain_http()
    {
        var guard = GuardWithNames.Create(new Dictionary<string, string[][]> { ["inside.test"] = [["10.1.2.3"]] }, "10.0.0.0/8", "::1");

        Assert.Null(await guard.CheckUrlAsync("http://inside.test:8080/hook", CancellationToken.None));
        Assert.Null(await guard.CheckUrlAsync("http://[::1]/", CancellationToken.None));
        Assert.Null(await guard.CheckUrlAsync("http://[::ffff:10.0.0.9]/", CancellationToken.None));
        Assert.NotNull(await guard.CheckUrlAsync("http://192.168.0.1/", CancellationToken.None));
    }

    [Fact]
    public async Task A_host_that_does_not_exist_yet_may_be_saved_over_https()
    {
        Assert.Null(await Guard().CheckUrlAsync("https://later.test/", CancellationToken.None));
        Assert.NotNull(await Guard().CheckUrlAsync("http://later.test/", CancellationToken.None));
    }

    [Fact]
    public void No_address_that_carries_another_inside_is_public() => Prop.ForAll<uint>(inner =>
    {
        var v4 = new IPAddress(BitConverter.GetBytes(inner));
        var bytes = v4.GetAddressBytes();
        IPAddress[] forms =
        [
            v4.MapToIPv6(),
            IPAddress.Parse($"64:ff9b::{bytes[0]:x2}{bytes[1]:x2}:{bytes[2]:x2}{bytes[3]:x2}"),
            IPAddress.Parse($"2002:{bytes[0]:x2}{bytes[1]:x2}:{bytes[2]:x2}{bytes[3]:x2}::1"),
        ];
        return Array.TrueForAll(forms, form => !PublicAddresses.Contains(form));
    }).QuickCheckThrowOnFailure();

    private static AddressGuard Guard(params (string Name, string[] Addresses)[] names) => GuardWithNames.Create(names.ToDictionary(name => name.Name, name => new[] { name.Addresses }));
}
