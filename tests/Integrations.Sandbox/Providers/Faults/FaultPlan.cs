using Integrations.Sandbox.Webhooks;

namespace Integrations.Sandbox.Providers.Faults;

/// <summary>What the next calls of a path answer instead of the truth.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Planned> _planned = [];

    /// <param name="path">The beginning of the paths that are meant, below the provider's prefix; empty for all.</param>
    /// <exception cref="FormatException">The text names no answer.</exception>
    public void Add(string path, string answer, int times)
    {
        var fault = Fault.Parse(answer);
        lock (_gate)
        {
            _planned.Add(new Planned(path, fault, times));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _planned.Clear();
        }
    }

    /// <summary>Null when the path answers as usual.</summary>
    public Fault? Take(string path)
    {
        lock (_gate)
        {
            var at = _planned.FindIndex(planned => path.StartsWith(planned.Path, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
            {
                return null;
            }

            var planned = _planned[at];
            if (planned.Left == 1)
            {
                _planned.RemoveAt(at);
            }
            else
            {
                _planned[at] = planned with { Left = planned.Left - 1 };
            }

            return planned.Fault;
        }
    }

    private sealed record Planned(string Path, Fault Fault, int Left);
}
