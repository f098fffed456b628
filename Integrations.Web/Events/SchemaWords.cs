using Integrations.Core.Events;

namespace Integrations.Web.Events;

/// <summary>What a type's schema does, in the words of its mark and one sentence.</summary>
public static class SchemaWords
{
    public static string Mark(SchemaMode mode) => mode == SchemaMode.Enforce ? "Schema: enforced" : "Schema: warned";

    public static string Sentence(SchemaMode mode) => mode == SchemaMode.Enforce
        ? "Events whose data departs from it are refused."
        : "Events whose data departs from it are accepted, with a warning.";
}
