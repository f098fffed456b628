using System.Text.Json.Nodes;
using Integrations.Web.ApiKeys;
using Integrations.Web.Audit;
using Integrations.Web.Connections;
using Integrations.Web.Events;
using Integrations.Web.Organizations;
using Integrations.Web.Records;
using Integrations.Web.StoredKeys;
using Integrations.Web.Sync;
using Integrations.Web.Webhooks;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Integrations.Web.Api;

/// <summary>The REST API: its credentials, its errors, its document, and the routes of every feature.</summary>
internal static class ApiServices
{
    public const string Policy = "api";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiCredentials>(ApiCredentials.SchemeName, null);
        services.AddAuthorizationBuilder().AddPolicy(Policy, new AuthorizationPolicyBuilder(ApiCredentials.SchemeName).RequireAuthenticatedUser().Build());
        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        services.AddOpenApi("v1", options => options.AddDocumentTransformer<ApiDocument>().AddOperationTransformer<ApiOperation>().AddSchemaTransformer<ApiSchema>());
        return services;
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "api/docs";
            options.DocumentTitle = "Integrations API";
            options.SwaggerEndpoint("/openapi/v1.json", "Integrations API");
        });
        var api = app.MapGroup("/api").RequireAuthorization(Policy).DisableAntiforgery();
        api.MapEvents();
        api.MapWebhooks();
        api.MapProviderConnections();
        api.MapSyncs();
        api.MapRecords();
        api.MapApiKeys();
        api.MapStoredKeys();
        api.MapAudit();
        api.MapMe();
    }

    /// <summary>Lets a creating endpoint take an <c>Idempotency-Key</c>.</summary>
    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new IdempotentMetadata());

    /// <summary>Says in the API's document which words a member of the query takes.</summary>
    public static RouteHandlerBuilder QueryTakes(this RouteHandlerBuilder endpoint, string member, IReadOnlyCollection<string> words) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Parameters?.FirstOrDefault(parameter => parameter.Name == member)?.Schema is OpenApiSchema schema)
            {
                schema.Enum = [.. words.Select(word => (JsonNode)JsonValue.Create(word))];
            }

            return Task.CompletedTask;
        });
}
