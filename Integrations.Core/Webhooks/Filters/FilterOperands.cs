using System.Globalization;
using System.Text;
using Integrations.Core.Events;

namespace Integrations.Core.Webhooks.Filters;

/// <summary>Reads the values of a filter: paths, the type, literals and lists.</summary>
internal sealed class FilterOperands(FilterReader reader)
{
    private const int MaxItems = 100;
    private const int MaxSteps = 20;

    private static readonly string[] _words = ["and", "or", "not", "in", "contains", "startsWith", "endsWith"];

    public FilterOperand Read()
    {
        var token = reader.Current;
        if (token.IsWord("data"))
        {
            reader.Next();
            return ReadPath();
        }

        if (token.IsWord("type"))
        {
            reader.Next();
            return new FilterType();
        }

        if (Literal(token) is { } value)
        {
            reader.Next();
            return new FilterLiteral(value);
        }

        throw token.Kind == FilterTokenKind.Name && !Array.Exists(_words, token.IsWord)
            ? new FilterFaultException($"{token.Shown} is not known. Begin a path with data, as in data.{token.Shown}; texts stand in quotes.", token.Start)
            : reader.Expected("a value or a condition");
    }

    private FilterPath ReadPath()
    {
        List<FilterStep> steps = [];
        while (reader.Current.IsSign(".") || reader.Current.IsSign("["))
        {
            if (steps.Count == MaxSteps)
            {
                throw new FilterFaultException($"A path may have at most {MaxSteps} steps.", reader.Current.Start);
            }

            var isName = reader.Current.IsSign(".");
            reader.Next();
            steps.Add(isName ? NameStep() : BracketStep());
        }

        return new FilterPath(steps);
    }

    private FilterStep NameStep()
    {
        var name = reader.Current.Kind == FilterTokenKind.Name ? reader.Current.Value : throw reader.Expected("the name of a member; an odd name stands in brackets, as in data[\"odd name\"]");
        reader.Next();
        return new FilterStep(name, 0);
    }

    private FilterStep BracketStep()
    {
        var token = reader.Current;
        FilterStep step = token.Kind switch
        {
            FilterTokenKind.Text => new(token.Value, 0),
            FilterTokenKind.Number when int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) => new(null, index),
            _ => throw reader.Expected("a whole number from 0, or a name in quotes"),
        };
        reader.Next();
        reader.Take("]");
        return step;
    }

    public FilterList ReadList()
    {
        var start = reader.Current.Start;
        List<FilterValue> items = [];
        do
        {
            reader.Next();
            items.Add(Literal(reader.Current) ?? throw reader.Expected("a text, a number, true, false or null"));
            reader.Next();
        }
        while (reader.Current.IsSign(","));
        reader.Take("]");
        return items.Count <= MaxItems ? new FilterList(items) : throw new FilterFaultException($"A list may hold at most {MaxItems} values.", start);
    }

    private static FilterValue? Literal(FilterToken token) => token.Kind switch
    {
        FilterTokenKind.Text => FilterValue.Of(token.Value),
        FilterTokenKind.Number => new FilterValue(FilterValueKind.Number, Number: ExactNumber.Parse(Encoding.ASCII.GetBytes(token.Value))),
        _ when token.IsWord("true") => new FilterValue(FilterValueKind.Bool, IsTrue: true),
        _ when token.IsWord("false") => new FilterValue(FilterValueKind.Bool),
        _ when token.IsWord("null") => FilterValue.Null,
        _ => null,
    };
}
