using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>A body as Stripe reads it: a form whose names nest, such as <c>address[city]</c>.</summary>
/// <param name="Raw">As it was sent, to tell whether a second request is the same.</param>
internal sealed record StripeForm(JsonObject Values, string Raw)
{
    private static readonly HashSet<string> _integers = new(StringComparer.Ordinal) { "amount", "unit_amount", "quantity", "balance", "due_date", "days_until_due", "interval_count" };
    private static readonly HashSet<string> _flags = new(StringComparer.Ordinal) { "active", "auto_advance", "shippable", "discountable" };

    /// <summary>Null when it is no form. The name and the kind of a value that is not of its kind.</summary>
    public static async Task<(StripeForm? Form, (string Name, string Kind, string Value)? Wrong)> ReadAsync(HttpRequest request)
    {
        var raw = Encoding.UTF8.GetString(await request.ReadBytesAsync());
        if (raw.Length > 0 && !request.HasMediaType("application/x-www-form-urlencoded"))
        {
            return (null, null);
        }

        var values = new JsonObject();
        foreach (var (name, all) in QueryHelpers.ParseQuery(raw))
        {
            foreach (var text in all)
            {
                if (!TryPut(values, name, text ?? "", out var kind))
                {
                    return (null, (name, kind, text ?? ""));
                }
            }
        }

        return (new StripeForm(values, raw), null);
    }

    private static bool TryPut(JsonObject values, string name, string text, out string kind)
    {
        var parts = name.Split('[').Select(part => part.TrimEnd(']')).ToArray();
        var isList = parts.Length > 1 && parts[^1].Length == 0;
        var last = isList ? parts[^2] : parts[^1];
        kind = "";
        var parent = values;
        foreach (var part in isList ? parts[..^2] : parts[..^1])
        {
            parent[part] ??= new JsonObject();
            if (parent[part] is not JsonObject child)
            {
                kind = "object";
                return false;
            }

            parent = child;
        }

        JsonNode? value;
        if (_integers.Contains(last) && text.Length > 0)
        {
            kind = "integer";
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            value = number;
        }
        else if (_flags.Contains(last) && text.Length > 0)
        {
            kind = "boolean";
            if (text is not ("true" or "false"))
            {
                return false;
            }

            value = text == "true";
        }
        else
        {
            value = text;
        }

        if (isList)
        {
            (parent[last] ??= new JsonArray()).AsArray().Add(value);
        }
        else
        {
            parent[last] = value;
        }

        return true;
    }
}
