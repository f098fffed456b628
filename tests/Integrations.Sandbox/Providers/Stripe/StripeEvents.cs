using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>GET /v1/events: what happened to the objects in the last 30 days (unverified), the newest first. The only way to learn of changes.</summary>
internal sealed class StripeEvents(StripeLists lists)
{
    private static readonly string[] _parameters = ["limit", "starting_after", "ending_before", "created", "type", "types", "delivery_success"];
    private static readonly RowIds _ids = RowIds.Prefixed("evt_1", 23);

    public IResult List(HttpContext context, AccountData data)
    {
        var query = context.Request.Query;
        if (query.Keys.FirstOrDefault(name => !_parameters.Contains(name.Split('[')[0], StringComparer.Ordinal)) is { } unknown)
        {
            return lists.Refused(context, $"Received unknown parameter: {unknown}", "parameter_unknown", unknown);
        }

        if (!StripeLists.TryLimit(query, out var limit))
        {
            return lists.Refused(context, "Invalid limit: must be between 1 and 100.", "parameter_invalid_integer", "limit");
        }

        var types = query["types[]"].Select(type => type ?? "").ToHashSet(StringComparer.Ordinal);
        var wildcard = query["type"].ToString();
        if (types.Count > 20 || (types.Count > 0 && wildcard.Length > 0))
        {
            return lists.Refused(context, "You may pass up to 20 event names in types, and not together with type.", null, "types");
        }

        if (ReadTimes(query) is not var (from, to))
        {
            return lists.Refused(context, "Invalid integer in created", "parameter_invalid_integer", "created");
        }

        var last = int.MaxValue;
        if (query["starting_after"].ToString() is { Length: > 0 } after)
        {
            if (_ids.IndexOf(data.Number, after) is not { } number)
            {
                return StripeLists.Missing("events", after, "starting_after");
            }

            last = number;
        }

        var kept = data.Now.AddDays(-30);
        var page = data.Changes().Where(change => change.Number < last && change.At >= kept && change.At.ToUnixTimeSeconds() >= from && change.At.ToUnixTimeSeconds() <= to)
            .Select(change => (Change: change, Type: TypeOf(change)))
            .Where(item => (types.Count == 0 || types.Contains(item.Type)) && (wildcard.Length == 0 || item.Type == wildcard || (wildcard.EndsWith('*') && item.Type.StartsWith(wildcard[..^1], StringComparison.Ordinal))))
            .OrderByDescending(item => item.Change.Number).Take(limit + 1).ToList();
        return new DataAnswer(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteString("url", "/v1/events");
            writer.WriteBoolean("has_more", page.Count > limit);
            writer.WriteStartArray("data");
            foreach (var (change, type) in page.Take(limit))
            {
                writer.WriteStartObject();
                writer.WriteString("id", _ids.Of(data.Number, change.Number));
                writer.WriteString("object", "event");
                writer.WriteNumber("created", change.At.ToUnixTimeSeconds());
                writer.WriteString("type", type);
                writer.WriteBoolean("livemode", false);
                writer.WriteStartObject("data");
                // Note: the real one has the object as it was then; here it is as it is now.
                writer.WritePropertyName("object");
                StripeLines.WriteTo(writer, change.Table.RowAt(change.Index));
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static (long From, long To)? ReadTimes(IQueryCollection query)
    {
        var (from, to) = (0L, long.MaxValue);
        foreach (var name in query.Keys.Where(name => name.StartsWith("created", StringComparison.Ordinal)))
        {
            if (!long.TryParse(query[name].ToString(), System.Globalization.CultureInfo.InvariantCulture, out var seconds))
            {
                return null;
            }

            (from, to) = name switch
            {
                "created[gte]" => (seconds, to),
                "created[gt]" => (seconds + 1, to),
                "created[lte]" => (from, seconds),
                "created[lt]" => (from, seconds - 1),
                _ => (seconds, seconds),
            };
        }

        return (from, to);
    }

    private static string TypeOf(LoggedChange change) => (change.Table.Type, change.Kind) switch
    {
        ("payment_intents", ChangeKind.Updated) => change.Table.RowAt(change.Index).ToElement().Text("status") switch
        {
            "succeeded" => "payment_intent.succeeded",
            "canceled" => "payment_intent.canceled",
            "processing" => "payment_intent.processing",
            _ => "payment_intent.payment_failed",
        },
        ("subscriptions", var kind) => "customer.subscription." + Verb(kind),
        (var type, var kind) => $"{StripeTypes.ObjectOf(type)}.{Verb(kind)}",
    };

    private static string Verb(ChangeKind kind) => kind switch
    {
        ChangeKind.Created => "created",
        ChangeKind.Updated => "updated",
        _ => "deleted",
    };
}
