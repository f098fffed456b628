using Integrations.Core.Storage;
using Integrations.Core.Webhooks;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Webhooks;

public sealed partial class TailPanel
{
    private const int MaxRows = 100;
    private static readonly HubSignalKind[] _kinds = [HubSignalKind.DeliveriesChanged];

    private readonly List<TailRow> _rows = [];
    private TailReader? _reader;
    private bool _paused;
    private bool _failed;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required DeliveryTail Tail { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ILogger<TailPanel> Logger { get; init; }

    [Parameter, EditorRequired]
    public required Guid EndpointId { get; set; }

    private string Words => _paused
        ? "Paused. What is tried meanwhile shows when you resume, the newest hundred at most."
        : "Live. Times are in UTC.";

    protected override void OnInitialized() => _reader = Tail.Begin(EndpointId);

    private async Task PauseAsync()
    {
        _paused = !_paused;
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        if (_paused)
        {
            return;
        }

        try
        {
            foreach (var row in await _reader!.NextAsync(await Member.GetActorAsync(), MaxRows, CancellationToken.None))
            {
                _rows.Insert(0, row);
            }

            _rows.RemoveRange(Math.Min(MaxRows, _rows.Count), Math.Max(0, _rows.Count - MaxRows));
            _failed = false;
        }
        catch (Exception exception)
        {
            ShellLog.LoadFailed(Logger, RequestId.Current(), exception);
            _failed = true;
        }
    }

    private string Href(TailRow row) => Navigation.GetUriWithQueryParameter("delivery", PublicId.Format(PublicId.Delivery, row.DeliveryId));
}
