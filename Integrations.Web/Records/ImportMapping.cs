using System.Buffers;
using System.Text.Json;
using Integrations.Core.Records;
using Integrations.Core.Security;

namespace Integrations.Web.Records;

/// <summary>Which column of a file becomes which field, and a row of it as a request's item.</summary>
public sealed class ImportMapping
{
    public const string Id = "id";

    // Words of other products' exports for our fields.
    private static readonly Dictionary<string, string> _otherWords = new(StringComparer.Ordinal)
    {
        ["mail"] = "email",
        ["emailaddress"] = "email",
        ["telephone"] = "phone",
        ["mobile"] = "phone",
        ["phonenumber"] = "phone",
        ["surname"] = "lastName",
        ["familyname"] = "lastName",
        ["givenname"] = "firstName",
        ["organisation"] = "company",
        ["organization"] = "company",
        ["zip"] = "address.postalCode",
        ["zipcode"] = "address.postalCode",
        ["postcode"] = "address.postalCode",
        ["street"] = "address.line1",
        ["province"] = "address.state",
        ["title"] = "jobTitle",
        ["invoicenumber"] = "number",
        ["invoiceno"] = "number",
        ["total"] = "amount",
        ["price"] = "unitPrice",
        ["invoicedate"] = "date",
        ["due"] = "dueDate",
        ["channel"] = "trafficChannel",
        ["fullname"] = "name",
        ["amountdue"] = "balance",
    };

    private readonly RecordType _type;
    private readonly IReadOnlyList<string> _headers;

    public ImportMapping(RecordType type, IReadOnlyList<string> headers)
    {
        (_type, _headers) = (type, headers);
        HashSet<string> taken = new(StringComparer.Ordinal);
        Targets = [.. headers.Select(header => Guess(header) is { } field && taken.Add(field) ? field : "")];
    }

    /// <summary>The field of each column; empty for one that is left out.</summary>
    public string[] Targets { get; }

    public bool TakesFree => _type.Takes(RecordTypes.CustomPrefix + "x");

    /// <summary>The name that a column has as a free field.</summary>
    public string FreeName(int column) => RecordTypes.CustomPrefix + _headers[column].Trim();

    /// <summary>The field that two columns go to, or null.</summary>
    public string? Twice => Targets.Where(target => target.Length > 0).GroupBy(target => target, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;

    /// <summary>A row as an item for <see cref="RecordService.UpsertAsync"/>, with what is wrong with it.</summary>
    public (JsonElement Item, IReadOnlyList<string> Faults) ToItem(IReadOnlyList<string> cells)
    {
        RecordFields fields = new();
        List<string> wrong = [];
        string? id = null;
        for (var column = 0; column < Targets.Length; column++)
        {
            // An empty cell leaves what stands there.
            if (Targets[column] is not { Length: > 0 } target || Plain(cells[column]) is not { Length: > 0 } text)
            {
                continue;
            }

            if (target == Id)
            {
                id = text;
            }
            else if ((target == RecordTypes.CustomFields ? SetFree(fields, text) : RecordCheck.Set(fields, _type, target, text)) is { } fault)
            {
                wrong.Add(fault);
            }
        }

        if (id is null)
        {
            Faults whole = new();
            RecordCheck.CheckWhole(_type, fields, whole);
            try
            {
                whole.ThrowIfAny();
            }
            catch (Refusal refusal)
            {
                wrong.AddRange(refusal.Faults.Select(fault => fault.Message));
            }
        }

        return (Write(id, fields), wrong);
    }

    private static JsonElement Write(string? id, RecordFields fields)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            if (id is not null)
            {
                writer.WriteString(Id, id);
            }

            foreach (var name in fields.Names)
            {
                writer.WritePropertyName(name);
                RecordFields.WriteValue(writer, fields[name]!);
            }

            writer.WriteEndObject();
        }

        Utf8JsonReader reader = new(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    // What the hub's own files have: a mark keeps a spreadsheet from running the cell as a formula.
    private static string Plain(string cell) => (cell.Length > 1 && cell[0] == '\'' && "=+-@\t\r".Contains(cell[1], StringComparison.Ordinal) ? cell[1..] : cell).Trim();

    private string? SetFree(RecordFields fields, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind != JsonValueKind.Object ? "customFields must be an object in JSON."
                : json.RootElement.EnumerateObject().Select(member => RecordCheck.Set(fields, _type, RecordTypes.CustomPrefix + member.Name, member.Value)).FirstOrDefault(fault => fault is not null);
        }
        catch (JsonException)
        {
            return "customFields must be an object in JSON.";
        }
    }

    private string? Guess(string header)
    {
        var word = Letters(header);
        if (word is "id" or "customfields")
        {
            return word == "id" ? Id : TakesFree ? RecordTypes.CustomFields : null;
        }

        return _type.Fields.FirstOrDefault(field => Letters(field.Name) == word || Letters(field.Label) == word || Letters(field.Name[(field.Name.IndexOf('.', StringComparison.Ordinal) + 1)..]) == word)?.Name
            ?? (_otherWords.TryGetValue(word, out var other) && _type.Find(other) is not null ? other : null);
    }

    private static string Letters(string text) => new([.. text.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
}
