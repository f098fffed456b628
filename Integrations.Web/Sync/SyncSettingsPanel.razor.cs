using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Sync;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Sync;

public sealed partial class SyncSettingsPanel
{
    private const string Cron = "cron";
    private const string Frequency = $"settings.{ConnectionSettings.SyncFrequency}";
    private const string Zone = $"settings.{ConnectionSettings.TimeZone}";
    private const string DataTypes = $"settings.{ConnectionSettings.DataTypes}";
    private const int Previewed = 5;

    private readonly string _id = ElementIds.Next("sync-settings");
    private readonly FormFaults _faults = new(Frequency, Zone, DataTypes);
    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);
    private IReadOnlyList<ConnectorDataType> _types = [];
    private IReadOnlyList<string> _zones = [];
    private string _frequency = "off";
    private string _zone = ScheduleZone.Utc;
    private string _direction = "both";
    private string _policy = "newest";
    private bool _isCron;
    private bool _busy;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required ConnectionService Service { get; init; }

    [Inject]
    public required Toasts Toasts { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required Clock Clock { get; init; }

    [Parameter, EditorRequired]
    public required ConnectionDetail Connection { get; set; }

    [Parameter]
    public bool CanWrite { get; set; }

    private string Provider => Connection.Connector.Info.Name;

    private IReadOnlyList<DateTimeOffset> Next => SyncFrequency.Next(_frequency, _zone, Connection.Id, Clock.UtcNow, Previewed);

    // What is being edited is not written over by a change that somebody else makes.
    protected override void OnInitialized()
    {
        _types = [.. Connection.Connector.DataTypes.Where(SyncRunWords.IsSynced)];
        _frequency = Setting(ConnectionSettings.SyncFrequency);
        _frequency = _frequency.Length == 0 ? "off" : _frequency;
        _isCron = !SyncFrequency.Words.ContainsKey(_frequency);
        _zone = Setting(ConnectionSettings.TimeZone) is { Length: > 0 } zone ? zone : ScheduleZone.Utc;
        // A name that was given over REST may be another one for a zone of the list.
        _zones = ScheduleZone.Names.Contains(_zone) ? ScheduleZone.Names : [_zone, .. ScheduleZone.Names];
        _direction = Known(ConnectionSettings.Direction);
        _policy = Known(ConnectionSettings.ConflictPolicy);
        var set = Setting(ConnectionSettings.DataTypes).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        _chosen.UnionWith(set.Length > 0 ? set : _types.Select(type => type.Name));
    }

    private string Setting(string name) => Connection.Settings.GetValueOrDefault(name, "");

    private string Known(string name) => Setting(name) is { Length: > 0 } value && ConnectionSettings.WordsOf(name)!.Contains(value) ? value : ConnectionSettings.Defaults[name];

    private void Toggle(string name, bool isChosen)
    {
        if (isChosen)
        {
            _chosen.Add(name);
        }
        else
        {
            _chosen.Remove(name);
        }
    }

    private void ChooseFrequency(ChangeEventArgs args)
    {
        _isCron = args.Value as string == Cron;
        // What the chosen word means is a good beginning for an expression of one's own.
        _frequency = _isCron ? SyncFrequency.ToCron(_frequency, Connection.Id) ?? "0 0 6 * * ?" : args.Value as string ?? "off";
    }

    private async Task SaveAsync()
    {
        if (_busy)
        {
            return;
        }

        _busy = true;
        var done = _types.Any(type => _chosen.Contains(type.Name))
            ? await _faults.TryAsync(async () => await Service.UpdateAsync(await Member.GetActorAsync(), Connection.Id, new ConnectionChanges { Settings = Changes() }, CancellationToken.None))
            : NothingChosen();
        _busy = false;
        if (done)
        {
            Toasts.Success("The settings of the sync were saved.");
            return;
        }

        StateHasChanged();
        await Browser.ShowFaultAsync();
    }

    private bool NothingChosen()
    {
        _faults.Clear();
        _faults.Add(DataTypes, "Tick at least one data type. To stop syncing, choose that it runs only by hand.");
        return false;
    }

    private Dictionary<string, string> Changes() => new(StringComparer.Ordinal)
    {
        [ConnectionSettings.SyncFrequency] = _frequency,
        [ConnectionSettings.TimeZone] = _zone,
        // Nothing named is everything, also what the provider gets later.
        [ConnectionSettings.DataTypes] = _types.All(type => _chosen.Contains(type.Name)) ? "" : string.Join(',', _types.Select(type => type.Name).Where(_chosen.Contains)),
        [ConnectionSettings.Direction] = _direction,
        [ConnectionSettings.ConflictPolicy] = _policy,
    };
}
