using System.Text.Json;
using System.Text.Json.Nodes;

namespace Integrations.Core.Providers;

/// <summary>
/// The lines of a document that is changed: each keeps what the provider has of it and the hub does not know, such as its account and its tax. A line is found by its words, since others may
/// have gone or come before it; one whose words changed by its place.
/// </summary>
internal static class KeptLines
{
    /// <param name="ours">The lines as the hub has them.</param>
    /// <param name="theirs">The lines as the provider has them.</param>
    /// <param name="words">The member by which a line is found.</param>
    /// <param name="computed">What the provider computes of the rest, and which so must not be kept.</param>
    public static JsonArray Over(JsonArray ours, IEnumerable<JsonElement> theirs, string words, params IReadOnlyList<string> computed)
    {
        var found = Find(ours, [.. theirs], words);
        JsonArray lines = [];
        foreach (var (index, line) in ours.Index())
        {
            var merged = found[index] is { } kept ? JsonObject.Create(kept)! : [];
            foreach (var name in computed)
            {
                merged.Remove(name);
            }

            Put(merged, (JsonObject)line!);
            lines.Add(merged);
        }

        return lines;
    }

    private static JsonElement?[] Find(JsonArray ours, List<JsonElement> theirs, string words)
    {
        var found = new JsonElement?[ours.Count];
        var free = Enumerable.Range(0, theirs.Count).ToHashSet();
        for (var index = 0; index < ours.Count; index++)
        {
            Take(index, index < theirs.Count && IsSame(index, index) ? index : -1);
        }

        for (var index = 0; index < ours.Count; index++)
        {
            Take(index, found[index] is null ? free.Where(other => IsSame(index, other)).DefaultIfEmpty(-1).Min() : -1);
        }

        for (var index = 0; index < ours.Count; index++)
        {
            Take(index, found[index] is null ? index : -1);
        }

        return found;

        bool IsSame(int index, int other) => ours[index]?[words]?.ToString() == theirs[other].TextAt(words);

        void Take(int index, int other)
        {
            if (free.Remove(other))
            {
                found[index] = theirs[other];
            }
        }
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
