using System.Text.RegularExpressions;
using Integrations.Core.Providers;
using Integrations.Testing;

namespace Integrations.Core.Tests.Providers;

/// <summary>A provider is one file: nothing else in the product knows its name.</summary>
public sealed class ConnectorIsolationTests
{
    // Words that programs use for other things too.
    private static readonly string[] _ordinaryWords = ["custom", "make"];

    [Fact]
    public void No_file_but_its_own_names_a_provider()
    {
        var catalog = ConnectorCatalog.FromAssembly();
        var names = catalog.All.SelectMany(connector => connector.Info.Aliases.Prepend(connector.Info.Key)).Except(_ordinaryWords, StringComparer.Ordinal).Select(Regex.Escape);
        // As a literal of its own; a member of an example in JSON is none.
        var literal = new Regex($"""(?<!":\s*)"(?<name>{string.Join('|', names)})" """.TrimEnd(), RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        List<string> faults = [];
        foreach (var file in new[] { "Integrations.Core", "Integrations.Web" }.SelectMany(project => Directory.EnumerateFiles(RepositoryFiles.Path(project), "*", SearchOption.AllDirectories)))
        {
            var path = Path.GetRelativePath(RepositoryFiles.Root, file).Replace('\\', '/');
            if (Path.GetExtension(file) is not (".cs" or ".razor") || path.Split('/') is [_, "bin" or "obj", ..])
            {
                continue;
            }

            faults.AddRange(literal.Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)
                .Where(name => Path.GetFileNameWithoutExtension(file) != catalog.Find(name)!.GetType().Name)
                .Select(name => $"{path} names {name}"));
        }

        Assert.Empty(faults);
    }
}
