using Integrations.Core.Organizations;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.Organizations;

public sealed partial class SetupPage
{
    private readonly FormFaults _faults = new("token", "organization", "email", "password", "again");
    private SetupResult? _made;

    [Inject]
    public required SetupService Setup { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    public SetupForm Form { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Form ??= new SetupForm();
        // The page shows a key once; no cache and no back button may show it again.
        HttpContext.Response.Headers.CacheControl = "no-store";
        if (await Setup.IsDoneAsync(HttpContext.RequestAborted))
        {
            Navigation.NavigateTo(AccountServices.SignInPath);
        }
    }

    private async Task SetUpAsync()
    {
        if (Form.Password != Form.Again)
        {
            _faults.Add("again", PasswordRules.Mismatch);
        }
        else if (await _faults.TryAsync(async () => _made = await Setup.SetUpAsync(Form.Token?.Trim(), Form.Organization, Form.Email, Form.Password, HttpContext.RequestAborted)))
        {
            await SignIn.SignInAsync(_made!.UserId);
        }
    }

    public sealed class SetupForm
    {
        public string? Token { get; set; }

        public string? Organization { get; set; }

        public string? Email { get; set; }

        public string? Password { get; set; }

        public string? Again { get; set; }
    }
}
