using Integrations.Core.Events;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Events;

/// <summary>Answers the <see cref="PublishedEvent"/>.</summary>
public sealed partial class PublishDialog
{
    private readonly FormFaults _faults = new("event", "data", "id");

    private IReadOnlyList<EventTypeRow> _types = [];
    private string _type = "";
    private string _description = "One of the catalogue, one that you defined, or a name that begins with custom.";
    private string _data = "{}";
    private string? _filledIn = "{}";
    private string _ownId = "";
    private bool _saving;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required EventTypes EventTypes { get; init; }

    [Inject]
    public required EventPublisher Publisher { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    protected override async Task OnInitializedAsync() =>
        _types = [.. (await EventTypes.ListAsync(await Member.GetActorAsync(), CancellationToken.None)).Where(type => !type.ByHub)];

    private void OnType(ChangeEventArgs args)
    {
        _type = (args.Value as string ?? "").Trim();
        if (_types.FirstOrDefault(type => type.Name == EventTypeName.Resolve(_type)) is not { } known)
        {
            return;
        }

        _description = known.Description;
        // Only what was filled in is replaced, never what somebody typed.
        if (_data == _filledIn && JsonText.Indent(known.Example) is { } example)
        {
            _data = example;
            _filledIn = example;
        }
    }

    private async Task PublishAsync()
    {
        if (_saving)
        {
            return;
        }

        _saving = true;
        PublishedEvent? published = null;
        await _faults.TryAsync(async () => published = await SendAsync());
        _saving = false;
        if (published is not null)
        {
            Dialogs.Close(published);
            return;
        }

        StateHasChanged();
        await Browser.ShowFaultAsync();
    }

    private async Task<PublishedEvent> SendAsync()
    {
        Faults faults = new();
        faults.AddIf(_type.Length == 0, "event", "Give the type, such as invoice.paid.");
        if (JsonText.WhyNotObject(_data) is { } reason)
        {
            faults.Add("data", reason);
        }

        faults.ThrowIfAny();
        var id = _ownId.Trim() is { Length: > 0 } own ? own : null;
        return (await Publisher.PublishAsync(await Member.GetActorAsync(), [new NewEvent(_type, JsonText.Compact(_data), id)], CancellationToken.None))[0];
    }
}
