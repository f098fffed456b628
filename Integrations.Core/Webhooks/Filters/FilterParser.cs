namespace Integrations.Core.Webhooks.Filters;

/// <summary>
/// Reads a filter by recursive descent: <c>or</c> over <c>and</c> over <c>not</c> over comparisons. Depth and the number of conditions are bounded, so that
/// neither reading nor evaluating can be made to cost much.
/// </summary>
internal sealed class FilterParser(FilterReader reader)
{
    private const int MaxDepth = 20;
    private const int MaxConditions = 50;

    private readonly FilterOperands _operands = new(reader);

    private int _depth;
    private int _conditions;

    private FilterToken Current => reader.Current;

    /// <exception cref="FilterFaultException">The text is no filter.</exception>
    public FilterCondition Read()
    {
        var condition = Condition(ReadOr());
        return Current.Kind == FilterTokenKind.End ? condition : throw reader.Expected("&&, || or the end");
    }

    private FilterNode ReadOr() => ReadJoined("||", "or", ReadAnd, parts => new AnyOf(parts));

    private FilterNode ReadAnd() => ReadJoined("&&", "and", ReadNot, parts => new AllOf(parts));

    private FilterNode ReadJoined(string sign, string word, Func<FilterNode> readPart, Func<List<FilterCondition>, FilterCondition> join)
    {
        var start = Current.Start;
        var first = readPart();
        if (!Current.IsSign(sign) && !Current.IsWord(word))
        {
            return first;
        }

        List<FilterCondition> parts = [Condition(first, start)];
        while (Current.IsSign(sign) || Current.IsWord(word))
        {
            reader.Next();
            start = Current.Start;
            parts.Add(Condition(readPart(), start));
        }

        return join(parts);
    }

    // As in C, ! holds for what follows it alone; as in Python, not holds for the whole comparison.
    private FilterNode ReadNot()
    {
        if (Current.IsWord("not"))
        {
            return Deeper(() =>
            {
                reader.Next();
                var start = Current.Start;
                return new Not(Condition(ReadNot(), start));
            });
        }

        var left = ReadPart();
        if (Operator() is not { } by)
        {
            return left;
        }

        if (left is not FilterOperand operand)
        {
            throw new FilterFaultException($"A condition cannot be compared. Put the comparison in parentheses, as in !(data.a {by.Name} 1).", Current.Start);
        }

        reader.Next();
        if (by.Name == "in" && Current.IsSign("["))
        {
            return Counted(new InList(operand, _operands.ReadList()));
        }

        var at = Current.Start;
        return ReadPart() switch
        {
            FilterLiteral or FilterType when by.Name == "in" => throw new FilterFaultException("After in stands a list, such as [\"USD\", \"EUR\"], or a path to one.", at),
            FilterOperand right => Counted(new Compare(operand, by, right)),
            _ => throw new FilterFaultException($"After {by.Name} stands a value: a path such as data.amount, a text, a number, true, false or null.", at),
        };
    }

    private FilterNode ReadPart()
    {
        var token = Current;
        if (token.IsSign("!"))
        {
            return Deeper(() =>
            {
                reader.Next();
                var start = Current.Start;
                return new Not(Condition(ReadPart(), start));
            });
        }

        if (token.IsSign("("))
        {
            return Deeper(() =>
            {
                reader.Next();
                var inner = ReadOr();
                reader.Take(")");
                return inner;
            });
        }

        if (token.IsWord("exists") && reader.Following.IsSign("("))
        {
            reader.Next();
            reader.Next();
            var start = Current.Start;
            var path = _operands.Read() as FilterPath ?? throw new FilterFaultException("exists takes a path, such as exists(data.coupon).", start);
            reader.Take(")");
            return Counted(new Exists(path));
        }

        return token.IsSign("[") ? throw new FilterFaultException("A list can only stand after in.", token.Start) : _operands.Read();
    }

    private FilterOperator? Operator() => FilterOperator.All.FirstOrDefault(by => Current.IsSign(by.Name) || Current.IsWord(by.Name));

    private FilterCondition Condition(FilterNode node, int start = 0) => node switch
    {
        FilterCondition condition => condition,
        FilterLiteral { Value.Kind: not FilterValueKind.Bool } or FilterType =>
            throw new FilterFaultException("This is a value, not a condition. Compare it, as in data.amount >= 100.", start),
        _ => Counted(new IsTrue((FilterOperand)node)),
    };

    private FilterCondition Counted(FilterCondition condition) => ++_conditions <= MaxConditions
        ? condition
        : throw new FilterFaultException($"A filter may have at most {MaxConditions} conditions. in with a list takes the place of many.", Current.Start);

    private FilterNode Deeper(Func<FilterNode> read)
    {
        if (++_depth > MaxDepth)
        {
            throw new FilterFaultException($"Parentheses and ! may be nested at most {MaxDepth} deep.", Current.Start);
        }

        var node = read();
        _depth--;
        return node;
    }
}
