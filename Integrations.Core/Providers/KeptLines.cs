using System.Text.Json;
using System.Text.Json.Nodes;

namespace Integrations.Core.Providers;

/// <summary>The lines of a document that is changed: each keeps what the provider has in its place and the hub does not know, such as its account and its tax.</summary>
internal static class KeptLines
{
    /// <param name="ours">The lines as the hub has them.</param>
    /// <param name="theirs">The lines as the provider has them.</param>
    /// <param name="computed">What the provider computes of the rest, and which so must not be kept.</param>
    public static JsonArray Over(JsonArray ours, IEnumerable<JsonElement> theirs, params IReadOnlyList<string> computed)
    {
        var kept = theirs.ToList();
        JsonArray lines = [];
        foreach (var (index, line) in ours.Index())
        {
            var merged = index < kept.Count ? JsonObject.Create(kept[index])! : [];
            foreach (var name in computed)
            {
                merged.Remove(name);
            }

            Put(merged, (JsonObject)line!);
            lines.Add(merged);
        }

        return lines;
    }

    private static void Put(JsonObject into, JsonObject values)
    {
        foreach (var (name, value) in values)
        {
            if (value is JsonObject inner && into[name] is JsonObject known)
            {
                Put(known, inner);
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }
}
