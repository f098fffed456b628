using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Shared;

public sealed partial class JsonTreeNode
{
    private const int Step = 100;
    private const int MaxFound = 200;
    private const int OpenDepth = 2;

    private int _shown = Step;
    private bool? _chosen;
    private JsonSearch? _searched;

    [Parameter]
    public string? Name { get; set; }

    [Parameter, EditorRequired]
    public JsonElement Value { get; set; }

    [Parameter, EditorRequired]
    public required string Path { get; set; }

    [Parameter, EditorRequired]
    public int Depth { get; set; }

    [Parameter, EditorRequired]
    public required JsonSearch Search { get; set; }

    private bool IsBranch => Count > 0;

    private int Count => Value.ValueKind switch
    {
        JsonValueKind.Object => Value.GetPropertyCount(),
        JsonValueKind.Array => Value.GetArrayLength(),
        _ => 0,
    };

    private bool IsOpen => _chosen ?? (Depth < OpenDepth || Search.LeadsToMatch(Path));

    private string Summary => (Value.ValueKind, IsOpen) switch
    {
        (JsonValueKind.Object, true) => "{ }",
        (JsonValueKind.Object, false) => $"{{ {Count} }}",
        (_, true) => "[ ]",
        _ => $"[ {Count} ]",
    };

    private string ValueText => Value.ValueKind switch
    {
        JsonValueKind.String => $"\"{Value.GetString()}\"",
        JsonValueKind.Object => "{ }",
        JsonValueKind.Array => "[ ]",
        _ => Value.GetRawText(),
    };

    private string ValueClass => Value.ValueKind switch
    {
        JsonValueKind.String => "json-string",
        JsonValueKind.Number => "json-number",
        _ => "json-word",
    };

    protected override void OnParametersSet()
    {
        // A new search opens what leads to a match, whatever was folded before.
        if (!ReferenceEquals(_searched, Search))
        {
            _searched = Search;
            _chosen = Search.LeadsToMatch(Path) ? null : _chosen;
        }
    }

    // What was found is shown even where it stands far down a long list, but never the whole list at once.
    private IEnumerable<(string Name, JsonElement Value)> ShownChildren() => Children()
        .Where((child, index) => index < _shown || IsFound(child.Name, child.Value))
        .Take(_shown + MaxFound);

    private bool IsFound(string name, JsonElement value) => Search.LeadsToMatch(JsonSearch.PathOf(Path, name))
        || (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) && Search.Matches(value.ToString()))
        || (Value.ValueKind == JsonValueKind.Object && Search.Matches(name));

    private IEnumerable<(string Name, JsonElement Value)> Children() => Value.ValueKind == JsonValueKind.Object
        ? Value.EnumerateObject().Select(member => (member.Name, member.Value))
        : Value.EnumerateArray().Select((item, index) => (index.ToString(CultureInfo.InvariantCulture), item));

    private void Toggle() => _chosen = !IsOpen;
}
