using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Integrations.Web.Api;

/// <summary>Tells the types of texts and times: converters of our own read them, of which the document's generator knows nothing.</summary>
internal sealed class ApiSchema : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (schema.Type is null && (type == typeof(string) || type == typeof(DateTimeOffset)))
        {
            schema.Type = JsonSchemaType.String;
            schema.Format = type == typeof(DateTimeOffset) ? "date-time" : schema.Format;
        }

        return Task.CompletedTask;
    }
}
