using System.Text.Json;

namespace Integrations.Sandbox.Providers.SendGrid;

/// <summary>The body of mail/send.</summary>
internal static class SendGridMail
{
    /// <summary>The field that is wrong, and how; null when the mail can be sent.</summary>
    public static (string Field, string Message)? Fault(JsonElement mail)
    {
        var people = List(mail, "personalizations");
        if (people.Count == 0)
        {
            return ("personalizations", "The personalizations field is required and must have at least one personalization.");
        }

        if (people.Exists(person => List(person, "to").Count == 0))
        {
            return ("personalizations.0.to", "The to array is required for all personalization objects, and must have at least one email object with a valid email address.");
        }

        if (people.SelectMany(person => List(person, "to")).FirstOrDefault(to => !IsAddress(to.Text("email"))) is { ValueKind: JsonValueKind.Object })
        {
            return ("personalizations.0.to.0.email", "Does not contain a valid address.");
        }

        if (!IsAddress(From(mail)))
        {
            return ("from.email", "The from email does not contain a valid address.");
        }

        if (string.IsNullOrEmpty(mail.Text("subject")) && people.Exists(person => string.IsNullOrEmpty(person.Text("subject"))))
        {
            return ("subject", "The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.");
        }

        var content = List(mail, "content");
        return content.Count == 0 || content.Exists(part => part.Text("type") is null || string.IsNullOrEmpty(part.Text("value")))
            ? ("content", "Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block. We typically suggest both text/plain and text/html blocks are included, but only one block is required.")
            : null;
    }

    public static string From(JsonElement mail) => mail.TryGetProperty("from", out var from) ? from.Text("email") ?? "" : "";

    public static bool IsExampleDomain(string address) =>
        address.Split('@')[^1] is var domain && (domain is "example.com" or "example.org" or "example.net" || domain.EndsWith(".example", StringComparison.Ordinal) || domain.EndsWith(".test", StringComparison.Ordinal));

    public static Dictionary<string, string> Facts(JsonElement mail) => new(StringComparer.Ordinal)
    {
        ["from"] = From(mail),
        ["to"] = string.Join(", ", List(mail, "personalizations").SelectMany(person => List(person, "to")).Select(to => to.Text("email"))),
        ["subject"] = mail.Text("subject") ?? "",
        ["text"] = List(mail, "content")[0].Text("value") ?? "",
    };

    private static bool IsAddress(string? text) => text?.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && !text.Contains(' ', StringComparison.Ordinal);

    private static List<JsonElement> List(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
