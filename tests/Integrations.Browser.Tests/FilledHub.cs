using Integrations.Core.Connections;
using Integrations.Core.Organizations;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Sandbox;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Browser.Tests;

/// <summary>A hub with one organization that holds everything, some of it as long as it may be, and one in which nothing has happened yet.</summary>
public sealed class FilledHub(BrowserFixture browser) : BrowserHub(browser)
{
    public const string ViewerEmail = "somebody.with.an.address.that.is.very.long.indeed@a-department.of-a-company.with-a-long-name.example.com";

    private static readonly string _longWords = string.Join(' ', Enumerable.Repeat("a name that goes on", 7));
    private static readonly string _longWord = new('w', 120);

    private HubTenant? _filled;
    private HubTenant? _fresh;
    private Dictionary<string, string> _ids = [];

    public HubTenant Filled => _filled ?? throw new InvalidOperationException("The hub has not been filled.");

    public HubTenant Fresh => _fresh ?? throw new InvalidOperationException("The hub has not been filled.");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _fresh = await App.CreateOrganizationAsync("Fresh");
        _filled = await App.CreateOrganizationAsync(_longWords[..120]);
        await App.Services.GetRequiredService<MemberService>().AddAsync(Filled.Owner, ViewerEmail, HubApp.OwnerPassword, Role.Viewer, CancellationToken.None);

        var works = await AddEndpointAsync(new { url = Sandbox.ReceiveUrl("works") + "?tenant=" + new string('t', 400), events = All, description = $"{_longWord} {_longWords}" });
        var fails = await AddEndpointAsync(new { url = Sandbox.ReceiveUrl("fails", "status:503"), events = All, description = _longWords, retry = new { delays = Array.Empty<int>() } });
        var waits = await AddEndpointAsync(new { url = Sandbox.ReceiveUrl("waits", "status:500"), events = All, retry = new { delays = (int[])[86_400] } });
        await AddEndpointAsync(new { url = Sandbox.ReceiveUrl("off"), events = (string[])["invoice.*", "custom.*", "invoice.paid"], isActive = false });

        var longType = "shop." + _longWord;
        await OkAsync(Filled.Client.PostApiAsync("/api/event-types", new { name = longType, description = _longWords, example = new { text = _longWord } }));
        await OkAsync(Filled.Client.PostApiAsync("/api/events", new { @event = longType, data = new { text = _longWord } }));
        object data = new { invoiceId = _longWord, lines = (object[])[new { amount = 10.5, note = _longWords }] };
        var published = await OkAsync(Filled.Client.PostApiAsync("/api/events", new { @event = "invoice.paid", data }));
        await OkAsync(Filled.Client.PostApiAsync("/api/keys", new { name = _longWord, scopes = (string[])["events:write", "events:read", "webhooks:read", "logs:read"] }));
        var revoked = await OkAsync(Filled.Client.PostApiAsync("/api/keys", new { name = _longWords[..120], scopes = (string[])["events:write"] }));
        await OkAsync(Filled.Client.DeleteApiAsync("/api/keys/" + revoked.String("keyId")));

        await OkAsync(Filled.Client.PostApiAsync("/api/integrations/api-keys", new { name = _longWord, value = "sk_live_" + _longWord, provider = "stripe" }));
        await OkAsync(Filled.Client.PostApiAsync("/api/integrations/api-keys", new { name = _longWords[..120].Trim(), value = "short" }));

        await ConnectAsync();
        await WaitForDeliveryAsync(Filled, works, "delivered");
        await WaitForDeliveryAsync(Filled, waits, "retrying");
        var replay = await OkAsync(Filled.Client.PostApiAsync($"/api/webhooks/{works}/replay", new { ratePerSecond = 1, eventTypes = (string[])["invoice.*", longType] }));
        await OkAsync(Filled.Client.PostApiAsync($"/api/replays/{replay.String("replay.id")}/pause"));
        _ids = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["{webhook}"] = works,
            ["{failing}"] = fails,
            ["{failed}"] = await WaitForDeliveryAsync(Filled, fails, "failed"),
            ["{event}"] = published.String("id"),
            ["{entry}"] = await EntryAsync(works),
        };
        foreach (var (place, id) in await new FilledRecords(this, Filled).FillAsync())
        {
            _ids[place] = id;
        }
    }

    /// <summary>Puts the ids of the filled organization into a path.</summary>
    public string Path(string path) => _ids.Aggregate(path, (text, id) => text.Replace(id.Key, id.Value, StringComparison.Ordinal));

    private static string[] All => ["*"];

    // One of each kind: by key with the longest name, by consent with settings and actions, by URLs, and one whose consent was withdrawn.
    private async Task ConnectAsync()
    {
        var connect = App.Services.GetRequiredService<ConnectService>();
        Dictionary<string, string> key = new(StringComparer.Ordinal) { ["apiKey"] = SandboxKeys.StripeSecret };
        await connect.ConnectAsync(Filled.Owner, new ConnectInput { Provider = "stripe", Name = _longWord, Credentials = key }, CancellationToken.None);
        foreach (var name in new[] { _longWords[..120], "New invoices" })
        {
            await connect.ConnectAsync(Filled.Owner, new ConnectInput { Provider = "custom", Name = name, WebhookUrl = Sandbox.ReceiveUrl("custom"), Events = ["custom.*"] }, CancellationToken.None);
        }

        foreach (var provider in new[] { "xero", "slack", "dropbox" })
        {
            await ConsentAsync(provider);
        }

        Sandbox.Provider("dropbox").RevokeGrants();
        var withdrawn = (await App.Services.GetRequiredService<ConnectionQueries>().ListAsync(Filled.Owner, "dropbox", null, CancellationToken.None))[0];
        await App.Services.GetRequiredService<ConnectionService>().TestAsync(Filled.Owner, withdrawn.Id, CancellationToken.None);
        await App.Services.GetRequiredService<ReturnUrlService>().AddAsync(Filled.Owner, "https://app.example.com/" + _longWord, CancellationToken.None);
    }

    private async Task ConsentAsync(string provider)
    {
        var link = await App.Services.GetRequiredService<ConsentLinks>().CreateAsync(Filled.Owner, new ConsentInput { Provider = provider }, memberOnly: true, creates: false, CancellationToken.None);
        var consents = App.Services.GetRequiredService<ConsentService>();
        ConsentBrowser person = new("nonce", Filled.UserId);
        var back = await SandboxVisitor.AllowAsync((await consents.StartAsync(link.Token, person, CancellationToken.None))!);
        var query = back.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')), StringComparer.Ordinal);
        var result = await consents.CompleteAsync(provider, query, person, CancellationToken.None);
        if (result.Outcome != ConsentOutcome.Connected)
        {
            throw new InvalidOperationException($"{provider}: {result.Reason}");
        }
    }

    private static async Task<ApiReply> OkAsync(Task<ApiReply> call)
    {
        var reply = await call;
        return reply.Status < 300 ? reply : throw new InvalidOperationException(reply.ToString());
    }

    private async Task<string> AddEndpointAsync(object endpoint) => (await OkAsync(Filled.Client.PostApiAsync("/api/webhooks", endpoint))).String("webhook.id");

    private async Task<string> EntryAsync(string target)
    {
        await using var db = App.OpenDatabase(Filled.Owner);
        return PublicId.Format(PublicId.AuditEntry, await db.AuditEntries.Where(entry => entry.TargetId == target).Select(entry => entry.Id).FirstAsync());
    }
}
