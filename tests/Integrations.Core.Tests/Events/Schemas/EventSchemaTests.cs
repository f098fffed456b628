using System.Text;
using Integrations.Core.Events.Schemas;

namespace Integrations.Core.Tests.Events.Schemas;

public sealed class EventSchemaTests
{
    [Theory]
    [InlineData("""{}""", """{"a":1}""")]
    [InlineData("""{"type":"object"}""", """{}""")]
    [InlineData("""{"properties":{"a":{"type":["string","null"]}}}""", """{"a":null}""")]
    [InlineData("""{"properties":{"a":{"type":"integer"}}}""", """{"a":1.0}""")]
    [InlineData("""{"properties":{"a":{"type":"integer"}}}""", """{"a":1e400}""")]
    [InlineData("""{"properties":{"a":{"type":"number"}}}""", """{"a":1.5}""")]
    [InlineData("""{"properties":{"a":true}}""", """{"a":1}""")]
    [InlineData("""{"properties":{"a":false}}""", """{"b":1}""")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":false}""", """{"a":1}""")]
    [InlineData("""{"additionalProperties":{"type":"string"}}""", """{"a":"x"}""")]
    [InlineData("""{"properties":{"a":{"items":{"type":"string"}}}}""", """{"a":["x","y"]}""")]
    [InlineData("""{"properties":{"a":{"items":{"type":"string"}}}}""", """{"a":7}""")]
    [InlineData("""{"properties":{"a":{"enum":[1,"x",{"b":[1,2]}]}}}""", """{"a":{"b":[1.0,2]}}""")]
    [InlineData("""{"properties":{"a":{"const":null}}}""", """{"a":null}""")]
    [InlineData("""{"properties":{"a":{"minimum":0.1,"maximum":0.3}}}""", """{"a":0.10000000000000000000000000000000001}""")]
    [InlineData("""{"properties":{"a":{"minimum":5}}}""", """{"a":"no number"}""")]
    [InlineData("""{"properties":{"a":{"minLength":2,"maxLength":2}}}""", """{"a":"\ud83d\ude00x"}""")]
    [InlineData("""{"properties":{"a":{"pattern":"^[A-Z]{3}-\\d+$"}}}""", """{"a":"INV-12"}""")]
    [InlineData("""{"properties":{"a":{"format":"date-time"}}}""", """{"a":"2026-11-20T10:30:00.123456789+01:00"}""")]
    [InlineData("""{"properties":{"a":{"format":"date"}}}""", """{"a":"2024-02-29"}""")]
    [InlineData("""{"properties":{"a":{"format":"email"}}}""", """{"a":"ann@example.com"}""")]
    [InlineData("""{"properties":{"a":{"format":"uri"}}}""", """{"a":"https://example.com/x?y=1"}""")]
    [InlineData("""{"properties":{"a":{"format":"uuid"}}}""", """{"a":"01980000-0000-7000-8000-000000000000"}""")]
    [InlineData("""{"anyOf":[{"required":["a"]},{"required":["b"]}]}""", """{"b":1}""")]
    [InlineData("""{"oneOf":[{"required":["a"]},{"required":["b"]}]}""", """{"b":1}""")]
    [InlineData("""{"allOf":[{"required":["a"]},{"properties":{"a":{"type":"string"}}}]}""", """{"a":"x"}""")]
    [InlineData("""{"not":{"required":["a"]}}""", """{"b":1}""")]
    [InlineData("""{"$defs":{"t":{"properties":{"next":{"$ref":"#/$defs/t"},"v":{"type":"string"}}}},"$ref":"#/$defs/t"}""", """{"next":{"next":{"v":"x"}}}""")]
    [InlineData("""{"properties":{"next":{"$ref":"#"}},"additionalProperties":false}""", """{"next":{"next":{}}}""")]
    [InlineData("""{"definitions":{"a/b~c":{"type":"string"}},"properties":{"a":{"$ref":"#/definitions/a~1b~0c"}}}""", """{"a":"x"}""")]
    [InlineData("""{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://example.com/s","title":"T","$comment":"c","default":1,"examples":[1]}""", """{"a":1}""")]
    [InlineData("""{"properties":{"a":{"type":"string","maxLength":10}}}""", """{"a":"\ud800"}""")]
    [InlineData("""{"required":["a"]}""", """{"\ud800":1,"a":"\udc00"}""")]
    public void Data_that_meets_its_schema_departs_nowhere(string schema, string data) => Assert.Empty(Check(schema, data));

    [Theory]
    [InlineData("""{"type":"array"}""", "{}", "data must be of type array; it is of type object")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"a":1}""", "data.a must be of type string; it is of type number")]
    [InlineData("""{"properties":{"a":{"type":"integer"}}}""", """{"a":1.5}""", "data.a must be of type integer; it is of type number")]
    [InlineData("""{"properties":{"a":{"type":["string","null"]}}}""", """{"a":true}""", "data.a must be of type string or null; it is of type boolean")]
    [InlineData("""{"required":["a","odd key"]}""", "{}", "data.a is required", "data[\"odd key\"] is required")]
    [InlineData("""{"required":["a"]}""", """{"\ud800":1}""", "data.a is required")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":false}""", """{"b":1}""", "data.b is not a member that the schema knows")]
    [InlineData("""{"additionalProperties":false,"properties":{"a":{}}}""", """{"\ud800":1}""", "data[\"…\"] is not a member that the schema knows")]
    [InlineData("""{"additionalProperties":{"type":"string"}}""", """{"a":1}""", "data.a must be of type string; it is of type number")]
    [InlineData("""{"properties":{"a":false}}""", """{"a":1}""", "data.a must not be there")]
    [InlineData("""{"properties":{"i":{"items":{"required":["sku"]}}}}""", """{"i":[{"sku":1},{}]}""", "data.i[1].sku is required")]
    [InlineData("""{"properties":{"a":{"enum":["x","y"]}}}""", """{"a":"z"}""", "data.a must be one of \"x\", \"y\"")]
    [InlineData("""{"properties":{"a":{"const":1}}}""", """{"a":2}""", "data.a must be 1")]
    [InlineData("""{"properties":{"a":{"minimum":0}}}""", """{"a":-0.5}""", "data.a must be at least 0")]
    [InlineData("""{"properties":{"a":{"exclusiveMaximum":10}}}""", """{"a":10.0}""", "data.a must be less than 10")]
    [InlineData("""{"properties":{"a":{"exclusiveMinimum":0}}}""", """{"a":0}""", "data.a must be more than 0")]
    [InlineData("""{"properties":{"a":{"maximum":10}}}""", """{"a":1e3}""", "data.a must be at most 10")]
    [InlineData("""{"properties":{"a":{"minLength":2}}}""", """{"a":"\ud83d\ude00"}""", "data.a must have at least 2 characters; it has 1")]
    [InlineData("""{"properties":{"a":{"maxItems":1}}}""", """{"a":[1,2]}""", "data.a must have at most 1 items; it has 2")]
    [InlineData("""{"properties":{"a":{"pattern":"^x"}}}""", """{"a":"yx"}""", "data.a must match the pattern ^x")]
    [InlineData("""{"properties":{"a":{"format":"date-time"}}}""", """{"a":"2026-02-30T10:00:00Z"}""", "data.a must be in the format date-time")]
    [InlineData("""{"properties":{"a":{"format":"date-time"}}}""", """{"a":"2026-02-20"}""", "data.a must be in the format date-time")]
    [InlineData("""{"properties":{"a":{"format":"email"}}}""", """{"a":"ann"}""", "data.a must be in the format email")]
    [InlineData("""{"properties":{"a":{"format":"uri"}}}""", """{"a":"/x"}""", "data.a must be in the format uri")]
    [InlineData("""{"properties":{"a":{"anyOf":[{"type":"string"},{"minimum":5}]}}}""", """{"a":1}""", "data.a must meet at least one of the 2 forms of anyOf")]
    [InlineData("""{"oneOf":[{},{"required":["b"]}]}""", """{"b":1}""", "data must meet exactly one of the 2 forms of oneOf; it meets 2")]
    [InlineData("""{"not":{"required":["a"]}}""", """{"a":1}""", "data must not meet the form of not")]
    [InlineData("""{"allOf":[{"required":["a"]},{"required":["b"]}]}""", "{}", "data.a is required", "data.b is required")]
    [InlineData("""{"$defs":{"t":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/t","maxLength":1}}}""", """{"a":"xy"}""", "data.a must have at most 1 characters; it has 2")]
    [InlineData("""{"type":"object"}""", "{", "data must be valid JSON")]
    public void Data_that_departs_is_told_where_and_how(string schema, string data, params string[] departures) =>
        Assert.Equal(departures, Check(schema, data).Select(fault => $"{fault.Path} {fault.Message}"));

    [Theory]
    [InlineData("[]", "At #: a schema is a JSON object.")]
    [InlineData("true", "At #: a schema is a JSON object.")]
    [InlineData("{", "line 1")]
    [InlineData("""{"a":1,"a":2}""", "twice")]
    [InlineData("""{"properties":{"a":{"multipleOf":2}}}""", "At #/properties/a: the keyword multipleOf is not supported.")]
    [InlineData("""{"if":{}}""", "At #: the keyword if is not supported.")]
    [InlineData("""{"$defs":{"x":{"patternProperties":{}}}}""", "At #/$defs/x: the keyword patternProperties is not supported.")]
    [InlineData("""{"properties":{"a":{"$defs":{}}}}""", "$defs is not supported below the top")]
    [InlineData("""{"properties":{"a":5}}""", "At #/properties/a: a schema is a JSON object, true or false.")]
    [InlineData("""{"properties":[]}""", "properties must be an object")]
    [InlineData("""{"type":"text"}""", "type must be one of object")]
    [InlineData("""{"type":[]}""", "at least one item")]
    [InlineData("""{"required":"a"}""", "required must be a list of names.")]
    [InlineData("""{"required":[1]}""", "required must be a text.")]
    [InlineData("""{"minimum":"1"}""", "minimum must be a number.")]
    [InlineData("""{"minLength":-1}""", "minLength must be a whole number from 0.")]
    [InlineData("""{"minLength":1.5}""", "minLength must be a whole number from 0.")]
    [InlineData("""{"pattern":"("}""", "pattern is not a regular expression.")]
    [InlineData("""{"pattern":"(?=a)"}""", "look-ahead")]
    [InlineData("""{"pattern":"(a{1000}){1000}"}""", "too large")]
    [InlineData("""{"format":"hostname"}""", "the format hostname is not supported.")]
    [InlineData("""{"$ref":"https://example.com/s.json"}""", "other documents are never fetched")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "$ref leads nowhere")]
    [InlineData("""{"$ref":"#"}""", "goes in a circle")]
    [InlineData("""{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"allOf":[{"$ref":"#/$defs/a"}]}}}""", "goes in a circle")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#"}""", "$schema can be left out")]
    [InlineData("""{"required":["\ud800"]}""", "half of a surrogate pair")]
    public void What_cannot_be_checked_is_refused_when_it_is_written(string schema, string message)
    {
        Assert.Null(EventSchema.Parse(schema, out var fault));
        Assert.Contains(message, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Size_and_depth_are_bounded()
    {
        Assert.Null(EventSchema.Parse($$"""{"title":"{{new string('x', EventSchema.MaxBytes)}}"}""", out var large));
        Assert.Contains("64 KiB", large, StringComparison.Ordinal);
        Assert.Null(EventSchema.Parse(string.Concat(Enumerable.Repeat("""{"items":""", 40)) + "true" + new string('}', 40), out var deep));
        Assert.Contains("32 deep", deep, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_that_would_take_for_ever_gives_up_and_says_so()
    {
        // Two forms that are the same again at every level: 2^60 ways through data of 60 levels.
        const string Schema = """{"$defs":{"t":{"properties":{"n":{"allOf":[{"anyOf":[{"$ref":"#/$defs/t"},{"$ref":"#/$defs/t"}]},{"anyOf":[{"$ref":"#/$defs/t"},{"$ref":"#/$defs/t"}]}]}},"required":["x"]}},"$ref":"#/$defs/t"}""";
        var data = string.Concat(Enumerable.Repeat("""{"x":1,"n":""", 60)) + "{}" + new string('}', 60);

        var departure = Assert.Single(Check(Schema, data));

        Assert.Equal("data", departure.Path);
        Assert.Contains("to be held against its schema", departure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_departures_are_told_at_most() =>
        Assert.Equal(10, Check("""{"additionalProperties":false}""", "{" + string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"a{i}\":1")) + "}").Count);

    private static IReadOnlyList<SchemaFault> Check(string schema, string data)
    {
        var parsed = EventSchema.Parse(schema, out var fault);
        Assert.Null(fault);
        return parsed!.Check(Encoding.UTF8.GetBytes(data));
    }
}
