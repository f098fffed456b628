using BenchmarkDotNet.Running;

namespace Integrations.Benchmarks;

/// <summary>dotnet run -c Release --project tests/Integrations.Benchmarks -- --filter '*'</summary>
public static class BenchmarksProgram
{
    public static void Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(BenchmarksProgram).Assembly).Run(args);
}
