namespace Integrations.Web.Help;

/// <summary>The type that the help page about schemas defines. A test defines it and publishes to it.</summary>
internal static class SchemaExample
{
    public const string Body =
        """
        {
          "name": "order.shipped",
          "description": "An order left the warehouse.",
          "example": { "orderId": "A-17", "amount": 149.90, "lines": [{ "sku": "B-7", "quantity": 1 }] },
          "schema": {
            "type": "object",
            "required": ["orderId", "lines"],
            "properties": {
              "orderId": { "type": "string", "pattern": "^[A-Z]-[0-9]+$" },
              "amount": { "type": "number", "minimum": 0 },
              "lines": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/line" } }
            },
            "$defs": {
              "line": {
                "type": "object",
                "required": ["sku"],
                "properties": { "sku": { "type": "string" }, "quantity": { "type": "integer", "minimum": 1 } },
                "additionalProperties": false
              }
            }
          },
          "schemaMode": "enforce"
        }
        """;

    public static string Command(string hubUrl) =>
        $"""
        curl {hubUrl}/api/event-types \
          -H 'Authorization: Bearer sk_…' \
          -H 'Content-Type: application/json' \
          -d '{Body}'
        """;
}
