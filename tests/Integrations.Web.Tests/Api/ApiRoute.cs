using System.Text.Json;
using System.Text.RegularExpressions;
using Integrations.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Api;

/// <summary>One route of the REST API, as the hub has mapped it.</summary>
/// <param name="IsOpen">Whether browsers come there without a credential of the API.</param>
/// <param name="IsDescribed">Whether the API's document shows it; aliases are left out there.</param>
internal sealed partial record ApiRoute(HttpMethod Method, string Template, Type? BodyType, bool IsBodyOptional, bool IsOpen, bool IsDescribed)
{
    /// <summary>Method and template: <c>GET /api/events/{id}</c>.</summary>
    public string Name => $"{Method} {Template}";

    public bool HasParameters => Template.Contains('{');

    /// <summary>Whether it names a thing of an organization. Providers and data types are everybody's.</summary>
    public bool NamesThing => Parameter().Matches(Template).Any(match => match.Groups[1].Value is not ("provider" or "dataType"));

    /// <summary>Whether the members of its body depend on the thing that it names.</summary>
    public bool IsBodyFree => BodyType == typeof(JsonElement);

    public static IReadOnlyList<ApiRoute> All(HubApp hub) => [.. hub.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => TemplateOf(endpoint).StartsWith("/api/", StringComparison.Ordinal))
        .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods, (endpoint, method) =>
            new ApiRoute(
                new HttpMethod(method), TemplateOf(endpoint), endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType, endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.IsOptional == true,
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null, endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription != true))];

    /// <summary>The path with an id in the place of each parameter.</summary>
    public string Path(Func<string, string> id) => Parameter().Replace(Template, match => id(match.Groups[1].Value));

    public override string ToString() => Name;

    private static string TemplateOf(RouteEndpoint endpoint)
    {
        var text = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
        return text.Length > 1 ? text.TrimEnd('/') : text;
    }

    [GeneratedRegex(@"\{([^}:]+)[^}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
