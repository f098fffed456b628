using Integrations.Core.Security;

namespace Integrations.Core.Tests.Security;

/// <summary>However an address is written, and whatever name leads to it, what counts is where a connection would go.</summary>
public sealed class AddressSpellingTests
{
    private static readonly Dictionary<string, string[][]> _names = new(StringComparer.Ordinal)
    {
        ["hub.test"] = [["8.8.8.8", "2606:4700:4700::1111"]],
        ["hub.test."] = [["8.8.8.8"]],
        ["xn--bcher-kva.test"] = [["8.8.8.8"]],
        ["localhost"] = [["127.0.0.1"]],
        ["localhost."] = [["127.0.0.1"]],
        ["inner.test"] = [["10.0.0.1"]],
        ["xn--innr-dpa.test"] = [["192.168.0.1"]],
        ["last.test"] = [["8.8.8.8", "1.1.1.1", "10.0.0.1"]],
        ["families.test"] = [["8.8.8.8", "fd00::1"]],
        ["mapped.test"] = [["::ffff:8.8.8.8"]],
        ["metadata.test"] = [["169.254.169.254"]],
        ["zone.test"] = [["fe80::1%2"]],
    };

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.0.0.1:8443/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0X7F000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://00000177.0.0.1/")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://127.0.1/")]
    [InlineData("https://127.65535/")]
    [InlineData("https://0/")]
    [InlineData("https://10.1/")]
    [InlineData("https://192.168.257/")]
    [InlineData("https://0xa9fea9fe/")]
    [InlineData("https://169.16689662/")]
    [InlineData("https://１２７.０.０.１/")]
    [InlineData("https://①②⑦.⓪.⓪.①/")]
    [InlineData("https://127。0。0。1/")]
    [InlineData("https://[::]/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[0:0:0:0:0:0:0:1]/")]
    [InlineData("https://[0000:0000:0000:0000:0000:0000:0000:0001]:8443/")]
    [InlineData("https://[::127.0.0.1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[0:0:0:0:0:ffff:7f00:1]/")]
    [InlineData("https://[::ffff:0:127.0.0.1]/")]
    [InlineData("https://[::ffff:8.8.8.8]/")]
    [InlineData("https://[64:ff9b::127.0.0.1]/")]
    [InlineData("https://[64:ff9b::8.8.8.8]/")]
    [InlineData("https://[64:ff9b:1::7f00:1]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://[2002:c0a8:1::1]/")]
    [InlineData("https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/")]
    [InlineData("https://[2001:2::1]/")]
    [InlineData("https://[2001:10::1]/")]
    [InlineData("https://[2001:20::1]/")]
    [InlineData("https://[2001:db8::1]/")]
    [InlineData("https://[3fff:fff::1]/")]
    [InlineData("https://[5f00::1]/")]
    [InlineData("https://[100::1]/")]
    [InlineData("https://[fc00::1]/")]
    [InlineData("https://[fdff:ffff::1]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fe80::1%25lo]/")]
    [InlineData("https://[fe80::1%1]/")]
    [InlineData("https://[2606:4700:4700::1111%1]/")]
    [InlineData("https://[fec0::1]/")]
    [InlineData("https://[ff02::1]/")]
    [InlineData("https://[ff0e::1]/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://0.255.255.255/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://100.127.255.255/")]
    [InlineData("https://169.254.0.1/")]
    [InlineData("https://172.31.255.255/")]
    [InlineData("https://192.0.0.8/")]
    [InlineData("https://192.0.2.7/")]
    [InlineData("https://192.88.99.1/")]
    [InlineData("https://198.19.255.255/")]
    [InlineData("https://198.51.100.7/")]
    [InlineData("https://203.0.113.7/")]
    [InlineData("https://224.0.0.1/")]
    [InlineData("https://239.255.255.255/")]
    [InlineData("https://240.0.0.1/")]
    [InlineData("https://255.255.255.255/")]
    [InlineData("https://localhost/")]
    [InlineData("https://localhost./")]
    [InlineData("https://LOCALHOST/")]
    [InlineData("https://ⓛocalhost/")]
    [InlineData("https://inner.test/")]
    [InlineData("https://INNER.test:10443/hook?x=1")]
    [InlineData("https://innér.test/")]
    [InlineData("https://last.test/")]
    [InlineData("https://families.test/")]
    [InlineData("https://mapped.test/")]
    [InlineData("https://metadata.test/latest/meta-data")]
    [InlineData("https://zone.test/")]
    public async Task What_leads_inside_is_refused_whatever_its_spelling(string url) => Assert.Contains("is not a public address", await CheckAsync(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://8.8.8.8:8443/hook")]
    [InlineData("https://0250.1.1.1/")]
    [InlineData("https://134744072/")]
    [InlineData("https://8.8.8.8/?@127.0.0.1/")]
    [InlineData("https://100.63.255.255/")]
    [InlineData("https://100.128.0.0/")]
    [InlineData("https://172.15.255.255/")]
    [InlineData("https://172.32.0.0/")]
    [InlineData("https://192.167.255.255/")]
    [InlineData("https://198.20.0.0/")]
    [InlineData("https://223.255.255.255/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    [InlineData("https://[2606:4700:4700:0:0:0:0:1111]:8443/")]
    [InlineData("https://[2001:200::1]/")]
    [InlineData("https://[2003::1]/")]
    [InlineData("https://hub.test/")]
    [InlineData("https://hub.test./")]
    [InlineData("HTTPS://HUB.TEST:443/")]
    [InlineData("https://bücher.test/")]
    [InlineData("https://xn--bcher-kva.test/")]
    public async Task What_leads_to_the_public_internet_may_be_saved(string url) => Assert.Null(await CheckAsync(url));

    [Theory]
    [InlineData("https://127.0.0.1./", "neither a name nor an address")]
    [InlineData("https://256.1.1.1/", "neither a name nor an address")]
    [InlineData("https://4294967296/", "neither a name nor an address")]
    [InlineData("https://1.2.3.4.5/", "neither a name nor an address")]
    [InlineData("https://08.8.8.8/", "neither a name nor an address")]
    [InlineData("https://hub.0x7f/", "neither a name nor an address")]
    [InlineData("https://127.0.0.1:443@8.8.8.8/", "user name")]
    [InlineData("https://8.8.8.8:443@127.0.0.1/", "user name")]
    [InlineData("https://127.0.0.1%2f@hub.test/", "user name")]
    [InlineData("https://hub.test/#@127.0.0.1", "#")]
    [InlineData("https://hub.test:0/", "Port 0")]
    [InlineData("https://hub.test:65536/", "https://")]
    [InlineData("https://8.8.8.8\\@127.0.0.1/", "https://")]
    [InlineData("https://%31%32%37.0.0.1/", "https://")]
    [InlineData("https://10.0.0.1../", "https://")]
    [InlineData("https:127.0.0.1/", "https://")]
    [InlineData("//127.0.0.1/", "https://")]
    [InlineData("gopher://127.0.0.1/", "https://")]
    public async Task What_can_be_read_in_two_ways_is_refused(string url, string word) => Assert.Contains(word, await CheckAsync(url), StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_led_outside_when_it_was_saved_is_refused_when_it_leads_inside()
    {
        var guard = GuardWithNames.Create(new Dictionary<string, string[][]> { ["turning.test"] = [["8.8.8.8"], ["8.8.8.8", "127.0.0.1"]] });

        Assert.Null(await guard.CheckUrlAsync("https://turning.test/", CancellationToken.None));
        var refused = await Assert.ThrowsAsync<AddressRefusedException>(() => guard.VetAsync(new Uri("https://turning.test/"), CancellationToken.None));

        Assert.Contains("turning.test leads to 127.0.0.1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_connection_gets_the_vetted_addresses_and_no_name()
    {
        var addresses = await GuardWithNames.Create(_names).VetAsync(new Uri("https://hub.test/"), CancellationToken.None);

        Assert.Equal(["8.8.8.8", "2606:4700:4700::1111"], addresses.Select(address => address.ToString()));
    }

    private static Task<string?> CheckAsync(string url) => GuardWithNames.Create(_names).CheckUrlAsync(url, CancellationToken.None);
}
