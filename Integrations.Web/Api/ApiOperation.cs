using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Integrations.Web.Api;

/// <summary>What the OpenAPI document says of every route beside its own: the refusals, the query of lists, and the header of creating routes.</summary>
internal sealed class ApiOperation : IOpenApiOperationTransformer
{
    private const string ProblemName = nameof(ApiProblem);

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Document is not { } document)
        {
            return;
        }

        document.AddComponent(ProblemName, await context.GetOrCreateSchemaAsync(typeof(ApiProblem), cancellationToken: cancellationToken));
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var creates = metadata.OfType<IdempotentMetadata>().Any();
        foreach (var status in Refusals(context.Description, metadata.OfType<IAcceptsMetadata>().Any(), creates))
        {
            (operation.Responses ??= []).TryAdd($"{status}", new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(status),
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [ApiProblem.ContentType] = new() { Schema = new OpenApiSchemaReference(ProblemName, document) },
                },
            });
        }

        if (metadata.OfType<ListMetadata>().Any())
        {
            foreach (var (name, description) in ListQuery.Members)
            {
                Add(operation, ParameterLocation.Query, name, description, name == "limit" ? JsonSchemaType.Integer : JsonSchemaType.String);
            }
        }

        if (creates)
        {
            Add(operation, ParameterLocation.Header, "Idempotency-Key", "Makes the request safe to repeat for 24 hours: the same key and body get the same answer.", JsonSchemaType.String);
        }
    }

    private static IEnumerable<int> Refusals(ApiDescription route, bool hasBody, bool creates)
    {
        var ofOne = route.RelativePath?.Contains('{') == true;
        var acts = ofOne && HttpMethods.IsPost(route.HttpMethod ?? "");
        yield return StatusCodes.Status400BadRequest;
        yield return StatusCodes.Status401Unauthorized;
        yield return StatusCodes.Status403Forbidden;
        if (ofOne)
        {
            yield return StatusCodes.Status404NotFound;
        }

        // What is asked of a thing may not fit how it stands.
        if (creates || acts)
        {
            yield return StatusCodes.Status409Conflict;
        }

        if (hasBody)
        {
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }

        if (hasBody || acts)
        {
            yield return StatusCodes.Status422UnprocessableEntity;
        }

        yield return StatusCodes.Status429TooManyRequests;
    }

    private static void Add(OpenApiOperation operation, ParameterLocation location, string name, string description, JsonSchemaType type) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter { In = location, Name = name, Description = description, Schema = new OpenApiSchema { Type = type } });
}
