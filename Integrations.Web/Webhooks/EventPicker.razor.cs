using Integrations.Core.Events;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Integrations.Web.Webhooks;

public sealed partial class EventPicker
{
    private const string CustomFamily = "custom.*";

    private readonly string _id = ElementIds.Next("events");
    private string _search = "";
    private IReadOnlyList<string> _some = [];

    [Parameter, EditorRequired]
    public required IReadOnlyList<EventTypeRow> Types { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Value { get; set; }

    [Parameter]
    public EventCallback<IReadOnlyList<string>> ValueChanged { get; set; }

    [Parameter]
    public string? Error { get; set; }

    /// <summary>The words for choosing all.</summary>
    [Parameter]
    public string AllText { get; set; } = "All events, also types that come later";

    private string? Custom => EventSelection.Custom(_search);

    private IEnumerable<Group> Groups
    {
        get
        {
            // A test goes to the tested endpoint alone; nobody subscribes to it.
            var groups = Types.Where(type => type.Name != EventCatalogue.Test).GroupBy(type => type.Name[..type.Name.IndexOf('.')], StringComparer.Ordinal)
                .Select(group => new Group(group.Key, [.. group])).ToList();
            if (groups.TrueForAll(group => group.Family != CustomFamily))
            {
                groups.Add(new Group(CustomFamily[..^2], []));
            }

            return groups.Select(Match).OfType<Group>();
        }
    }

    private Group? Match(Group group)
    {
        if (_search.Length == 0 || group.Family.Contains(_search, StringComparison.OrdinalIgnoreCase))
        {
            return group;
        }

        List<EventTypeRow> types = [.. group.Types.Where(type =>
            type.Name.Contains(_search, StringComparison.OrdinalIgnoreCase) || type.Description.Contains(_search, StringComparison.OrdinalIgnoreCase))];
        return types.Count == 0 ? null : group with { Types = types };
    }

    private bool IsChosen(string pattern) => Value.Contains(pattern) || EventSelection.IsCovered(Value, pattern);

    private void OnSearch(ChangeEventArgs args) => _search = (args.Value as string ?? "").Trim();

    private Task OnKeyAsync(KeyboardEventArgs args) => args.Key == "Enter" && Custom is { } custom ? AddAsync(custom) : Task.CompletedTask;

    private Task ChooseAllAsync()
    {
        _some = Value;
        return ValueChanged.InvokeAsync([EventPattern.All]);
    }

    private Task ChooseSomeAsync() => ValueChanged.InvokeAsync(EventSelection.IsAll(_some) ? [] : _some);

    private Task ToggleAsync(string pattern, ChangeEventArgs args) => args.Value is true ? AddAsync(pattern) : RemoveAsync(pattern);

    private Task AddAsync(string pattern) => ValueChanged.InvokeAsync(EventSelection.Add(Value, pattern));

    private Task RemoveAsync(string pattern) => ValueChanged.InvokeAsync(EventSelection.Remove(Value, pattern));

    private sealed record Group(string Name, IReadOnlyList<EventTypeRow> Types)
    {
        public string Family => Name + ".*";
    }
}
