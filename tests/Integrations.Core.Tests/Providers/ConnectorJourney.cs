using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Integrations.Core.Providers;
using Integrations.Sandbox;
using Integrations.Sandbox.Providers;
using Microsoft.AspNetCore.WebUtilities;
using ProviderCall = Integrations.Core.Providers.ProviderCall;

namespace Integrations.Core.Tests.Providers;

/// <summary>One connector and its provider in the sandbox, from consent to revocation, over real HTTP.</summary>
internal sealed class ConnectorJourney : IAsyncDisposable
{
    private readonly SandboxHost _sandbox;
    private readonly ProviderHarness _harness;
    private readonly Dictionary<string, string> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private ProviderCredential _credential = new(new Dictionary<string, string>(StringComparer.Ordinal));
    private AuthMode _mode;

    private ConnectorJourney(SandboxHost sandbox, ProviderHarness harness, string key)
    {
        _sandbox = sandbox;
        _harness = harness;
        Connector = harness.Catalog.Find(key)!;
        Provider = sandbox.Provider(key);
    }

    public static ActionFile File { get; } = new("Übersicht №1.csv", "text/csv", "name;total\nBüro;7\n"u8.ToArray());

    public Connector Connector { get; }

    public ProviderControl Provider { get; }

    public IReadOnlyList<ProviderCall> Calls => _harness.Calls;

    public string Setting(string name) => _sandbox.HubSettings[$"Providers:{Connector.Info.Key}:{name}"]!;

    public static async Task<ConnectorJourney> StartAsync(string key)
    {
        var sandbox = await SandboxHost.StartAsync();
        var known = ConnectorCatalog.FromAssembly();
        var settings = sandbox.HubSettings.Where(setting => known.Find(setting.Key.Split(':')[1]) is not null).ToDictionary(StringComparer.OrdinalIgnoreCase);
        return new ConnectorJourney(sandbox, new ProviderHarness(settings), key);
    }

    /// <summary>Somebody allows everything that is ticked at first.</summary>
    public async Task ConsentAsync()
    {
        var oauth = Connector.OAuth!;
        string[] scopes = [.. oauth.BaseScopes.Concat(Connector.Permissions.Where(permission => permission.IsDefault).SelectMany(permission => permission.Scopes)).Distinct(StringComparer.Ordinal)];
        var verifier = oauth.UsesPkce ? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)) : null;
        var callback = QueryHelpers.ParseQuery((await SandboxVisitor.AllowAsync(Exchange().AuthorizationUrl("the state", scopes, verifier))).Query);
        Assert.Equal("the state", callback["state"]);
        Keep(oauth.CallbackFacts.Where(callback.ContainsKey).ToDictionary(name => name, name => callback[name].ToString(), StringComparer.Ordinal));
        Keep(await Connector.ExchangeCodeAsync(Exchange(), callback["code"].ToString(), verifier, CancellationToken.None));
    }

    /// <summary>Somebody pastes a token with what belongs to it.</summary>
    public void Paste(AuthMode mode, params (string Name, string Value)[] values)
    {
        _mode = mode;
        var fields = Connector.FieldsOf(mode)!.Fields;
        Assert.All(values, value => Assert.Matches(fields.Single(field => field.Name == value.Name).Pattern, value.Value));
        foreach (var (name, value) in values.Where(value => !fields.Single(field => field.Name == value.Name).IsSecret))
        {
            (Connector.Settings.Any(setting => setting.Name == name) ? _settings : _facts)[name] = value;
        }

        _credential = new(values.Where(value => fields.Single(field => field.Name == value.Name).IsSecret).ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal));
    }

    public async Task<ProviderAccount> TestAsync()
    {
        var account = await Connector.TestAsync(Session(), CancellationToken.None);
        Keep(account.Facts);
        return account;
    }

    public bool CanRefresh => _mode == AuthMode.OAuth2 && Connector.CanRefresh(_credential);

    public async Task RefreshAsync() => Keep(await Connector.RefreshAsync(Exchange(), _credential, CancellationToken.None));

    public async Task<IReadOnlyList<SettingChoice>> ChooseAsync(string name)
    {
        var choices = await Connector.ListChoicesAsync(Session(), name, CancellationToken.None);
        var pattern = Connector.Settings.FirstOrDefault(setting => setting.Name == name)?.Pattern ?? "";
        Assert.NotEmpty(choices);
        Assert.All(choices, choice => Assert.True(choice.Label.Length > 0 && Regex.IsMatch(choice.Value, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)), $"{choice} does not match {pattern}."));
        return choices;
    }

    public async Task<ActionAnswer> RunAsync(ConnectorAction action, IReadOnlyDictionary<string, string>? values = null)
    {
        Dictionary<string, string> input = new(values ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var field in action.Fields.Where(field => !input.ContainsKey(field.Name)))
        {
            switch (field.Kind)
            {
                case ActionFieldKind.Choice:
                    input[field.Name] = (await ChooseAsync(field.Name))[0].Value;
                    break;
                case ActionFieldKind.Email:
                    input[field.Name] = "a@example.com, b@example.com";
                    break;
                case ActionFieldKind.Text or ActionFieldKind.LongText when !field.IsOptional:
                    input[field.Name] = "Grüße — 1 €";
                    break;
            }
        }

        return await Connector.RunActionAsync(Session(), action.Name, new ActionInput(input, action.Fields.Any(field => field.Kind == ActionFieldKind.File) ? File : null), CancellationToken.None);
    }

    public Task RevokeAsync() => Connector.RevokeAsync(Exchange(), _credential, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _harness.Dispose();
        await _sandbox.DisposeAsync();
    }

    private ProviderSession Session() => _harness.Session(Connector, _mode, _credential.Values, _facts, _settings);

    private OAuthExchange Exchange() => _harness.Exchange(Connector, _facts);

    private void Keep(OAuthGrant grant)
    {
        _credential = grant.Credential;
        Keep(grant.Facts);
    }

    private void Keep(IReadOnlyDictionary<string, string> facts)
    {
        foreach (var (name, value) in facts)
        {
            _facts[name] = value;
        }
    }
}
