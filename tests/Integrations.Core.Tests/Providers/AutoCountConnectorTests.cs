using Integrations.Core.Providers;
using Integrations.Core.Providers.Connectors;

namespace Integrations.Core.Tests.Providers;

public sealed class AutoCountConnectorTests
{
    private static readonly AutoCountConnector _connector = new();
    private static readonly Dictionary<string, string> _key = new(StringComparer.Ordinal) { ["keyId"] = "key-id", ["apiKey"] = "api-key" };
    private static readonly Dictionary<string, string> _book = new(StringComparer.Ordinal) { ["accountBookId"] = "10452" };

    [Theory]
    [InlineData("""{"data":[],"totalCount":0}""")]
    [InlineData("""{"Data":[{"AccNo":"300-A001"}],"TotalCount":1}""")]
    public async Task The_account_book_leads_every_path_and_names_are_read_in_any_case(string answer)
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /10452/debtor/listing", answer);
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var account = await _connector.TestAsync(harness.Session(_connector, AuthMode.ApiKey, _key, _book), CancellationToken.None);

        Assert.Equal(("10452", "Account book 10452"), (account.Id, account.Name));
        var request = Assert.Single(stub.Requests);
        Assert.Equal("/10452/debtor/listing?page=1&activeOnly=true", request.Target);
        Assert.Equal(("key-id", "api-key", null), (request["Key-ID"], request["API-Key"], request["Authorization"]));
    }

    [Fact]
    public async Task A_wrong_key_is_told_in_the_providers_words()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /10452/debtor/listing", new StubAnswer(401, """{"StatusCode":401,"Message":"Invalid API Key"}"""));
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => _connector.TestAsync(harness.Session(_connector, AuthMode.ApiKey, _key, _book), CancellationToken.None));

        Assert.Equal(ProviderFaultKind.Unauthorized, fault.Kind);
        Assert.Equal("AutoCount answered 401: Invalid API Key", fault.Message);
    }

    [Fact]
    public async Task Something_else_than_a_list_is_no_proof()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /10452/debtor/listing", """{"error":"no such book"}""");
        using var harness = new ProviderHarness(ProviderHarness.PointAt(_connector, stub.Url));

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => _connector.TestAsync(harness.Session(_connector, AuthMode.ApiKey, _key, _book), CancellationToken.None));

        Assert.Equal(ProviderFaultKind.Refused, fault.Kind);
    }
}
