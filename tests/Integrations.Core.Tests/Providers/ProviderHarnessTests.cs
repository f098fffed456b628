using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Providers;

public sealed class ProviderHarnessTests
{
    [Fact]
    public async Task A_connector_speaks_with_a_stub_over_a_real_socket()
    {
        await using var stub = await ProviderStub.StartAsync();
        stub.Answer("GET /v1/balance", new StubAnswer(503), """{"livemode":false}""");
        var connector = ConnectorCatalog.FromAssembly().Find("stripe")!;
        using var harness = new ProviderHarness(ProviderHarness.PointAt(connector, stub.Url));

        var account = await connector.TestAsync(harness.Session(connector, "sk_test_0123456789"), CancellationToken.None);

        Assert.Equal("Stripe account (test mode)", account.Name);
        Assert.All(stub.Requests, request => Assert.Equal("Bearer sk_test_0123456789", request["Authorization"]));
        Assert.Equal([true, false], harness.Calls.Select(call => call.IsError));
    }

    [Fact]
    public async Task A_token_never_goes_to_an_address_that_a_connection_only_claims()
    {
        await using var stub = await ProviderStub.StartAsync();
        var connector = ConnectorCatalog.FromAssembly().Find("stripe")!;
        using var harness = new ProviderHarness();

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => harness.Session(connector, "sk_test_0123456789").GetAsync($"{stub.Url}/v1/balance", CancellationToken.None));

        Assert.Equal(ProviderFaultKind.Refused, fault.Kind);
        Assert.Empty(stub.Requests);
    }
}
