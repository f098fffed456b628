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
            _root = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            _problem = json.Length == 0 ? null : "This is not valid JSON. It is shown as it was received.";
        }
    }

    private void OnSearch(ChangeEventArgs args)
    {
        _query = (args.Value as string ?? "").Trim();
        _search = _root is { } root && _query.Length > 0 ? JsonSearch.In(root, _query) : JsonSearch.None;
    }
}
