using System.Globalization;
using System.Text.Json;

namespace Integrations.Web.Records;

/// <summary>A field that the record's type does not name, in a form.</summary>
public sealed class FreeField
{
    private readonly object? _before;
    private readonly string _text = "";

    public FreeField()
    {
    }

    /// <param name="name">Without the prefix that free fields have.</param>
    /// <param name="value">What the record holds.</param>
    /// <param name="text">The same as a text.</param>
    public FreeField(string name, object value, string text) => (NameBefore, Name, _before, _text, Value) = (name, name, value, text, text);

    public string Name { get; set; } = "";

    public string Value { get; set; } = "";

    /// <summary>Null for one that is added.</summary>
    public string? NameBefore { get; }

    public bool IsChanged => Name.Trim() != NameBefore || Value != _text;

    /// <summary>Numbers and truth values stay what they were, as long as the text can be read as one.</summary>
    public void WriteValue(Utf8JsonWriter writer)
    {
        var text = Value.Trim();
        switch (_before)
        {
            case var _ when text.Length == 0:
                writer.WriteNullValue();
                break;
            case decimal when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                writer.WriteNumberValue(number);
                break;
            case bool when bool.TryParse(text, out var flag):
                writer.WriteBooleanValue(flag);
                break;
            default:
                writer.WriteStringValue(text);
                break;
        }
    }
}
