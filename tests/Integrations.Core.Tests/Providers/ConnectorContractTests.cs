using System.Globalization;
using System.Text.RegularExpressions;
using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Providers;

/// <summary>What every connector keeps to. A new one is held to it without a new test.</summary>
public sealed partial class ConnectorContractTests
{
    private static readonly string[] _reserved = ["connections", "connected", "available", "connect", "oauth", "webhooks", "api-keys"];

    public static TheoryData<string> Keys { get; } = [.. ConnectorCatalog.FromAssembly().All.Select(connector => connector.Info.Key)];

    [Fact]
    public void No_two_connectors_answer_to_one_name()
    {
        var names = ConnectorCatalog.FromAssembly().All.SelectMany(connector => connector.Info.Aliases.Prepend(connector.Info.Key)).ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Empty(names.Intersect(_reserved, StringComparer.OrdinalIgnoreCase));
        Assert.All(names, name => Assert.Matches(KebabCase(), name));
    }

    [Theory, MemberData(nameof(Keys))]
    public void It_says_what_it_is(string key)
    {
        var info = Find(key).Info;

        Assert.Equal(key, info.Key);
        Assert.All([info.Name, info.Description], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.EndsWith(".", info.Description, StringComparison.Ordinal);
        Assert.NotEmpty(info.Features);
        AssertHttps(info.DocsUrl);
        Assert.Matches("^[A-Za-z][A-Za-z0-9]?$", info.Tile.Symbol);
        Assert.True(ContrastWithWhite(info.Tile.Color) >= 4.5, $"White on {info.Tile.Color} has a contrast of {ContrastWithWhite(info.Tile.Color):0.00}.");
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_help_tells_what_to_do_at_the_provider(string key)
    {
        var help = Find(key).Help;

        Assert.NotEmpty(help.Steps);
        Assert.All(help.Steps.Concat(help.Notes), text => Assert.Matches(@"^[A-Z].*\.$", text));
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_urls_are_https(string key)
    {
        var connector = Find(key);

        Assert.All(
            new[] { connector.ApiBaseUrl, connector.OAuth?.AuthorizationUrl, connector.OAuth?.TokenUrl, connector.OAuth?.RevocationUrl, connector.OAuth?.Issuer }.OfType<string>().Concat(connector.NamedUrls.Values),
            AssertHttps);
        Assert.All(connector.NamedUrls.Values.Append(connector.ApiBaseUrl ?? ""), url => Assert.False(url.EndsWith('/'), $"{url} ends with a slash."));
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_permissions_and_data_types_are_well_formed(string key)
    {
        var connector = Find(key);

        Assert.All(connector.Permissions, permission =>
        {
            Assert.Matches("^(read|write):[a-z]+(_[a-z]+)*$", permission.Name);
            Assert.Matches(@"^[A-Z][^.]+[^.\s]$", permission.Words);
            Assert.All(permission.Scopes, scope => Assert.Matches(@"^[^\s,]+$", scope));
            Assert.True(permission.IsOptional || permission.IsDefault, $"{permission.Name} cannot be ticked.");
        });
        AssertUnique(connector.Permissions.Select(permission => permission.Name));
        Assert.All(connector.DataTypes, type =>
        {
            Assert.Matches("^[a-z]+(_[a-z]+)*$", type.Name);
            Assert.False(string.IsNullOrWhiteSpace(type.Words));
            Assert.NotEqual(SyncDirections.None, type.Directions);
        });
        AssertUnique(connector.DataTypes.Select(type => type.Name));
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_settings_and_actions_are_well_formed(string key)
    {
        var connector = Find(key);

        Assert.All(connector.Settings, setting =>
        {
            Assert.Matches(CamelCase(), setting.Name);
            Assert.All([setting.Label, setting.Help], text => Assert.False(string.IsNullOrWhiteSpace(text)));
            AssertPattern(setting.Pattern);
            Assert.True(setting.Default is null || Regex.IsMatch(setting.Default, setting.Pattern, RegexOptions.None, TimeSpan.FromSeconds(1)), $"The default of {setting.Name} does not match its pattern.");
        });
        AssertUnique(connector.Settings.Select(setting => setting.Name));
        Assert.All(connector.Actions, action =>
        {
            Assert.Matches(KebabCase(), action.Name);
            Assert.Contains(connector.Permissions, permission => permission.Name == action.Permission);
            Assert.Contains(action.Fields, field => !field.IsOptional);
            Assert.All(action.Fields, field => Assert.Matches(CamelCase(), field.Name));
            Assert.True(action.Fields.Count(field => field.Kind == ActionFieldKind.File) <= 1, $"{action.Name} takes more than one file.");
            AssertUnique(action.Fields.Select(field => field.Name));
        });
        AssertUnique(connector.Actions.Select(action => action.Name));
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_ways_of_being_connected_are_complete(string key)
    {
        var connector = Find(key);

        AssertUnique(connector.AuthMethods.Select(method => method.Mode.ToString()));
        if (connector.OAuth is { } oauth)
        {
            Assert.Contains(oauth.ScopeSeparator, " ,");
            Assert.True(oauth.ClientEnvironment is { Id.Length: > 0, Secret.Length: > 0 }, "The environment's names of its client are missing.");
            Assert.True((oauth.ScopeParameter is not null) == (oauth.BaseScopes.Count + connector.Permissions.Sum(permission => permission.Scopes.Count) > 0), "It has scopes without a parameter, or a parameter without scopes.");
            Assert.True(connector.ApiBaseUrl is not null || connector.WhyNotHost(new Uri("https://example.com")) is not null, "A token could go anywhere.");
        }

        if (connector.WebhookUrl is { } hook)
        {
            AssertPattern(hook.Pattern);
            Assert.Matches(hook.Pattern, hook.Example);
            Assert.False(string.IsNullOrWhiteSpace(hook.Help));
        }
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_fields_refuse_what_is_no_credential(string key)
    {
        Assert.All(Find(key).AuthMethods.OfType<FieldsMethod>(), method =>
        {
            Assert.NotEmpty(method.Fields);
            Assert.Contains(method.Fields, field => field is { IsSecret: true, IsOptional: false });
            AssertUnique(method.Fields.Select(field => field.Name));
            Assert.All(method.Fields, field =>
            {
                Assert.Matches(CamelCase(), field.Name);
                Assert.All([field.Label, field.Hint], text => Assert.False(string.IsNullOrWhiteSpace(text)));
                Assert.NotEmpty(field.Pattern);
                AssertPattern(field.Pattern);
                Assert.All(["", " ", "\t", "\r\n"], text => Assert.DoesNotMatch(field.Pattern, text));
                Assert.False(field is { IsUrl: true, IsSecret: true } or { IsExpiry: true, IsSecret: true }, $"{field.Name} is no secret.");
            });
        });
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_credential_goes_to_no_stranger(string key)
    {
        var connector = Find(key);
        if (connector.AuthMethods.All(method => method is WebhookUrlMethod))
        {
            return;
        }

        string[] own = [.. new[] { connector.ApiBaseUrl }.OfType<string>().Concat(connector.NamedUrls.Values).Select(url => new Uri(url).Host)];
        Assert.All(
            ["https://example.com/", "http://127.0.0.1/", "https://169.254.169.254/", $"https://{key}.example.com/", .. own.Select(host => $"https://{host}.example.com/"), .. own.Select(host => $"https://evil-{host}.example.com/")],
            url => Assert.NotNull(connector.WhyNotHost(new Uri(url))));
    }

    private static Connector Find(string key) => ConnectorCatalog.FromAssembly().Find(key)!;

    private static void AssertHttps(string url) => Assert.True(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "https", IsDefaultPort: true, UserInfo: "", Fragment: "" }, $"{url} is no https URL.");

    private static void AssertUnique(IEnumerable<string> names) => Assert.All(names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase), group => Assert.Single(group));

    // Empty stands for anything.
    private static void AssertPattern(string pattern)
    {
        if (pattern.Length > 0)
        {
            Assert.StartsWith("^", pattern, StringComparison.Ordinal);
            Assert.EndsWith("$", pattern, StringComparison.Ordinal);
            Assert.NotNull(new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)));
        }
    }

    // WCAG 2.2, contrast ratio.
    private static double ContrastWithWhite(string color)
    {
        Assert.Matches("^#[0-9a-f]{6}$", color);
        var parts = Enumerable.Range(0, 3).Select(i => int.Parse(color.AsSpan(1 + i * 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)).ToArray();
        return 1.05 / (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05);
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KebabCase();

    [GeneratedRegex("^[a-z][A-Za-z0-9]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CamelCase();
}
