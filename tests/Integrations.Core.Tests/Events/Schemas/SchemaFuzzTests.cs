using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Integrations.Core.Events;
using Integrations.Core.Events.Schemas;

namespace Integrations.Core.Tests.Events.Schemas;

/// <summary>Whatever is given as a schema, and whatever is held against it: there is an answer, and nothing else happens.</summary>
public sealed class SchemaFuzzTests
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(12);

    private static readonly string[] _keywords =
    [
        "type", "enum", "const", "properties", "additionalProperties", "required", "items", "minItems", "maxLength", "minimum", "exclusiveMaximum", "pattern", "format",
        "allOf", "anyOf", "oneOf", "not", "$ref", "$defs", "$schema", "title", "unknown", "a",
    ];

    private static readonly string[] _values =
    [
        "1", "-2.5e3", "\"a\"", "\"string\"", "\"#\"", "\"#/$defs/a\"", "\"date\"", "\"\\ud800\"", "true", "false", "null", "[]", "[\"a\"]", "[1,null]", "{}", "[{}]", "\"(\"", "\"[\"",
    ];

    private static readonly string[] _datas = ["{}", """{"a":1}""", """{"a":{"a":["x",{"a":null}]}}""", """{"\ud800":"\udc00"}""", "[", "7", "[{\"a\":1e999999}]"];

    [Fact]
    public void Any_json_is_a_schema_or_a_fault_and_a_schema_always_answers() =>
        Prop.ForAll(Gen.Sized(Json).ToArbitrary(), Gen.Elements(_datas).ToArbitrary(), (text, data) =>
        {
            var schema = EventSchema.Parse(text, out var fault);
            var departures = schema?.Check(Encoding.UTF8.GetBytes(data));
            var verdict = departures is { Count: > 0 } ? new SchemaVerdict("order.shipped", SchemaMode.Warn, departures) : null;
            return schema is null == fault is not null && (verdict is null || verdict.Warning.Length is > 0 and <= 500);
        }).Check(_config);

    [Fact]
    public void Any_text_is_a_schema_or_a_fault() => Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
    {
        var schema = EventSchema.Parse(text ?? "", out var fault);
        return schema is null == fault is not null;
    }).Check(_config);

    [Fact]
    public void A_warning_fits_its_column_and_holds_nothing_that_a_database_refuses()
    {
        var verdict = new SchemaVerdict("order.shipped", SchemaMode.Warn, [new("data." + new string('x', 451) + "\ud83d\ude00", "must match \0\n\ud800"), new("data.b", "is required")]);

        Assert.InRange(verdict.Warning.Length, 1, 500);
        Assert.Equal(verdict.Warning, Encoding.UTF8.GetString(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(verdict.Warning)));
        Assert.DoesNotContain('\0', verdict.Warning);
        Assert.Single(SchemaVerdict.Sentences(verdict.Warning));
    }

    private static Gen<string> Json(int size) => size <= 1
        ? Gen.Elements(_values)
        : Gen.Elements(_keywords).SelectMany(_ => Json(size / 2), (keyword, value) => (keyword, value)).ListOf()
            .Select(members => "{" + string.Join(',', members.DistinctBy(member => member.keyword).Select(member => $"\"{member.keyword}\":{member.value}")) + "}");
}
