using Integrations.Core.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Integrations.Web.Hosting;

/// <summary>The address under which the outside reaches the hub: the setting <c>PublicUrl</c>, or the address it listens on. Never the Host header.</summary>
internal sealed class PublicUrl(IOptions<HubOptions> options, IServer server, IConfiguration configuration) : IHubAddress
{
    private const string Fallback = "http://localhost:5000";

    /// <summary>Without a slash at the end.</summary>
    public string Value => options.Value.PublicUrl is { Length: > 0 } set ? set.TrimEnd('/') : Listening();

    string IHubAddress.PublicUrl => Value;

    /// <summary>
    /// Whether a browser on this machine reaches the hub by another of its names than the one above, such as 127.0.0.1 for localhost: to the browser they are two sites, and what
    /// comes back to one does not find the cookies of the other. Of other hosts nothing can be said here: a proxy may have changed them.
    /// </summary>
    public bool IsOtherLoopback(HttpRequest request)
    {
        Uri own = new(Value);
        return own.IsLoopback && request.Host.HasValue && Uri.TryCreate($"{own.Scheme}://{request.Host.Value}", UriKind.Absolute, out var asked) && asked.IsLoopback && asked.Host != own.Host;
    }

    public bool IsHttps => Value.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>Cookies are Secure when the outside reaches the hub over https, also where a proxy in between speaks plain http to it.</summary>
    public static CookieSecurePolicy CookiePolicy(IConfiguration configuration) =>
        configuration["PublicUrl"]?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    private string Listening()
    {
        // Before the server has started its addresses are only in the configuration.
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? configuration["urls"]?.Split(';')[0]
            ?? (configuration["http_ports"] is { Length: > 0 } ports ? $"http://localhost:{ports.Split(';')[0]}" : Fallback);
        return address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal).TrimEnd('/');
    }
}
