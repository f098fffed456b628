using Integrations.Core.Providers;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Providers;

/// <summary>Every connector against its provider in the sandbox, which refuses what the real one would refuse.</summary>
public sealed class ConnectorJourneyTests
{
    public static TheoryData<string> WithOAuth { get; } = [.. ConnectorCatalog.FromAssembly().All.Where(connector => connector.OAuth is not null).Select(connector => connector.Info.Key)];

    public static TheoryData<string, AuthMode, string[]> Pasted { get; } = new()
    {
        { "slack", AuthMode.Token, ["accessToken", SandboxKeys.SlackBot] },
        { "google-drive", AuthMode.Token, ["accessToken", SandboxKeys.GoogleDriveToken, "refreshToken", "1//0sandbox-of-another-client", "expiresAt", "2030-01-31T12:00:00Z"] },
        { "dropbox", AuthMode.Token, ["accessToken", SandboxKeys.DropboxToken] },
        { "salesforce", AuthMode.Token, ["accessToken", SandboxKeys.SalesforceToken, "instanceUrl", "ApiBaseUrl"] },
        { "hubspot", AuthMode.Token, ["accessToken", SandboxKeys.HubSpotPrivateApp] },
        { "zoho", AuthMode.Token, ["accessToken", SandboxKeys.ZohoToken, "apiDomain", "ApiBaseUrl"] },
        { "stripe", AuthMode.ApiKey, ["apiKey", SandboxKeys.StripeRestrictedWithoutBalance] },
        { "facebook", AuthMode.Token, ["accessToken", SandboxKeys.FacebookToken] },
        { "mailchimp", AuthMode.ApiKey, ["apiKey", SandboxKeys.Mailchimp, "audienceId", "0123456789"] },
        { "sendgrid", AuthMode.ApiKey, ["apiKey", SandboxKeys.SendGrid, "listId", "ca3a5b4e-0000-4000-8000-000000000001", "senderEmail", "shop@example.com"] },
        { "sql-accounting", AuthMode.ApiKey, ["accessKey", SandboxKeys.SqlAccountingAccessKey, "secretKey", SandboxKeys.SqlAccountingSecretKey] },
        { "autocount", AuthMode.ApiKey, ["keyId", SandboxKeys.AutoCountKeyId, "apiKey", SandboxKeys.AutoCountApiKey, "accountBookId", SandboxKeys.AutoCountBook] },
    };

    [Theory]
    [MemberData(nameof(WithOAuth))]
    public async Task From_consent_to_revocation(string key)
    {
        await using var journey = await ConnectorJourney.StartAsync(key);
        await WalkAsync(journey);
    }

    [Theory]
    [InlineData("slack")]
    [InlineData("salesforce")]
    public async Task And_where_the_owner_of_the_app_has_tokens_rotated(string key)
    {
        await using var journey = await ConnectorJourney.StartAsync(key);
        journey.Provider.RotatesTokens = true;
        journey.Provider.RequiresPkce = journey.Connector.OAuth!.UsesPkce;
        await WalkAsync(journey);
    }

    [Fact]
    public async Task And_for_an_account_of_another_data_centre()
    {
        await using var journey = await ConnectorJourney.StartAsync("zoho");
        journey.Provider.UseAccount(2);
        await WalkAsync(journey);
        Assert.Contains(journey.Provider.Calls, call => call.Path == "/accounts-eu/oauth/v2/token");
    }

    [Theory]
    [MemberData(nameof(Pasted))]
    public async Task With_a_pasted_token(string key, AuthMode mode, string[] values)
    {
        await using var journey = await ConnectorJourney.StartAsync(key);
        journey.Paste(mode, [.. values.Chunk(2).Select(pair => (pair[0], pair[1] == "ApiBaseUrl" ? journey.Setting(pair[1]) : pair[1]))]);

        Assert.NotEmpty((await journey.TestAsync()).Name);
        await UseAsync(journey);
        Assert.Empty(journey.Provider.Violations);

        journey.Provider.RevokeGrants();
        Assert.Equal(ProviderFaultKind.Unauthorized, (await Assert.ThrowsAsync<ProviderFault>(journey.TestAsync)).Kind);
    }

    [Theory]
    [MemberData(nameof(Pasted))]
    public async Task With_a_wrong_key(string key, AuthMode mode, string[] values)
    {
        await using var journey = await ConnectorJourney.StartAsync(key);
        foreach (var wrong in journey.Connector.FieldsOf(mode)!.Fields.Where(field => field is { IsSecret: true, IsOptional: false }))
        {
            journey.Paste(mode, [.. values.Chunk(2).Select(pair => (pair[0], pair[0] == wrong.Name ? Changed(pair[1]) : pair[1] == "ApiBaseUrl" ? journey.Setting(pair[1]) : pair[1]))]);

            var fault = await Assert.ThrowsAsync<ProviderFault>(journey.TestAsync);

            Assert.True(fault.Kind == ProviderFaultKind.Unauthorized, $"A wrong {wrong.Name}: {fault.Kind}, {fault.Message}");
            Assert.DoesNotContain(values, value => value.Length > 20 && fault.Message.Contains(value, StringComparison.Ordinal));
        }

        Assert.Empty(journey.Provider.Violations);
    }

    [Fact]
    public async Task With_a_key_that_may_not_do_everything()
    {
        await using var journey = await ConnectorJourney.StartAsync("sendgrid");
        journey.Paste(AuthMode.ApiKey, ("apiKey", SandboxKeys.SendGridMailOnly), ("senderEmail", "shop@example.com"));

        await journey.TestAsync();
        await journey.RunAsync(journey.Connector.Actions.Single());

        Assert.Equal(ProviderFaultKind.Forbidden, (await Assert.ThrowsAsync<ProviderFault>(() => journey.ChooseAsync("listId"))).Kind);
    }

    [Theory]
    [InlineData("facebook")]
    [InlineData("instagram")]
    public async Task What_is_renewed_by_itself_cannot_be_once_it_has_ended(string key)
    {
        await using var journey = await ConnectorJourney.StartAsync(key);
        await journey.ConsentAsync();
        journey.Provider.ExpireAccessTokens();

        Assert.Equal(ProviderFaultKind.Unauthorized, (await Assert.ThrowsAsync<ProviderFault>(journey.TestAsync)).Kind);
        Assert.Equal(ProviderFaultKind.GrantEnded, (await Assert.ThrowsAsync<ProviderFault>(journey.RefreshAsync)).Kind);
    }

    [Theory]
    [InlineData("zapier")]
    [InlineData("make")]
    [InlineData("n8n")]
    public async Task The_receiver_stands_in_for_those_that_take_webhook_urls(string key)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        using var harness = new ProviderHarness(sandbox.HubSettings.ToDictionary(StringComparer.OrdinalIgnoreCase));
        var connector = harness.Catalog.Find(key)!;

        Assert.Null(connector.WhyNotWebhookUrl($"{sandbox.HubSettings[$"Providers:{key}:Urls:hooks"]}/orders", harness.UrlsOf(connector)));
    }

    [Theory]
    [MemberData(nameof(WithOAuth))]
    public async Task What_the_token_endpoint_says_is_understood(string key)
    {
        await using var journey = await ConnectorJourney.StartAsync(key);
        foreach (var (error, kind) in new[]
        {
            ("invalid_client", ProviderFaultKind.ClientRefused), ("invalid_grant", ProviderFaultKind.GrantEnded), ("temporarily_unavailable", ProviderFaultKind.Unavailable),
        })
        {
            journey.Provider.FailTokenRequests(error);
            Assert.Equal(kind, (await Assert.ThrowsAsync<ProviderFault>(journey.ConsentAsync)).Kind);
        }

        await journey.ConsentAsync();
        if (journey.CanRefresh)
        {
            journey.Provider.RefusesRefresh = true;
            Assert.Equal(ProviderFaultKind.GrantEnded, (await Assert.ThrowsAsync<ProviderFault>(journey.RefreshAsync)).Kind);
        }
    }

    [Theory]
    [MemberData(nameof(WithOAuth))]
    public async Task A_provider_that_stumbles_or_throttles_is_asked_again(string key)
    {
        await using var journey = await ConnectorJourney.StartAsync(key);
        await journey.ConsentAsync();

        journey.Provider.Fail("", "status:503");
        await journey.TestAsync();
        journey.Provider.Fail("", "rate-limit;retry-after=1");
        try
        {
            await journey.TestAsync();
        }
        catch (ProviderFault fault)
        {
            // Some ask to wait longer than anybody does at a click.
            Assert.Equal((ProviderFaultKind.RateLimited, true), (fault.Kind, fault.RetryAfter > TimeSpan.FromSeconds(10)));
        }

        Assert.Contains(journey.Calls, call => call.IsThrottled);
    }

    private static async Task WalkAsync(ConnectorJourney journey)
    {
        await journey.ConsentAsync();
        var account = await journey.TestAsync();
        Assert.All([account.Id, account.Name], text => Assert.NotEmpty(text));
        if (journey.CanRefresh)
        {
            // Where a token renews itself, it has to live.
            if (journey.Connector.OAuth!.RefreshAhead is null)
            {
                journey.Provider.ExpireAccessTokens();
                Assert.Equal(ProviderFaultKind.Unauthorized, (await Assert.ThrowsAsync<ProviderFault>(journey.TestAsync)).Kind);
            }

            await journey.RefreshAsync();
            await journey.RefreshAsync();
            Assert.Equal(account.Id, (await journey.TestAsync()).Id);
        }

        await UseAsync(journey);
        Assert.Empty(journey.Provider.Violations);

        if (journey.Connector.OAuth!.RevocationUrl is not null)
        {
            var live = journey.Provider.LiveGrants;
            await journey.RevokeAsync();
            var fault = await Assert.ThrowsAsync<ProviderFault>(journey.TestAsync);
            // Where a consent covers several accounts only this one is let go.
            Assert.Contains((fault.Kind, journey.Provider.LiveGrants), new[] { (ProviderFaultKind.Unauthorized, live - 1), (ProviderFaultKind.Forbidden, live) });
            Assert.Empty(journey.Provider.Violations);
        }
    }

    // Another one of the same form: a character in the middle is another digit or letter.
    private static string Changed(string value)
    {
        var at = Enumerable.Range(value.Length / 2, value.Length / 2).First(i => char.IsAsciiLetterOrDigit(value[i]));
        return value[..at] + value[at] switch
        {
            '9' => '8',
            >= '0' and < '9' => (char)(value[at] + 1),
            'a' or 'A' => (char)(value[at] + 1),
            >= 'a' => 'a',
            _ => 'A',
        } + value[(at + 1)..];
    }

    private static async Task UseAsync(ConnectorJourney journey)
    {
        foreach (var setting in journey.Connector.Settings.Where(setting => setting.HasChoices))
        {
            await journey.ChooseAsync(setting.Name);
        }

        foreach (var action in journey.Connector.Actions)
        {
            var sent = journey.Provider.Sent.Count;
            var answer = await journey.RunAsync(action);
            Assert.NotEmpty(answer.Message);
            Assert.Equal(sent + 1, journey.Provider.Sent.Count);
            if (action.Fields.Any(field => field.Kind == ActionFieldKind.File))
            {
                var item = journey.Provider.Sent[^1];
                Assert.Equal(ConnectorJourney.File.Content.ToArray(), item.Content.ToArray());
                Assert.Contains(item.Values.Values, value => value.EndsWith(ConnectorJourney.File.Name, StringComparison.Ordinal));
            }
        }
    }
}
