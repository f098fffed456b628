using System.Text.RegularExpressions;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Quartz;

namespace Integrations.Core.Connections;

/// <summary>Checks what callers say of connections.</summary>
public static class ConnectionInputCheck
{
    private const int MaxValue = 8_192;
    private static readonly TimeSpan _patternTimeout = TimeSpan.FromSeconds(1);
    private static readonly string[] _frequencies = ["off", "15min", "hourly", "daily", "weekly"];

    /// <exception cref="Refusal">There is no such provider.</exception>
    public static Connector Find(ConnectorCatalog catalog, string? provider, string field = "provider") => catalog.Find(provider)
        ?? throw Refusal.Invalid(field, string.IsNullOrWhiteSpace(provider)
            ? $"{field} is required: one of {string.Join(", ", catalog.All.Select(connector => connector.Info.Key))}."
            : $"{provider} is not a provider. GET /api/integrations lists all.");

    /// <summary>The permissions that a caller asks for; the connector's defaults when none are named.</summary>
    public static List<string> Permissions(Connector connector, IReadOnlyList<string>? asked, Faults faults)
    {
        if (asked is null)
        {
            return [.. connector.Permissions.Where(permission => permission.IsDefault || !permission.IsOptional).Select(permission => permission.Name)];
        }

        for (var i = 0; i < asked.Count; i++)
        {
            faults.AddIf(
                connector.Permissions.All(permission => permission.Name != asked[i]),
                $"permissions[{i}]",
                $"{asked[i]} is not a permission of {connector.Info.Name}. It has {(connector.Permissions.Count == 0 ? "none" : string.Join(", ", connector.Permissions.Select(permission => permission.Name)))}.");
        }

        return [.. connector.Permissions.Where(permission => !permission.IsOptional || asked.Contains(permission.Name)).Select(permission => permission.Name)];
    }

    /// <summary>The provider's scopes that permissions take, with those that are always asked for.</summary>
    public static List<string> ScopesOf(Connector connector, IEnumerable<string> permissions) =>
        [.. connector.OAuth!.BaseScopes.Concat(connector.Permissions.Where(permission => permissions.Contains(permission.Name)).SelectMany(permission => permission.Scopes)).Distinct(StringComparer.Ordinal)];

    /// <summary>The permissions that granted scopes amount to.</summary>
    public static List<string> Granted(Connector connector, IEnumerable<string> asked, IReadOnlyCollection<string>? scopes) => scopes is null
        ? [.. asked]
        : [.. connector.Permissions.Where(permission => asked.Contains(permission.Name) && permission.Scopes.All(scopes.Contains)).Select(permission => permission.Name)];

    public static void Name(string? name, Faults faults) => faults.AddIf(
        name is not null && (name.Trim().Length is 0 or > Connection.MaxNameLength || name.Any(char.IsControl)), "name", $"name must be 1 to {Connection.MaxNameLength} characters without control characters.");

    /// <summary>The values of a credential's fields, trimmed; faults name each that is missing, unknown or malformed, and never repeat a secret.</summary>
    public static Dictionary<string, string> Fields(FieldsMethod method, IReadOnlyDictionary<string, string> given, string path, Faults faults)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (var unknown in given.Keys.Where(name => method.Fields.All(field => field.Name != name)))
        {
            faults.Add($"{path}{unknown}", $"{unknown} is not a field here. The fields are {string.Join(", ", method.Fields.Select(field => field.Name))}.");
        }

        foreach (var field in method.Fields)
        {
            if (given.GetValueOrDefault(field.Name)?.Trim() is not { Length: > 0 } value)
            {
                faults.AddIf(!field.IsOptional, $"{path}{field.Name}", $"{field.Name} is required. {field.Hint}");
            }
            else if (WhyNot(field, value) is { } reason)
            {
                faults.Add($"{path}{field.Name}", reason);
            }
            else
            {
                values[field.Name] = value;
            }
        }

        return values;
    }

    /// <summary>Why a value cannot be a field's, or null; forms ask while somebody types.</summary>
    public static string? WhyNot(CredentialField field, string value) =>
        value.Length > MaxValue || value.Any(char.IsControl) ? $"{field.Name} may have at most {MaxValue} characters and no control characters."
        : field.Pattern.Length > 0 && !Regex.IsMatch(value, field.Pattern, RegexOptions.CultureInvariant, _patternTimeout) ? $"This does not look like {("AEIOU".Contains(field.Label[0], StringComparison.Ordinal) ? "an" : "a")} {field.Label}. {field.Hint}"
        : field.IsUrl && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http") ? $"{field.Name} must be an absolute URL."
        : field.IsExpiry && !DateTimeOffset.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out _) ? $"{field.Name} must be an ISO 8601 time."
        : null;

    /// <summary>Lays changed connector settings over the present ones.</summary>
    public static Dictionary<string, string> ProviderSettings(Connector connector, IReadOnlyDictionary<string, string> present, IReadOnlyDictionary<string, string>? changes, string path, Faults faults)
    {
        Dictionary<string, string> settings = new(present, StringComparer.Ordinal);
        foreach (var (name, value) in changes ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (connector.Settings.FirstOrDefault(setting => setting.Name == name) is not { } known)
            {
                faults.Add($"{path}{name}", connector.Settings.Count == 0
                    ? $"{connector.Info.Name} has no settings of its own."
                    : $"{name} is not a setting of {connector.Info.Name}. It has {string.Join(", ", connector.Settings.Select(setting => setting.Name))}.");
            }
            else if (value.Trim() is not { Length: > 0 } text)
            {
                settings.Remove(name);
            }
            else if (text.Length > 512 || (known.Pattern.Length > 0 && !Regex.IsMatch(text, known.Pattern, RegexOptions.CultureInvariant, _patternTimeout)))
            {
                faults.Add($"{path}{name}", $"This cannot be {known.Label}. {known.Help}");
            }
            else
            {
                settings[name] = text;
            }
        }

        return settings;
    }

    /// <summary>Lays changed settings that every connection has over the present ones.</summary>
    public static Dictionary<string, string> Settings(Connector connector, IReadOnlyDictionary<string, string> present, IReadOnlyDictionary<string, string>? changes, Faults faults)
    {
        Dictionary<string, string> settings = new(present, StringComparer.Ordinal);
        foreach (var (name, value) in changes ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!ConnectionSettings.Defaults.ContainsKey(name))
            {
                faults.Add($"settings.{name}", $"{name} is not a setting. The settings are {string.Join(", ", ConnectionSettings.Defaults.Keys)} and provider.");
            }
            else if (value.Trim() is { Length: > 0 } text && WhyNotSetting(connector, name, text) is { } reason)
            {
                faults.Add($"settings.{name}", reason);
            }
            else
            {
                settings[name] = value.Trim() is { Length: > 0 } given ? given : ConnectionSettings.Defaults[name];
            }
        }

        return settings;
    }

    private static bool IsCron(string value)
    {
        try
        {
            _ = new CronExpression(value);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string? WhyNotSetting(Connector connector, string name, string value) => name switch
    {
        ConnectionSettings.SyncFrequency => _frequencies.Contains(value) || IsCron(value)
            ? null
            : $"syncFrequency must be one of {string.Join(", ", _frequencies)}, or a cron expression with seconds, such as 0 0 6 * * ?.",
        ConnectionSettings.TimeZone => ScheduleZone.IsKnown(value) ? null : $"{value} is no time zone that the hub knows. Give a name such as Asia/Kuala_Lumpur, Europe/Berlin or UTC.",
        ConnectionSettings.DataTypes => value.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(type => connector.DataTypes.All(known => known.Name != type)) is { } unknown
            ? $"{unknown} is not a data type of {connector.Info.Name}. It has {string.Join(", ", connector.DataTypes.Select(type => type.Name))}."
            : null,
        ConnectionSettings.WebhookUrl => Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && value.Length <= 2048
            ? null
            : "webhookUrl must be an absolute https URL: the address under which the provider reaches the hub.",
        _ => ConnectionSettings.WordsOf(name) is { } words && !words.Contains(value) ? $"{name} must be {string.Join(", ", words)}." : null,
    };
}
