using System.Reflection;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.AspNetCore.Http.Metadata;

namespace Integrations.Web.Api;

/// <summary>Marks an endpoint that lists by <see cref="ListQuery"/>.</summary>
internal sealed class ListMetadata;

/// <summary>The query members that every list takes: <c>limit</c>, <c>cursor</c>, <c>from</c> and <c>to</c>.</summary>
internal sealed record ListQuery(PageRequest Page) : IEndpointParameterMetadataProvider
{
    /// <summary>For the API's document: names and meanings.</summary>
    public static IReadOnlyList<(string Name, string Description)> Members { get; } =
    [
        ("limit", $"How many to list: 1 to {PageRequest.MaxLimit}, {PageRequest.DefaultLimit} when absent."),
        ("cursor", "The nextCursor of the page before."),
        ("from", "The earliest time, in ISO 8601 or milliseconds since 1970; startDate is the same."),
        ("to", "The time before which to list; endDate is the same."),
    ];

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new ListMetadata());

    public static ValueTask<ListQuery?> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        Faults faults = new();
        var limit = PageRequest.DefaultLimit;
        if (query["limit"].ToString() is { Length: > 0 } text && (!int.TryParse(text, out limit) || limit is < 1 or > PageRequest.MaxLimit))
        {
            faults.Add("limit", $"limit must be between 1 and {PageRequest.MaxLimit}.");
        }

        var (from, to) = Between(query, faults);
        faults.ThrowIfAny();
        return ValueTask.FromResult<ListQuery?>(new ListQuery(new PageRequest(limit, query["cursor"].ToString() is { Length: > 0 } cursor ? cursor : null, from, to)));
    }

    /// <summary>The times <c>from</c> and <c>to</c>, for what takes them without being a list.</summary>
    public static (DateTimeOffset? From, DateTimeOffset? To) Between(IQueryCollection query, Faults faults) =>
        (Time(query, "from", "startDate", faults), Time(query, "to", "endDate", faults));

    private static DateTimeOffset? Time(IQueryCollection query, string name, string alias, Faults faults)
    {
        var used = query[name].ToString().Length > 0 ? name : alias;
        var text = query[used].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (Times.TryParse(text, out var time))
        {
            return time;
        }

        faults.Add(used, $"{used} must be an ISO 8601 time, such as 2026-11-20T10:30:00Z, or milliseconds since 1970.");
        return null;
    }
}
