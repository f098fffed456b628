using System.Text.Json;
using System.Text.Json.Nodes;

namespace Integrations.Sandbox.Providers.Data;

/// <summary>What the rows of one kind look like at their provider.</summary>
/// <param name="Name">As tests and the control's endpoint name it: <c>customers</c>.</param>
/// <param name="Rows">How many there are, unless a test says otherwise.</param>
/// <param name="Write">The whole row as the provider has it. Not asked of rows that were edited or written by a client: those are kept.</param>
internal sealed record RowType(string Name, int Rows, RowIds Ids, Action<Utf8JsonWriter, Row> Write)
{
    /// <summary>How many there are in each further table of a type that has several, such as the members of a second list.</summary>
    public int RowsElsewhere { get; init; } = 25;

    /// <summary>The id that clients see, where it follows from the row's content and not from its place alone, and how it leads back.</summary>
    public (Func<Row, string> Of, Func<DataTable, string, Row?> Find)? ContentId { get; init; }

    /// <summary>What a generated row is found by beside its id, such as its e-mail address: its last digits must be the row's index, or one more. Null when the row has none.</summary>
    public Func<Row, string?> Key { get; init; } = _ => null;

    /// <summary>The same of a row that is kept.</summary>
    public Func<JsonElement, string?> KeyIn { get; init; } = _ => null;

    /// <summary>Another text that a row is found by, under the same rules.</summary>
    public Func<Row, string?> Alias { get; init; } = _ => null;

    public Func<JsonElement, string?> AliasIn { get; init; } = _ => null;

    /// <summary>Puts the id and the times of a row into its JSON, wherever the provider has them.</summary>
    public Action<JsonObject, Row> Stamp { get; init; } = (_, _) => { };
}
