using System.Text;
using Integrations.Core.Security;

namespace Integrations.Core.Events.Schemas;

/// <summary>How an event departs from its type's schema, and what follows.</summary>
/// <param name="Departures">At least one.</param>
public sealed record SchemaVerdict(string Type, SchemaMode Mode, IReadOnlyList<SchemaFault> Departures)
{
    // A sentence holds no line break, so one parts them where they are kept.
    private const char Break = '\n';

    public bool Refuses => Mode == SchemaMode.Enforce;

    /// <param name="place">The event's place in its request.</param>
    public IEnumerable<Fault> Faults(string place) => Departures.Select(fault => new Fault(place + fault.Path, Sentence(fault)));

    /// <summary>What is kept with the event: as many sentences as fit.</summary>
    public string Warning
    {
        get
        {
            var text = "";
            foreach (var sentence in Departures.Select(Sentence))
            {
                var longer = text.Length == 0 ? sentence : text + Break + sentence;
                if (longer.Length > EventConfiguration.MaxWarningLength)
                {
                    return text.Length > 0 ? text : Cut(longer, EventConfiguration.MaxWarningLength - 1) + "…";
                }

                text = longer;
            }

            return text;
        }
    }

    /// <summary>The sentences of a kept <see cref="Warning"/>.</summary>
    public static IReadOnlyList<string> Sentences(string? warning) => warning is null ? [] : warning.Split(Break);

    // Names and patterns are whatever somebody wrote; PostgreSQL takes neither U+0000 nor half a surrogate pair.
    private string Sentence(SchemaFault fault) =>
        string.Concat($"By the schema of {Type}, {fault.Path} {fault.Message}.".EnumerateRunes().Select(rune => Rune.IsControl(rune) ? " " : rune.ToString()));

    private static string Cut(string text, int length) => text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
