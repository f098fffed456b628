using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Integrations.Core.Storage;

/// <summary>Named texts as a JSON object on both databases.</summary>
internal sealed class JsonMapConverter() : ValueConverter<Dictionary<string, string>, string>(
    map => JsonSerializer.Serialize(map, JsonSerializerOptions.Default),
    text => JsonSerializer.Deserialize<Dictionary<string, string>>(text, JsonSerializerOptions.Default)!);

/// <summary>Sees that a map's contents changed.</summary>
internal sealed class JsonMapComparer() : ValueComparer<Dictionary<string, string>>(
    (first, second) => ReferenceEquals(first, second) || (first != null && second != null && first.Count == second.Count && !first.Except(second).Any()),
    map => map.Aggregate(0, (hash, item) => hash ^ HashCode.Combine(item.Key, item.Value)),
    map => new Dictionary<string, string>(map, StringComparer.Ordinal));
