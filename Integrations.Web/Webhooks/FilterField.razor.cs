using Integrations.Core.Security;
using Integrations.Core.Webhooks.Filters;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Webhooks;

public sealed partial class FilterField
{
    private const string Example = """data.amount >= 100 && data.currency in ["USD", "EUR"]""";

    private IReadOnlyList<TriedEvent>? _tried;
    private string? _failure;
    private bool _isChecked;
    private bool _isTrying;

    [Inject]
    public required CurrentMember Member { get; init; }

    [Inject]
    public required FilterTrials Trials { get; init; }

    [Parameter, EditorRequired]
    public required EndpointForm Form { get; set; }

    [Parameter, EditorRequired]
    public required FormFaults Faults { get; set; }

    // Half a filter is wrong only once its writer has paused.
    private string? Problem
    {
        get
        {
            if (string.IsNullOrWhiteSpace(Form.Filter) || !(_isChecked || Faults["filter"] is not null))
            {
                return null;
            }

            _ = PayloadFilter.Parse(Form.Filter, out var fault);
            return fault?.Message;
        }
    }

    private static string Summary(IReadOnlyList<TriedEvent> tried) => (tried.Count, tried.Count(item => item.Matches)) switch
    {
        (1, 1) => "The newest event matches.",
        (1, 0) => "The newest event would be left out.",
        var (count, matches) when count == matches => $"All of the newest {count} events match.",
        var (count, matches) => $"{matches} of the newest {count} events match; the others would be left out.",
    };

    private void OnInput(ChangeEventArgs args)
    {
        Form.Filter = args.Value as string ?? "";
        // What is shown belongs to another filter now.
        _tried = null;
        _failure = null;
    }

    private async Task TryAsync()
    {
        _isChecked = true;
        _tried = null;
        _failure = string.IsNullOrWhiteSpace(Form.Filter) ? "Write a filter first." : null;
        if (_failure is not null)
        {
            return;
        }

        _isTrying = true;
        try
        {
            var trial = await Trials.TryAsync(await Member.GetActorAsync(), Form.Filter, Form.Events, CancellationToken.None);
            _tried = trial.Fault is null ? trial.Events : null;
        }
        catch (Refusal refusal)
        {
            _failure = refusal.Message;
        }
        finally
        {
            _isTrying = false;
        }
    }
}
