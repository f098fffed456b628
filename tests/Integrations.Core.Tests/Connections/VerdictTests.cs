using System.Text.Json;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Core.Tests.Connections;

/// <summary>What becomes of a connection whose provider refuses, stumbles or is silent, and that each change is told by an event and the audit log.</summary>
public sealed class VerdictTests
{
    public static TheoryData<DatabaseProvider> Databases => TestHub.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_ended_consent_needs_a_person_and_is_not_tried_again(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        world.Provider.RefusesRefresh = true;
        await world.UpkeepWhenDueAsync(id);

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.NeedsAuthorization, null, world.Now), (row.Status, row.CheckAt, row.StatusSince));
        Assert.Contains("The Lab answered 400", row.StatusReason, StringComparison.Ordinal);
        Assert.NotNull(row.Credential);
        Assert.Equal(["connection.created", "connection.needs_authorization"], await world.EventsAsync());
        Assert.Equal("connection.needs_authorization", (await world.AuditAsync())[^1]);

        world.Provider.ClearRecords();
        world.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(0, await world.UpkeepAsync());
        Assert.Equal(ProviderFaultKind.GrantEnded, (await world.FailingCallAsync(id)).Kind);
        Assert.Equal(ProviderFaultKind.GrantEnded, (await world.FailingCallAsync(id)).Kind);
        Assert.Empty(world.Provider.Calls);

        world.Provider.RefusesRefresh = false;
        Assert.Equal(id, await world.ConnectAsync());
        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(id)).Status);
        Assert.Equal("connection.recovered", (await world.EventsAsync())[^1]);
        Assert.Equal("connection.reconnected", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task The_event_says_which_connection_how_it_stands_and_why()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        world.Provider.RefusesRefresh = true;
        await world.UpkeepWhenDueAsync(id);

        await using var db = world.Hub.Open();
        var data = JsonElement.Parse((await db.Events.OrderByDescending(row => row.Id).FirstAsync()).Data);

        Assert.Equal(
            (PublicId.Format(PublicId.Connection, id), "lab", "needs_authorization", (await world.RowAsync(id)).StatusReason),
            (data.GetProperty("connectionId").GetString(), data.GetProperty("provider").GetString(), data.GetProperty("status").GetString(), data.GetProperty("reason").GetString()));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_ended_consent_is_no_verdict_when_somebody_else_renewed_it_meanwhile(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        var newer = (await world.CredentialAsync(id)).With("note", "rotated by another node");
        world.Lab.BeforeRefresh = () => world.ChangeAsync(id, row => row.Credential = world.Get<CredentialVault>().SealCredential(row.OrganizationId, id, newer));
        world.Provider.FailTokenRequests("invalid_grant");

        var renewed = await world.Get<TokenRefresher>().RefreshAsync(await world.RowAsync(id), CancellationToken.None);

        Assert.Equal("rotated by another node", world.Get<CredentialVault>().OpenCredential(renewed)["note"]);
        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(id)).Status);
        Assert.Equal(["connection.created"], await world.EventsAsync());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_refused_client_is_the_owners_to_mend_and_a_new_one_is_tried_at_once(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        await world.AdvanceToLookAsync(id);
        world.Provider.FailTokenRequests("invalid_client");
        await world.UpkeepAsync();

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.ConfigurationError, world.Now.AddHours(1)), (row.Status, row.CheckAt));
        Assert.Equal(["connection.created", "connection.degraded"], await world.EventsAsync());
        Assert.Equal("connection.configuration_error", (await world.AuditAsync())[^1]);
        Assert.Equal(0, await world.UpkeepAsync());

        var owner = Actor.Member(world.Hub.OrganizationId, Guid.CreateVersion7(), "owner@example.com", Role.Owner);
        await world.Get<OAuthClients>().SetAsync(owner, LabConnector.Key, "sandbox-quickbooks-client", "sandbox-quickbooks-secret", CancellationToken.None);
        Assert.Equal(1, await world.UpkeepAsync());

        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(id)).Status);
        Assert.Equal("connection.recovered", (await world.EventsAsync())[^1]);
        Assert.Equal(["provider.client_set", "connection.recovered"], (await world.AuditAsync())[^2..]);
    }

    [Fact]
    public async Task A_client_that_is_gone_is_a_configuration_error_too()
    {
        await using var world = await ConnectionWorld.StartAsync(settings: [("Providers:lab:ClientId", ""), ("Providers:lab:ClientSecret", "")]);
        var owner = Actor.Member(world.Hub.OrganizationId, Guid.CreateVersion7(), "owner@example.com", Role.Owner);
        await world.Get<OAuthClients>().SetAsync(owner, LabConnector.Key, "sandbox-quickbooks-client", "sandbox-quickbooks-secret", CancellationToken.None);
        var id = await world.ConnectAsync();
        await using (var db = world.Hub.Open())
        {
            // As after a restore with another key ring.
            await db.OrganizationClients.ExecuteUpdateAsync(set => set.SetProperty(client => client.Secret, new byte[] { 1, 2, 3 }));
        }

        await world.UpkeepWhenDueAsync(id);

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.ConfigurationError, "The hub has no OAuth client for The Lab any more."), (row.Status, row.StatusReason));
        Assert.Equal(RefusalKind.Unprocessable, (await Assert.ThrowsAsync<Refusal>(() => world.ConnectAsync())).Kind);

        await world.Get<OAuthClients>().SetAsync(owner, LabConnector.Key, "sandbox-quickbooks-client", "sandbox-quickbooks-secret", CancellationToken.None);
        await world.UpkeepAsync();
        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(id)).Status);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_may_pass_is_tried_again_ever_more_rarely_until_it_works(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        world.Provider.FailTokenRequests("temporarily_unavailable", 9);
        foreach (var seconds in (int[])[30, 60, 120, 240, 480, 960, 1920, 3600, 3600])
        {
            await world.UpkeepWhenDueAsync(id);
            var row = await world.RowAsync(id);
            Assert.Equal(ConnectionStatus.Degraded, row.Status);
            Assert.InRange(row.CheckAt!.Value - world.Now, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds * 1.1));
            Assert.Equal(0, await world.UpkeepAsync());
        }

        Assert.Equal(["connection.created", "connection.degraded"], await world.EventsAsync());
        await world.UpkeepWhenDueAsync(id);

        var recovered = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.Connected, null, 0), (recovered.Status, recovered.StatusReason, recovered.Failures));
        Assert.Equal(["connection.created", "connection.degraded", "connection.recovered"], await world.EventsAsync());
        Assert.Equal(["connection.degraded", "connection.recovered"], (await world.AuditAsync())[^2..]);
    }

    [Fact]
    public async Task Between_two_tries_calls_do_not_ask_the_token_endpoint()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        world.Clock.Advance(TimeSpan.FromHours(1));
        world.Provider.FailTokenRequests("temporarily_unavailable");
        Assert.Equal(ProviderFaultKind.Unavailable, (await world.FailingCallAsync(id)).Kind);
        Assert.Equal(ConnectionStatus.Degraded, (await world.RowAsync(id)).Status);

        Assert.Equal(ProviderFaultKind.Unavailable, (await world.FailingCallAsync(id)).Kind);
        Assert.Equal(0, world.Provider.Refreshes);
        world.Clock.Advance(TimeSpan.FromSeconds(34));
        await world.CallAsync(id);

        Assert.Equal(1, world.Provider.Refreshes);
        Assert.Equal("connection.recovered", (await world.EventsAsync())[^1]);
    }

    [Fact]
    public async Task A_wait_that_the_provider_asks_for_is_kept()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        world.Provider.Fail(LabConnector.TokenPath, "status:429;retry-after=600");

        await world.UpkeepWhenDueAsync(id);

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.Degraded, world.Now.AddSeconds(600)), (row.Status, row.CheckAt));
    }

    [Theory]
    [InlineData("status:503")]
    [InlineData("reset")]
    [InlineData("redirect:http://127.0.0.1:9/")]
    [InlineData("huge")]
    [InlineData("broken-json")]
    public async Task Nonsense_from_the_token_endpoint_is_no_end(string answer)
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        world.Provider.Fail(LabConnector.TokenPath, answer);

        await world.UpkeepWhenDueAsync(id);

        Assert.Equal(ConnectionStatus.Degraded, (await world.RowAsync(id)).Status);
        await world.UpkeepWhenDueAsync(id);
        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync(id)).Status);
    }

    [Fact]
    public async Task Silence_ends_after_ten_seconds()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectAsync();
        world.Provider.Fail(LabConnector.TokenPath, "hang");
        await world.AdvanceToLookAsync(id);

        await world.TimeOutAsync(world.UpkeepAsync());

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.Degraded, "The Lab did not answer within 10 s."), (row.Status, row.StatusReason));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_credential_that_cannot_be_opened_is_found_by_the_upkeep_and_never_breaks_a_page(DatabaseProvider database)
    {
        await using var world = await ConnectionWorld.StartAsync(database);
        var id = await world.ConnectAsync();
        var foreign = world.Get<CredentialVault>().SealCredential(Guid.CreateVersion7(), id, await world.CredentialAsync(id));
        await world.ChangeAsync(id, row => row.Credential = foreign);

        Assert.Equal(RefusalKind.Unprocessable, (await Assert.ThrowsAsync<Refusal>(() => world.CallAsync(id))).Kind);
        await world.UpkeepWhenDueAsync(id);

        var row = await world.RowAsync(id);
        Assert.Equal((ConnectionStatus.NeedsAuthorization, "The stored credential cannot be opened any more. Connect again.", null), (row.Status, row.StatusReason, row.CheckAt));
        Assert.Equal("connection.needs_authorization", (await world.EventsAsync())[^1]);
        var connections = world.Get<ConnectionService>();
        Assert.False((await connections.TestAsync(world.Actor, id, CancellationToken.None)).Ok);
        Assert.Equal(RefusalKind.Unprocessable, (await Assert.ThrowsAsync<Refusal>(() => connections.RefreshAsync(world.Actor, id, CancellationToken.None))).Kind);
        await connections.DisconnectAsync(world.Actor, id, keepCredential: true, CancellationToken.None);
        Assert.Equal(id, await world.ConnectAsync());
    }

    [Fact]
    public async Task A_kept_key_that_cannot_be_opened_has_to_be_entered_again()
    {
        await using var world = await ConnectionWorld.StartAsync();
        var id = await world.ConnectStripeAsync();
        await world.Get<ConnectionService>().DisconnectAsync(world.Actor, id, keepCredential: true, CancellationToken.None);
        await world.ChangeAsync(id, row => row.Credential = [1, 2, 3]);

        var refusal = await Assert.ThrowsAsync<Refusal>(() => world.Get<ConnectService>().ConnectAsync(world.Actor, new ConnectInput { Provider = "stripe" }, CancellationToken.None));

        Assert.Equal((RefusalKind.Invalid, "credentials"), (refusal.Kind, refusal.Faults[0].Field));
    }

    [Fact]
    public async Task A_token_of_another_kind_is_not_used()
    {
        await using var stub = await Providers.ProviderStub.StartAsync();
        stub.Answer("POST /token", """{"access_token":"the-access-token","token_type":"mac","expires_in":"3600"}""");
        await using var world = await ConnectionWorld.StartAsync(settings: [("Providers:lab:TokenUrl", stub.Url + "/token")]);

        var result = await world.ConsentAsync();

        Assert.Equal((ConsentOutcome.Failed, "The Lab granted a token of the type mac, which the hub cannot use."), (result.Outcome, result.Reason));
        await using var db = world.Hub.Open();
        Assert.Null((await db.Connections.SingleAsync()).Credential);
    }

    [Fact]
    public async Task A_secret_that_a_provider_repeats_goes_nowhere()
    {
        const string repeated = "rt_canary-0123456789";
        await using var stub = await Providers.ProviderStub.StartAsync();
        stub.Answer("POST /token", new Providers.StubAnswer(400, $$"""{"error":"invalid_grant","error_description":"The token {{repeated}} has ended."}"""))
            .Answer("GET /v1/balance", new Providers.StubAnswer(401, $$$"""{"error":{"message":"No such key: {{{SandboxKeys.StripeSecret}}}"}}"""));
        await using var world = await ConnectionWorld.StartAsync(settings: [("Providers:lab:TokenUrl", stub.Url + "/token"), ("Providers:stripe:ApiBaseUrl", stub.Url)]);
        var exchange = await world.Get<ConnectionExchanges>().OpenAsync(world.Hub.OrganizationId, world.Lab, new Dictionary<string, string>(), CancellationToken.None);
        ProviderCredential credential = new(new Dictionary<string, string> { [ProviderCredential.RefreshTokenName] = repeated });

        var fault = await Assert.ThrowsAsync<ProviderFault>(() => world.Lab.RefreshAsync(exchange!, credential, CancellationToken.None));
        var refusal = await Assert.ThrowsAsync<Refusal>(() => world.ConnectStripeAsync());

        Assert.Equal("The Lab answered 400: The token [secret] has ended.", fault.Message);
        Assert.Contains("No such key: [secret]", refusal.Message, StringComparison.Ordinal);
    }
}
