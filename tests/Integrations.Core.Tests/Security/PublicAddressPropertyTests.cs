using System.Net;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Integrations.Core.Security;

namespace Integrations.Core.Tests.Security;

/// <summary>Random addresses, most of them at the edges of a network, against a table of first and last addresses that was written apart from the guard's.</summary>
public sealed class PublicAddressPropertyTests
{
    private static readonly (string First, string Last)[] _notPublicV4 =
    [
        ("0.0.0.0", "0.255.255.255"),
        ("10.0.0.0", "10.255.255.255"),
        ("100.64.0.0", "100.127.255.255"),
        ("127.0.0.0", "127.255.255.255"),
        ("169.254.0.0", "169.254.255.255"),
        ("172.16.0.0", "172.31.255.255"),
        ("192.0.0.0", "192.0.0.255"),
        ("192.0.2.0", "192.0.2.255"),
        ("192.31.196.0", "192.31.196.255"),
        ("192.52.193.0", "192.52.193.255"),
        ("192.88.99.0", "192.88.99.255"),
        ("192.168.0.0", "192.168.255.255"),
        ("192.175.48.0", "192.175.48.255"),
        ("198.18.0.0", "198.19.255.255"),
        ("198.51.100.0", "198.51.100.255"),
        ("203.0.113.0", "203.0.113.255"),
        ("224.0.0.0", "255.255.255.255"),
    ];

    private static readonly (string First, string Last)[] _notPublicV6 =
    [
        ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ];

    [Fact]
    public void IPv4_agrees_with_the_table() => Check(_notPublicV4, 4);

    [Fact]
    public void IPv6_agrees_with_the_table() => Check(_notPublicV6, 16);

    private static void Check((string First, string Last)[] table, int size)
    {
        var ranges = Array.ConvertAll(table, range => (First: Number(range.First), Last: Number(range.Last)));
        var count = BigInteger.One << (size * 8);
        var anywhere = ArbMap.Default.GeneratorFor<ulong>().Two().Select(parts => (((BigInteger)parts.Item1 << 64) + parts.Item2) % count);
        // First and last of a range, their neighbours, and something in the middle.
        var edges = Gen.Elements(ranges).SelectMany(range =>
            Gen.Elements(range.First - 1, range.First, range.First + 1, range.Last - 1, range.Last, range.Last + 1, (range.First + range.Last) / 2));
        var addresses = Gen.OneOf(anywhere, edges.Where(number => number >= 0 && number < count));

        Prop.ForAll(addresses.ToArbitrary(), number =>
        {
            var expected = !Array.Exists(ranges, range => number >= range.First && number <= range.Last);
            var address = new IPAddress(Bytes(number, size));
            return (PublicAddresses.Contains(address) == expected).Label($"{address} should {(expected ? "" : "not ")}be public");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    private static BigInteger Number(string address) => new(IPAddress.Parse(address).GetAddressBytes(), isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger number, int size)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[size - bytes.Length], .. bytes];
    }
}
