using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Integrations.Core.Storage;

/// <summary>Lists of plain values as JSON text on both databases, so that plain SQL reads them alike.</summary>
internal sealed class JsonListConverter<T>() : ValueConverter<List<T>, string>(
    list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
    text => JsonSerializer.Deserialize<List<T>>(text, JsonSerializerOptions.Default)!);

/// <summary>Sees that a list's contents changed.</summary>
internal sealed class JsonListComparer<T>() : ValueComparer<List<T>>(
    (first, second) => ReferenceEquals(first, second) || (first != null && second != null && first.SequenceEqual(second)),
    list => list.Aggregate(0, (hash, item) => HashCode.Combine(hash, item)),
    list => list.ToList());
