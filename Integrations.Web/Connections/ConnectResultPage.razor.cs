using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Connections;

/// <summary>What a consent came to, for the browser that made it.</summary>
public sealed partial class ConnectResultPage
{
    private ConsentResult? _result;
    private string[] _accounts = ["another account", "the account before"];
    private string _title = "There is nothing to show";

    [CascadingParameter]
    public HttpContext HttpContext { get; set; } = null!;

    [Parameter]
    public required string Id { get; set; }

    [SupplyParameterFromForm]
    public string? Decision { get; set; }

    private string ProviderName => Catalog.Find(_result?.Provider)?.Info.Name ?? "the provider";

    protected override async Task OnInitializedAsync()
    {
        if (PublicId.TryParse(PublicId.Consent, Id, out var id))
        {
            Show(await Consents.FindAsync(id, await Cookie.ReadAsync(HttpContext), HttpContext.RequestAborted));
        }
    }

    private async Task DecideAsync()
    {
        if (_result?.ConsentId is { } id)
        {
            var decided = await Consents.DecideAsync(id, Decision == "replace", await Cookie.ReadAsync(HttpContext), HttpContext.RequestAborted);
            if (decided is { IsMember: true, Outcome: ConsentOutcome.Connected })
            {
                Navigation.NavigateTo($"{ConnectPaths.Provider(decided.Provider)}?connected=1");
                return;
            }

            if (decided is { ReturnTo: not null })
            {
                HttpContext.Response.Headers["Refresh"] = $"0;url={ConsentAnswers.ReturnTo(decided)}";
            }

            // Somebody decided at the same moment: the page tells what came of that.
            Show(decided ?? await Consents.FindAsync(id, await Cookie.ReadAsync(HttpContext), HttpContext.RequestAborted));
        }
    }

    private async Task AgainAsync()
    {
        try
        {
            if (_result?.ConsentId is { } id && await Consents.AgainAsync(id, await Cookie.ReadAsync(HttpContext), HttpContext.RequestAborted) is { } token)
            {
                Navigation.NavigateTo($"/connect/{token}");
                return;
            }
        }
        catch (Refusal refusal) when (refusal.Kind == RefusalKind.TooMany)
        {
            Navigation.NavigateTo(ConnectPaths.Problem(ConnectPaths.TooMany, _result?.Provider ?? ""));
            return;
        }

        Show(null);
    }

    private void Show(ConsentResult? result)
    {
        _result = result;
        _title = result?.Outcome switch
        {
            ConsentOutcome.Connected => $"{ProviderName} is connected",
            ConsentOutcome.Kept => "Nothing was changed",
            ConsentOutcome.OtherAccount => "This is another account",
            ConsentOutcome.Refused => $"{ProviderName} was not connected",
            ConsentOutcome.Failed => $"{ProviderName} could not be connected",
            _ => "There is nothing to show",
        };
        if (result is { Outcome: ConsentOutcome.OtherAccount, Reason: { } names } && names.Split('|') is [var other, var present])
        {
            _accounts = [other, present];
        }
    }
}
