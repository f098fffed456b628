using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Shared;

public sealed partial class JsonView
{
    /// <summary>More than this is not put on a page: the browser would stand still.</summary>
    public const int MaxShownLength = 256 * 1024;

    private string? _parsed;
    private int _version;
    private JsonElement? _root;
    private string? _problem;
    private string _query = "";
    private JsonSearch _search = JsonSearch.None;

    [Parameter, EditorRequired]
    public required string? Json { get; set; }

    [Parameter]
    public string Label { get; set; } = "JSON";

    private string CountText => _query.Length == 0 ? "" : _search.Count == 1 ? "1 match" : $"{_search.Count:N0} matches";

    private string Shown => Json is { Length: > MaxShownLength } ? Json[..MaxShownLength] : Json ?? "";

    protected override void OnParametersSet()
    {
        if (_parsed is null || _parsed != Json)
        {
            _parsed = Json ?? "";
            Parse(_parsed);
        }
    }

    private void Parse(string json)
    {
        _version++;
        _root = null;
        _problem = null;
        _query = "";
        _search = JsonSearch.None;
        if (json.Length > MaxShownLength)
        {
            _problem = "Only the first 256 KB are shown. Copy takes all of it.";
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            Read(document.RootElement);
            _root = document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            _problem = json.Length == 0 ? null : "This is not valid JSON. It is shown as it was received.";
        }
    }

    // The parser leaves escapes such as a lone \ud800 alone; reading them throws, better here than while the tree is drawn.
    private static void Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    Read(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Read(item);
                }

                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }

    private void OnSearch(ChangeEventArgs args)
    {
        _query = (args.Value as string ?? "").Trim();
        _search = _root is { } root && _query.Length > 0 ? JsonSearch.In(root, _query) : JsonSearch.None;
    }
}
