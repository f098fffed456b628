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
    private HashSet<Guid> _seen = [];
    private DateTimeOffset _begun;
    private DateTimeOffset _since;
    private bool _paused;
    private bool _failed;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required DeliveryTail Tail { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<TailPanel> Logger { get; init; }

    [Parameter, EditorRequired]
    public required Guid EndpointId { get; set; }

    private string Words => _paused
        ? "Paused. What is tried meanwhile shows when you resume, the newest hundred at most."
        : "Live. Times are in UTC.";

    protected override void OnInitialized() => _since = _begun = Time.GetUtcNow();

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
            var now = Time.GetUtcNow();
            var fresh = await Tail.ReadAsync(await Member.GetActorAsync(), EndpointId, _begun, _since, _seen, MaxRows, CancellationToken.None);
            foreach (var row in fresh)
            {
                _rows.Insert(0, row);
                _seen.Add(row.AttemptId);
            }

            _rows.RemoveRange(Math.Min(MaxRows, _rows.Count), Math.Max(0, _rows.Count - MaxRows));
            // Only what could come again has to be remembered.
            _seen = _seen.Count > 20 * MaxRows ? [.. _seen.Order().TakeLast(10 * MaxRows)] : _seen;
            _since = now;
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
