using Integrations.Core.Storage;
using Integrations.Web.Account;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Shared;

/// <summary>
/// Shows nothing; a page places it to hear when its data changed. Signals of other organizations are not heard, many in a row are one, and a call never begins
/// before the one before it has ended.
/// </summary>
public sealed class LiveUpdates : ComponentBase, IDisposable
{
    /// <summary>The least time between two calls.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private IDisposable? _subscription;
    private ITimer? _timer;
    private Guid _organization;
    private DateTimeOffset _earliest;
    private bool _scheduled;
    private bool _running;
    private bool _again;
    private bool _disposed;

    [Inject]
    public required HubSignals Signals { get; init; }

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Parameter, EditorRequired]
    public required IReadOnlyCollection<HubSignalKind> Kinds { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnChange { get; set; }

    /// <summary>Whether signals are heard already: the organization is read first.</summary>
    internal bool IsListening => _subscription is not null;

    /// <summary>Whether a call is to come, and whether one is under way.</summary>
    internal (bool IsScheduled, bool IsRunning) State
    {
        get
        {
            lock (_gate)
            {
                return (_scheduled, _running);
            }
        }
    }

    protected override async Task OnInitializedAsync()
    {
        _timer = Time.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _organization = (await Member.GetMembershipAsync()).OrganizationId;
        if (!_disposed)
        {
            _subscription = Signals.Subscribe(OnSignal);
        }
    }

    private void OnSignal(HubSignal signal)
    {
        if (signal.OrganizationId == _organization && Kinds.Contains(signal.Kind))
        {
            Schedule();
        }
    }

    private void Schedule()
    {
        lock (_gate)
        {
            if (_disposed || _scheduled)
            {
                return;
            }

            if (_running)
            {
                _again = true;
                return;
            }

            _scheduled = true;
            var wait = _earliest - Time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                // A clock that was set back must not hold the call up.
                _timer!.Change(wait < Interval ? wait : Interval, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Run();
    }

    // Never on the thread of the signal: that one is writing to the database, and others wait for it.
    private void Run() => _ = Task.Run(() => InvokeAsync(CallAsync));

    private async Task CallAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _scheduled = false;
            _running = true;
        }

        try
        {
            await OnChange.InvokeAsync();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }

        bool again;
        lock (_gate)
        {
            _running = false;
            again = _again;
            _again = false;
            _earliest = Time.GetUtcNow() + Interval;
        }

        if (again)
        {
            Schedule();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _subscription?.Dispose();
        _timer?.Dispose();
    }
}
