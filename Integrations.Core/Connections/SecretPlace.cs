using Integrations.Core.Providers;

namespace Integrations.Core.Connections;

/// <summary>Where a secret goes that came without the name of its field: an <c>apiKey</c>, or a key out of the store.</summary>
public static class SecretPlace
{
    /// <summary>Why there is no one place for such a secret beside the fields that are given, or null when there is.</summary>
    public static string? WhyNone(Connector connector, IReadOnlyDictionary<string, string>? credentials)
    {
        var methods = connector.AuthMethods.OfType<FieldsMethod>().ToList();
        if (methods.Count == 0)
        {
            return $"{connector.Info.Name} takes neither a key nor a token, so a stored key cannot connect it.";
        }

        List<string> given = [.. credentials?.Keys ?? []];
        return Missing(MethodFor(methods, given), given) switch
        {
            [_] => null,
            [] => "credentials names the secret already. Leave it out there, or send no stored key.",
            var several => $"{connector.Info.Name} takes {string.Join(" and ", several.Select(field => field.Name))}. Send all but one of them in credentials.",
        };
    }

    /// <summary>The method whose fields the caller names; without any, the one that has a single secret.</summary>
    internal static FieldsMethod MethodFor(IReadOnlyList<FieldsMethod> methods, IReadOnlyCollection<string> given) =>
        methods.FirstOrDefault(method => given.Count > 0 && given.All(name => method.Fields.Any(field => field.Name == name)))
        ?? methods.FirstOrDefault(method => Missing(method, []).Count == 1) ?? methods[0];

    /// <summary>The required secrets that are not given.</summary>
    internal static List<CredentialField> Missing(FieldsMethod method, IReadOnlyCollection<string> given) =>
        [.. method.Fields.Where(field => field is { IsSecret: true, IsOptional: false } && !given.Contains(field.Name))];
}
