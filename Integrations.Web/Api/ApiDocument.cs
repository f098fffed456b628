using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Integrations.Web.Api;

/// <summary>What the OpenAPI document says beside the routes: the title and the two ways to send a key.</summary>
internal sealed class ApiDocument : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "Integrations API";
        document.Info.Version = "v1";
        document.Info.Description = "Publish events, manage webhook endpoints and keys. Errors are application/problem+json; lists page by cursor.";
        document.Servers?.Clear();
        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key: sk_…" },
            ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key", Description = "An API key: sk_…" },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] },
        ];
        return Task.CompletedTask;
    }
}
