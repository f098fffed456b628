using System.Net;
using Integrations.Core.Connections;
using Integrations.Core.Storage;
using Integrations.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Connections;

/// <summary>The hub as a client of an authorization server that we did not write.</summary>
public sealed class OidcProviderTests
{
    [NpmFact]
    public async Task From_consent_with_PKCE_over_rotation_to_revocation()
    {
        await using var world = await OidcWorld.StartAsync();
        var connected = await world.ConnectAsync();
        var first = await world.CredentialAsync();
        Assert.Equal((ConnectionStatus.Connected, "ada"), (connected.Status, connected.AccountId));
        Assert.Equal(["openid", "offline_access", "contacts"], connected.Scopes);
        Assert.Equal(["read:contacts"], connected.Permissions);

        Assert.Equal(200, (await world.Hub.Client.PostApiAsync("/api/integrations/oauth/oidc/refresh")).Status);
        var second = await world.CredentialAsync();
        Assert.Equal(200, (await world.Hub.Client.PostApiAsync("/api/integrations/oauth/oidc/refresh")).Status);
        var third = await world.CredentialAsync();
        Assert.Equal(3, new HashSet<string?> { first.RefreshToken, second.RefreshToken, third.RefreshToken }.Count);
        Assert.True((await world.TestAsync())["result.ok"].GetBoolean());

        Assert.Equal(200, (await world.Hub.Client.DeleteApiAsync("/api/integrations/oidc")).Status);

        var state = await world.Server.ReadStateAsync();
        Assert.Equal((1, 2, 1), (state.Codes, state.Refreshes, state.Revoked));
        Assert.Empty(state.Errors);
        var after = await world.Server.PostTokenAsync(new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = third.RefreshToken! });
        Assert.Equal(400, after.Status);
    }

    [NpmFact]
    public async Task A_rotated_token_that_is_used_again_ends_the_connection_and_only_a_person_brings_it_back()
    {
        await using var world = await OidcWorld.StartAsync();
        await world.ConnectAsync();
        var stolen = (await world.CredentialAsync()).RefreshToken!;
        await world.Hub.Client.PostApiAsync("/api/integrations/oauth/oidc/refresh");

        var reuse = await world.Server.PostTokenAsync(new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = stolen });
        Assert.Equal(400, reuse.Status);
        Assert.Equal(["invalid_grant: refresh token already used"], (await world.Server.ReadStateAsync()).Errors);

        var test = await world.TestAsync();
        Assert.False(test["result.ok"].GetBoolean());
        var row = await world.RowAsync();
        Assert.Equal(ConnectionStatus.NeedsAuthorization, row.Status);
        var asked = (await world.Server.ReadStateAsync()).Errors.Count;
        await world.TestAsync();
        Assert.Equal(asked, (await world.Server.ReadStateAsync()).Errors.Count);

        Assert.Equal((row.Id, ConnectionStatus.Connected), await world.ConnectAsync() is var again ? (again.Id, again.Status) : default);
        Assert.True((await world.TestAsync())["result.ok"].GetBoolean());
    }

    [NpmFact]
    public async Task A_state_that_is_wrong_or_comes_again_brings_no_code_to_the_server()
    {
        await using var world = await OidcWorld.StartAsync();
        var (browser, back) = await world.AllowAsync();
        var state = System.Web.HttpUtility.ParseQueryString(back.Query)["state"]!;
        var wrong = new Uri(back.OriginalString.Replace(state, new string('x', state.Length), StringComparison.Ordinal));

        using var forged = await browser.ReturnAsync(wrong);
        Assert.Equal("/connect/failed", forged.Headers.Location!.OriginalString);
        Assert.Equal(0, (await world.Server.ReadStateAsync()).Codes);
        using var right = await browser.ReturnAsync(back);
        Assert.StartsWith("/connect/result/", right.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var again = await browser.ReturnAsync(back);
        Assert.Equal("/connect/failed", again.Headers.Location!.OriginalString);

        var server = await world.Server.ReadStateAsync();
        Assert.Equal((1, 0), (server.Codes, server.Errors.Count));
        Assert.Equal(ConnectionStatus.Connected, (await world.RowAsync()).Status);
    }

    [NpmFact]
    public async Task A_code_that_was_used_or_is_of_another_browser_is_refused_by_its_PKCE()
    {
        await using var world = await OidcWorld.StartAsync();
        var (_, victims) = await world.AllowAsync();
        var (browser, own) = await world.AllowAsync();
        var injected = own.OriginalString.Replace(CodeOf(own), CodeOf(victims), StringComparison.Ordinal);

        using var refused = await browser.ReturnAsync(new Uri(injected));
        Assert.StartsWith("/connect/result/", refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Contains("Standard answered 400", WebUtility.HtmlDecode(await browser.ReadAsync(refused.Headers.Location!.OriginalString)), StringComparison.Ordinal);
        Assert.Equal((ConnectionStatus.Pending, null), await world.RowAsync() is var row ? (row.Status, row.Credential) : default);

        var (late, back) = await world.AllowAsync();
        using var connected = await late.ReturnAsync(back);
        var (replayer, fresh) = await world.AllowAsync();
        using var replayed = await replayer.ReturnAsync(new Uri(fresh.OriginalString.Replace(CodeOf(fresh), CodeOf(back), StringComparison.Ordinal)));
        Assert.Contains("could not be connected", await replayer.ReadAsync(replayed.Headers.Location!.OriginalString), StringComparison.Ordinal);

        var state = await world.Server.ReadStateAsync();
        Assert.Equal((1, 2), (state.Codes, state.Errors.Count));

        static string CodeOf(Uri uri) => System.Web.HttpUtility.ParseQueryString(uri.Query)["code"]!;
    }

    [NpmFact]
    public async Task An_answer_in_the_name_of_another_issuer_is_not_taken()
    {
        await using var world = await OidcWorld.StartAsync();
        var (browser, back) = await world.AllowAsync();
        Assert.Contains("iss=", back.Query, StringComparison.Ordinal);

        using var answer = await browser.ReturnAsync(new Uri(back.OriginalString.Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal)));

        Assert.Contains("not from Standard", await browser.ReadAsync(answer.Headers.Location!.OriginalString), StringComparison.Ordinal);
        Assert.Equal(0, (await world.Server.ReadStateAsync()).Codes);
    }

    [NpmFact]
    public async Task Of_a_hundred_calls_on_an_expired_token_one_renews_it()
    {
        await using var world = await OidcWorld.StartAsync();
        var row = await world.ConnectAsync();
        await world.Server.ExpireAccessTokensAsync();
        var gateway = world.Hub.Services.GetRequiredService<ProviderGateway>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () =>
        {
            var session = await gateway.OpenAsync(world.Hub.Tenant.Owner, row.Id, null, CancellationToken.None);
            return (await session.GetAsync("/me", CancellationToken.None)).Status;
        })));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        var state = await world.Server.ReadStateAsync();
        Assert.Equal((1, 0), (state.Refreshes, state.Errors.Count));
    }
}
