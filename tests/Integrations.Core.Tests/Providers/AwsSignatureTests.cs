using System.Text;
using Integrations.Core.Providers.Connectors;

namespace Integrations.Core.Tests.Providers;

/// <summary>Held against AWS's own test suite of Signature Version 4 (aws-sig-v4-test-suite).</summary>
public sealed class AwsSignatureTests
{
    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly AwsSignature _signature = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service");

    [Theory]
    [InlineData("get-vanilla", "GET", "/", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("post-vanilla", "POST", "/", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("get-vanilla-query-order-value", "GET", "/", "Param1=value2&Param1=value1", "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694")]
    [InlineData("get-vanilla-query-unreserved", "GET", "/", $"{Unreserved}={Unreserved}", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197")]
    [InlineData("get-vanilla-utf8-query", "GET", "/", "ሴ=bar", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04")]
    [InlineData("get-unreserved", "GET", $"/{Unreserved}", "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f")]
    [InlineData("get-utf8", "GET", "/ሴ", "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")]
    [InlineData("get-space", "GET", "/example space/", "", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741")]
    public void It_signs_as_the_suite_does(string name, string method, string path, string query, string expected)
    {
        var header = _signature.Authorize(method, path, query, Headers(), []);

        Assert.True(
            header == $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={expected}", $"{name}: {header}");
    }

    [Fact]
    public void It_signs_a_body_and_its_type()
    {
        var header = _signature.Authorize(
            "POST", "/", "", new Dictionary<string, string>(Headers(), StringComparer.Ordinal) { ["content-type"] = "application/x-www-form-urlencoded" }, "Param1=value1"u8);

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, "
            + "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", header);
    }

    [Fact]
    public void It_trims_headers_and_the_spaces_in_them()
    {
        var header = _signature.Authorize(
            "GET", "/", "", new Dictionary<string, string>(Headers(), StringComparer.Ordinal) { ["My-Header1"] = " value1", ["My-Header2"] = " \"a   b   c\"" }, []);

        Assert.EndsWith("SignedHeaders=host;my-header1;my-header2;x-amz-date, Signature=acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736", header, StringComparison.Ordinal);
    }

    [Fact]
    public void The_canonical_request_is_the_suites_own()
    {
        var (request, signed) = AwsSignature.Canonical("GET", "/", "Param2=value2&Param1=value1", Headers(), []);

        Assert.Equal(
            "GET\n/\nParam1=value1&Param2=value2\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
            + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", request);
        Assert.Equal("host;x-amz-date", signed);
    }

    [Theory]
    [InlineData("a=%20b&c", "a=%20b&c=")]
    [InlineData("code=300-A%2F001", "code=300-A%2F001")]
    [InlineData("a-b=1&a=2&A=3", "A=3&a=2&a-b=1")]
    [InlineData("", "")]
    public void A_query_is_signed_decoded_encoded_and_sorted_by_bytes(string sent, string signed) =>
        Assert.Equal(signed, AwsSignature.Canonical("GET", "/", sent, Headers(), []).Request.Split('\n')[2]);

    [Theory]
    [InlineData("", "/")]
    [InlineData("/customer/300-A0001", "/customer/300-A0001")]
    [InlineData("/customer/300%20A", "/customer/300%2520A")]
    [InlineData("/salesinvoice/*", "/salesinvoice/%2A")]
    public void A_path_that_was_encoded_for_sending_is_encoded_once_more_for_signing(string sent, string signed) =>
        Assert.Equal(signed, AwsSignature.Canonical("GET", sent, "", Headers(), []).Request.Split('\n')[1]);

    [Fact]
    public void Its_time_is_in_utc()
    {
        Assert.Equal("20150830T123600Z", AwsSignature.DateOf(new DateTimeOffset(2015, 8, 30, 20, 36, 0, TimeSpan.FromHours(8))));
        Assert.NotEqual(
            _signature.Authorize("POST", "/", "", Headers(), Encoding.UTF8.GetBytes("{}")), _signature.Authorize("POST", "/", "", Headers(), Encoding.UTF8.GetBytes("{} ")));
    }

    private static Dictionary<string, string> Headers() => new(StringComparer.Ordinal) { ["host"] = "example.amazonaws.com", ["x-amz-date"] = "20150830T123600Z" };
}
