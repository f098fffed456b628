using System.Globalization;
using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Layout;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace Integrations.Web.Records;

public sealed partial class RecordImportPage
{
    private const int Previewed = 10;

    private readonly FormFaults _faults = new("file");
    private readonly CancellationTokenSource _gone = new();
    private CancellationTokenSource _stop = new();
    private RecordType? _type;
    private CsvTable? _table;
    private ImportMapping? _mapping;
    private RecordImport? _import;
    private List<Preview> _preview = [];
    private Crumb[] _breadcrumb = [];
    private string _fileName = "";
    private bool _canWrite;
    private bool _asked;
    private bool _reading;
    private bool _running;
    private bool _cancelled;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required RecordService Records { get; init; }

    [Inject]
    public required ILogger<RecordImportPage> Logger { get; init; }

    [Parameter]
    public required string Type { get; set; }

    private List<string> Shown => [.. _mapping!.Targets.Where(target => target.Length > 0).Distinct(StringComparer.Ordinal)];

    private string MatchWords => _type!.MatchField is { } match
        ? $"A row with the {_type.Find(match)!.Label.ToLowerInvariant()} or the id of a {_type.Singular} that is there changes it; all others are new."
        : $"A row with the id of a {_type.Singular} that is there changes it; all others are new.";

    protected override async Task OnInitializedAsync()
    {
        _type = RecordTypes.Find(Type);
        _breadcrumb = _type is null ? [new("Records", "/records")] : [new("Records", "/records"), new(_type.Label, $"/records/{_type.Name}")];
        _canWrite = (await Member.GetActorAsync()).Can(Permission.RecordsWrite);
        _asked = true;
    }

    private static string Width(RecordImport import, int rows) => string.Create(CultureInfo.InvariantCulture, $"width: {100.0 * import.Done / rows:0.##}%");

    private string Width(RecordImport import) => Width(import, _table!.Rows);

    private string Progress(RecordImport import) => $"{RecordWords.Number(import.Done)} of {RecordWords.Number(_table!.Rows)} rows{(_cancelled ? "; what was taken in until then stays" : "")}.";

    private string Header(int column) => _table!.Headers[column].Trim() is { Length: > 0 } header ? header.Length <= 80 ? header : header[..79] + "…" : $"Column {column + 1}";

    private async Task ReadAsync(InputFileChangeEventArgs args)
    {
        _faults.Clear();
        _reading = true;
        StateHasChanged();
        try
        {
            if (args.File.Size > CsvTable.MaxBytes)
            {
                _faults.Add("file", $"{args.File.Name} is larger than {CsvTable.MaxBytes / (1024 * 1024)} MB. Cut it into parts.");
                return;
            }

            using MemoryStream content = new();
            await using var stream = args.File.OpenReadStream(CsvTable.MaxBytes);
            await stream.CopyToAsync(content, _gone.Token);
            _table = await CsvTable.ReadAsync(content.ToArray(), _gone.Token);
            _fileName = args.File.Name;
            _mapping = new ImportMapping(_type!, _table.Headers);
            await PreviewAsync();
        }
        catch (FormatException fault)
        {
            _faults.Add("file", fault.Message);
        }
        catch (IOException)
        {
            _faults.Add("file", $"{args.File.Name} could not be read. Choose it again.");
        }
        finally
        {
            _reading = false;
        }
    }

    private async Task ChooseAsync(int column, string? target)
    {
        _mapping!.Targets[column] = target ?? "";
        await PreviewAsync();
    }

    private async Task PreviewAsync()
    {
        List<Preview> preview = [];
        await foreach (var (line, cells) in _table!.ReadRowsAsync(_gone.Token))
        {
            preview.Add(new Preview(line, cells, _mapping!.ToItem(cells).Faults));
            if (preview.Count == Previewed)
            {
                break;
            }
        }

        _preview = preview;
    }

    private async Task RunAsync()
    {
        _stop.Dispose();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        _import = new RecordImport(Records, _type!, _table!, _mapping!);
        (_running, _cancelled) = (true, false);
        try
        {
            // The circuit stays free: the reader can cancel and see how far it is.
            await Task.Run(() => _import.RunAsync(() => Member.GetActorAsync(_stop.Token), () => _ = InvokeAsync(StateHasChanged), _stop.Token), _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _cancelled = true;
        }
        catch (Refusal refusal)
        {
            Reset();
            _faults.Add(null, refusal.Message);
        }
        catch (Exception exception)
        {
            var requestId = RequestId.Current();
            ShellLog.LoadFailed(Logger, requestId, exception);
            Reset();
            _faults.Add(null, $"The import broke off. What was taken in until then stays. Request id {requestId}");
        }
        finally
        {
            _running = false;
        }
    }

    private void Reset()
    {
        (_table, _mapping, _import, _preview) = (null, null, null, []);
        _faults.Clear();
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        _stop.Dispose();
    }

    private sealed record Preview(int Line, IReadOnlyList<string> Cells, IReadOnlyList<string> Faults);
}
