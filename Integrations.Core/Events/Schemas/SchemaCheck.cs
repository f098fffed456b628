using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Integrations.Core.Events.Schemas;

/// <summary>
/// One holding of data against a schema. Its steps are counted: schemas that refer to themselves or offer many forms could otherwise cost far more than their
/// size tells.
/// </summary>
internal sealed class SchemaCheck
{
    public const string Root = "data";
    public const int MaxFaults = 10;

    private const int MaxSteps = 500_000;
    private const int MaxDepth = 256;
    private const int MaxMilliseconds = 1000;

    private readonly List<string> _path = [Root];
    private readonly List<SchemaFault> _faults = [];
    private readonly long _end = Environment.TickCount64 + MaxMilliseconds;
    private int _steps;
    private int _depth;
    private int _silent;
    private bool _failed;
    private string? _givenUp;

    public IReadOnlyList<SchemaFault> Faults => _givenUp is null ? _faults : [new SchemaFault(Root, _givenUp)];

    public void Check(SchemaNode node, JsonElement value)
    {
        Step(1);
        if (++_depth > MaxDepth)
        {
            GiveUp("is nested too deeply to be held against its schema");
        }

        // Silent checks only ask whether anything is wrong, so the first fault ends them.
        for (var i = 0; i < node.Rules.Count && _givenUp is null && !(_silent > 0 && _failed); i++)
        {
            node.Rules[i].Check(value, this);
        }

        _depth--;
    }

    public void CheckMember(SchemaNode node, string? name, JsonElement value) => CheckAt(node, MemberStep(name), value);

    public void CheckItem(SchemaNode node, int index, JsonElement value) => CheckAt(node, string.Create(CultureInfo.InvariantCulture, $"[{index}]"), value);

    /// <summary>Whether a value meets a schema; how it does not is not kept.</summary>
    public bool Passes(SchemaNode node, JsonElement value)
    {
        var failedBefore = _failed;
        _failed = false;
        _silent++;
        Check(node, value);
        _silent--;
        var passes = !_failed;
        _failed = failedBefore;
        return passes;
    }

    /// <summary>Counts work that the number of checks does not tell.</summary>
    public void Step(int count)
    {
        _steps += count;
        if (_steps > MaxSteps || Environment.TickCount64 > _end)
        {
            GiveUp("is too large to be held against its schema");
        }
    }

    /// <summary>Ends the check with one fault in the place of all.</summary>
    public void GiveUp(string message) => _givenUp ??= message;

    public void Fault(string message) => FaultAt("", message);

    public void FaultAtMember(string? name, string message) => FaultAt(MemberStep(name), message);

    private static string MemberStep(string? name)
    {
        if (name is { Length: > 0 } && !char.IsAsciiDigit(name[0]) && name.All(sign => char.IsLetterOrDigit(sign) || sign is '_' or '$'))
        {
            return "." + name;
        }

        return name is null ? "[\"…\"]" : $"[{JsonSerializer.Serialize(name)}]";
    }

    private void CheckAt(SchemaNode node, string step, JsonElement value)
    {
        _path.Add(step);
        Check(node, value);
        _path.RemoveAt(_path.Count - 1);
    }

    private void FaultAt(string step, string message)
    {
        _failed = true;
        if (_silent == 0 && _faults.Count < MaxFaults)
        {
            _faults.Add(new SchemaFault(new StringBuilder().AppendJoin("", _path).Append(step).ToString(), message));
        }
    }
}
