using Integrations.Core.Organizations;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Integrations.Web.Account;

public sealed partial class SignInPage
{
    private readonly FormFaults _faults = new();
    private bool _openTransport;

    [Inject]
    public required OrganizationQueries Organizations { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required CurrentMember CurrentMember { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm]
    public SignInForm Form { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Form ??= new SignInForm();
        var request = HttpContext.Request;
        _openTransport = !request.IsHttps && request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]");
        if (!await Organizations.AnyAsync(HttpContext.RequestAborted))
        {
            Navigation.NavigateTo("/setup");
        }
        else if (HttpMethods.IsGet(request.Method) && (await Authentication).User.Identity?.IsAuthenticated == true
            && (await CurrentMember.ListMembershipsAsync(HttpContext.RequestAborted)).Count > 0)
        {
            Navigation.NavigateTo(LocalUrl.Of(ReturnUrl));
        }
    }

    private async Task SignInAsync()
    {
        if (await _faults.TryAsync(() => SignIn.SignInAsync(Form.Email, Form.Password, Form.Remember, HttpContext.RequestAborted)))
        {
            Navigation.NavigateTo(LocalUrl.Of(ReturnUrl));
        }
    }

    public sealed class SignInForm
    {
        public string? Email { get; set; }

        public string? Password { get; set; }

        public bool Remember { get; set; }
    }
}
