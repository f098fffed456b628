using Integrations.Core.Organizations;
using Integrations.Core.Storage;
using Integrations.Web.Hosting;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;

namespace Integrations.Web.Account;

/// <summary>People signing in: Identity with a cookie.</summary>
internal static class AccountServices
{
    public const string SignInPath = "/sign-in";
    public const string ReturnUrlParameter = "returnUrl";

    public static IServiceCollection AddAccount(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddIdentityCore<AppUser>(options =>
            {
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                options.User.RequireUniqueEmail = true;
                // Length beats composition (NIST SP 800-63B).
                options.Password.RequiredLength = PasswordRules.MinLength;
                options.Password.RequiredUniqueChars = PasswordRules.MinDistinct;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
                options.Lockout.MaxFailedAccessAttempts = 5;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            })
            .AddEntityFrameworkStores<IntegrationsDbContext>()
            .AddSignInManager()
            .AddDefaultTokenProviders();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies(cookies => cookies.ApplicationCookie!.Configure(options =>
        {
            options.Cookie.Name = "integrations.session";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = PublicUrl.CookiePolicy(configuration);
            options.ExpireTimeSpan = TimeSpan.FromDays(14);
            options.SlidingExpiration = true;
            options.LoginPath = SignInPath;
            options.ReturnUrlParameter = ReturnUrlParameter;
            options.AccessDeniedPath = "/not-found";
        }));
        services.AddAuthorization();
        services.AddHttpContextAccessor();
        services.AddScoped<AuthenticationStateProvider, RevalidatingIdentity>();
        services.AddScoped<CurrentMember>();
        // As often as circuits look: within this time after a password change all other sessions have ended.
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = RevalidatingIdentity.Interval);
        services.AddSingleton<UnknownAccounts>();
        services.AddScoped<SignInService>();
        return services;
    }
}
