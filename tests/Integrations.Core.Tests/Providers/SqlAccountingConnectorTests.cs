using Integrations.Core.Providers;
using Integrations.Core.Providers.Connectors;
using Integrations.Testing;

namespace Integrations.Core.Tests.Providers;

public sealed class SqlAccountingConnectorTests
{
    private static readonly SqlAccountingConnector _connector = new();
    private static readonly Dictionary<string, string> _key = new(StringComparer.Ordinal)
    {
        ["accessKey"] = "AKIDEXAMPLE",
        ["secretKey"] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    };

    [Theory]
    [InlineData("GET", "https://example.amazonaws.com/?Param2=value2&Param1=value1", null, "host;x-amz-date, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("POST", "https://example.amazonaws.com/", "Param1=value1", "content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    public async Task A_request_is_signed_with_the_region_and_service_of_the_settings_at_the_time_of_the_clock(string method, string url, string? form, string expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (form is not null)
        {
            request.Content = new FormUrlEncodedContent([new(form.Split('=')[0], form.Split('=')[1])]);
        }

        await _connector.AuthorizeAsync(
            request,
            Session(new FakeClock(new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero)), new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "us-east-1", ["service"] = "service" }),
            CancellationToken.None);

        Assert.Equal($"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={expected}", request.Headers.GetValues("Authorization").Single());
        Assert.Equal("20150830T123600Z", request.Headers.GetValues("X-Amz-Date").Single());
    }

    [Fact]
    public async Task Without_settings_it_signs_as_newer_clients_do()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.sql.my/customer");

        await _connector.AuthorizeAsync(request, Session(new FakeClock(), []), CancellationToken.None);

        Assert.Contains("/20260105/ap-southeast-5/sqlaccount/aws4_request", request.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_signed_is_what_arrives()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /healthcheck", "{}").Answer("GET /profile", new StubAnswer(403));
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var account = await _connector.TestAsync(harness.Session(_connector, AuthMode.ApiKey, _key), CancellationToken.None);

        Assert.Equal(("", "SQL Accounting company"), (account.Id, account.Name));
        var request = stub.Requests[0];
        var signed = new AwsSignature(_key["accessKey"], _key["secretKey"], "ap-southeast-5", "sqlaccount").Authorize(
            "GET", "/healthcheck", "", new Dictionary<string, string>(StringComparer.Ordinal) { ["host"] = request["Host"]!, ["x-amz-date"] = request["X-Amz-Date"]! }, []);
        Assert.Equal(signed, request["Authorization"]);
    }

    [Fact]
    public async Task The_company_is_the_account()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /healthcheck", "{}").Answer("GET /profile", """{"data":[{"companyname":"Kedai Runcit Sdn Bhd"}]}""");
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var account = await _connector.TestAsync(harness.Session(_connector, AuthMode.ApiKey, _key), CancellationToken.None);

        Assert.Equal(("Kedai Runcit Sdn Bhd", "Kedai Runcit Sdn Bhd"), (account.Id, account.Name));
    }

    [Theory]
    [InlineData("The request signature we calculated does not match the signature you provided.", ProviderFaultKind.Unauthorized)]
    [InlineData("The security token included in the request is invalid.", ProviderFaultKind.Unauthorized)]
    [InlineData("Credential should be scoped to a valid region.", ProviderFaultKind.Unauthorized)]
    [InlineData("You have no access right to this function.", ProviderFaultKind.Forbidden)]
    public void A_403_tells_by_its_words_whether_the_key_is_wrong(string message, ProviderFaultKind kind) =>
        Assert.Equal(kind, _connector.ReadFault(Answers.Of(403, $$"""{"message":"{{message}}"}"""))?.Kind);

    private static ProviderSession Session(TimeProvider time, Dictionary<string, string> settings)
    {
        using var harness = new ProviderHarness();
        return new ProviderSession(
            _connector, harness.UrlsOf(_connector), AuthMode.ApiKey, new ProviderCredential(_key), (_, _, _) => throw new InvalidOperationException("Nothing is sent here."))
        {
            Settings = settings,
            Time = time,
        };
    }
}
