using System.Text.Json.Serialization;
using Integrations.Core.Security;
using Microsoft.AspNetCore.WebUtilities;

namespace Integrations.Web.Api;

/// <summary>The one form of every refusal and fault of the REST API: RFC 9457, with the members <c>success</c>, <c>error</c>, <c>details</c> and <c>retryAfter</c>.</summary>
internal sealed record ApiProblem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Instance,
    bool Success,
    string Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Fault? Details,
    IReadOnlyList<Fault> Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetryAfter,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SyncId = null)
{
    public const string ContentType = "application/problem+json";

    public static Task WriteAsync(HttpContext context, int status, string error, IReadOnlyList<Fault>? faults = null, int? retryAfter = null, string? syncId = null)
    {
        var problem = new ApiProblem(
            $"https://www.rfc-editor.org/rfc/rfc9110#status.{status}",
            ReasonPhrases.GetReasonPhrase(status),
            status,
            error,
            context.TraceIdentifier,
            Success: false,
            error,
            faults is [{ Field: not null } first, ..] ? first : null,
            faults?.Where(fault => fault.Field is not null).ToList() ?? [],
            retryAfter,
            syncId);
        context.Response.StatusCode = status;
        if (retryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return context.Response.WriteAsJsonAsync(problem, ApiJson.Options, ContentType);
    }
}
