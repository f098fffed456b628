using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Integrations.Web.Api;

/// <summary>Tells the types of texts and times, alone and in lists: converters of our own read them, of which the document's generator knows nothing.</summary>
internal sealed class ApiSchema : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var property = context.JsonPropertyInfo;
        if (schema.Type is null && Of(context.JsonTypeInfo.Type, property is { IsGetNullable: true, IsSetNullable: true }) is { } known)
        {
            (schema.Type, schema.Format) = (known.Type, known.Format);
        }

        if (context.JsonTypeInfo.ElementType is { } element)
        {
            if (schema.Type?.HasFlag(JsonSchemaType.Array) == true)
            {
                schema.Items ??= Of(element, isNullable: false) ?? new OpenApiSchema();
            }
            else
            {
                schema.AdditionalProperties ??= Of(element, isNullable: false);
            }
        }

        return Task.CompletedTask;
    }

    private static OpenApiSchema? Of(Type type, bool isNullable)
    {
        var inner = Nullable.GetUnderlyingType(type);
        var isTime = (inner ?? type) == typeof(DateTimeOffset);
        return isTime || type == typeof(string)
            ? new OpenApiSchema { Type = JsonSchemaType.String | (isNullable || inner is not null ? JsonSchemaType.Null : default), Format = isTime ? "date-time" : null }
            : null;
    }
}
