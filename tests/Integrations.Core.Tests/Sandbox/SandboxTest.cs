using Integrations.Sandbox;
using Integrations.Testing;

namespace Integrations.Core.Tests.Sandbox;

/// <summary>A sandbox of its own for each test, with a clock to move.</summary>
public abstract class SandboxTest : IAsyncLifetime
{
    protected FakeClock Clock { get; } = new();

    protected SandboxHost Sandbox { get; private set; } = null!;

    public async Task InitializeAsync() => Sandbox = await SandboxHost.StartAsync(new SandboxOptions { Time = Clock });

    public async Task DisposeAsync() => await Sandbox.DisposeAsync();

    internal ProviderWalk Walk(string key) => new(Sandbox, ProviderFacts.Of(key));

    /// <summary>The sandbox refused, and wrote down why.</summary>
    protected void AssertRefused(string key, string rule) =>
        Assert.Contains(Sandbox.Provider(key).Violations, violation => violation.Rule.Contains(rule, StringComparison.Ordinal));
}
