using System.Text.RegularExpressions;
using Integrations.Testing;

namespace Integrations.Core.Tests.Architecture;

/// <summary>Who may use whom in the core: read from the usings, held here.</summary>
public sealed partial class DependencyTests
{
    private static readonly string[] _ground = ["Security", "Storage", "Audit", "Organizations", "Jobs", "Events"];

    private static readonly Dictionary<string, string[]> _above = new(StringComparer.Ordinal)
    {
        ["Webhooks"] = [],
        ["Providers"] = [],
        ["Connections"] = ["Providers", "Webhooks"],
        ["Records"] = [],
        ["Sync"] = ["Connections", "Providers", "Records"],
        ["Inbound"] = ["Connections", "Providers", "Records", "Sync"],
        ["ApiKeys"] = [],
        ["StoredKeys"] = [],
        ["OAuthServer"] = [],
        ["Requests"] = ["ApiKeys", "OAuthServer"],
        ["Overview"] = ["Webhooks", "Providers", "Connections", "Records", "Sync", "Inbound", "ApiKeys", "StoredKeys", "OAuthServer", "Requests", "Health"],
        ["Health"] = ["Webhooks", "Providers", "Connections", "Records", "Sync", "Inbound", "ApiKeys", "StoredKeys", "OAuthServer", "Requests"],
    };

    // The model names all entities; setting up makes the organization's first API key with it.
    private static readonly Dictionary<string, string[]> _exceptions = new(StringComparer.Ordinal)
    {
        ["Storage/IntegrationsDbContext.cs"] = ["*"],
        ["Organizations/SetupService.cs"] = ["ApiKeys"],
        ["Organizations/SetupOptionsValidator.cs"] = ["ApiKeys"],
    };

    [Fact]
    public void Features_use_only_what_lies_below_them()
    {
        var core = RepositoryFiles.Path("Integrations.Core");
        List<string> faults = [];
        foreach (var file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(core, file).Replace('\\', '/');
            var feature = path.Split('/')[0];
            if (feature is "bin" or "obj" || !path.Contains('/') || path.Contains("/Migrations/"))
            {
                continue;
            }

            var allowed = Allowed(feature);
            var excepted = _exceptions.GetValueOrDefault(path, []);
            faults.AddRange(Using().Matches(File.ReadAllText(file)).Select(match => match.Groups["feature"].Value).Distinct()
                .Where(used => used != feature && !allowed.Contains(used) && !excepted.Contains(used) && !excepted.Contains("*"))
                .Select(used => $"{path} uses {used}"));
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void Every_folder_of_the_core_is_a_feature_that_the_design_names()
    {
        var folders = Directory.GetDirectories(RepositoryFiles.Path("Integrations.Core")).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));

        Assert.All(folders, folder => Assert.True(_ground.Contains(folder) || _above.ContainsKey(folder!), $"{folder} is not in the dependency table."));
    }

    private static string[] Allowed(string feature)
    {
        var floor = Array.IndexOf(_ground, feature);
        if (floor >= 0)
        {
            return _ground[..floor];
        }

        return feature == "Providers" ? ["Security"] : [.. _ground, .. _above[feature]];
    }

    [GeneratedRegex(@"^using (static )?Integrations\.Core\.(?<feature>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Using();
}
