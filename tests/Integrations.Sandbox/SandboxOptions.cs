using System.Security.Cryptography.X509Certificates;
using Integrations.Sandbox.Providers;

namespace Integrations.Sandbox;

public sealed record SandboxOptions
{
    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }

    /// <summary>Answers 200 as fast as it can and counts; records nothing. For measurements.</summary>
    public bool CountOnly { get; init; }

    /// <summary>How many requests are kept for each name. The counter goes on when the oldest are dropped.</summary>
    public int KeptPerName { get; init; } = 1000;

    /// <summary>Speaks TLS with this certificate; null speaks plain HTTP.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Told of every request that a real provider would have refused, as it comes.</summary>
    public Action<Violation>? Report { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
