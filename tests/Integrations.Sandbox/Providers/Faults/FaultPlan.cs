using Integrations.Sandbox.Webhooks;

namespace Integrations.Sandbox.Providers.Faults;

/// <summary>What the next calls of a path answer instead of the truth.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Planned> _planned = [];
    private readonly List<Repeated> _repeated = [];

    /// <param name="path">The beginning of the paths that are meant, below the provider's prefix; empty for all.</param>
    /// <exception cref="FormatException">The text names no answer.</exception>
    /// <param name="after">Calls that are answered as usual before.</param>
    public void Add(string path, string answer, int times, int after = 0)
    {
        var fault = Fault.Parse(answer);
        lock (_gate)
        {
            _planned.Add(new Planned(path, fault, times, after));
        }
    }

    /// <summary>Of the data calls that begin so, every n-th.</summary>
    /// <exception cref="FormatException">The text names no answer.</exception>
    public void AddEvery(string path, string answer, int calls)
    {
        var fault = Fault.Parse(answer);
        lock (_gate)
        {
            _repeated.Add(new Repeated(path, fault, calls));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _repeated.Clear();
            _planned.Clear();
        }
    }

    /// <summary>Null when the path answers as usual.</summary>
    public Fault? Take(string path, bool isData)
    {
        lock (_gate)
        {
            // Each counts all of its calls, whoever answers them.
            var due = isData ? _repeated.FindAll(repeated => path.StartsWith(repeated.Path, StringComparison.OrdinalIgnoreCase) && ++repeated.Calls % repeated.Every == 0) : [];
            if (due.Count > 0)
            {
                return due[0].Fault;
            }

            var at = _planned.FindIndex(planned => path.StartsWith(planned.Path, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
            {
                return null;
            }

            var planned = _planned[at];
            if (planned.After > 0)
            {
                _planned[at] = planned with { After = planned.After - 1 };
                return null;
            }

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

    private sealed class Repeated(string path, Fault fault, int every)
    {
        public string Path => path;

        public Fault Fault => fault;

        public int Every => every;

        public int Calls { get; set; }
    }

    private sealed record Planned(string Path, Fault Fault, int Left, int After);
}
