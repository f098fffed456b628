using System.Net;
using System.Net.Sockets;
using Integrations.Core.Security;
using Microsoft.Extensions.Options;

namespace Integrations.Core.Tests.Security;

/// <summary>A guard whose names lead where a test says: each look-up of a name takes its next answer, and the last one repeats.</summary>
internal static class GuardWithNames
{
    public static AddressGuard Create(IReadOnlyDictionary<string, string[][]> names, params string[] allowedNetworks)
    {
        SecurityOptions options = new();
        foreach (var network in allowedNetworks)
        {
            options.AllowedNetworks.Add(network);
        }

        return new AddressGuard(new Names(names), new FixedOptions(options));
    }

    private sealed class Names(IReadOnlyDictionary<string, string[][]> names) : INameResolver
    {
        private readonly Dictionary<string, int> _lookUps = new(StringComparer.Ordinal);

        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            if (!names.TryGetValue(host, out var answers))
            {
                throw new SocketException((int)SocketError.HostNotFound);
            }

            var lookUp = _lookUps.GetValueOrDefault(host);
            _lookUps[host] = lookUp + 1;
            return Task.FromResult(Array.ConvertAll(answers[Math.Min(lookUp, answers.Length - 1)], IPAddress.Parse));
        }
    }

    private sealed class FixedOptions(SecurityOptions value) : IOptionsMonitor<SecurityOptions>
    {
        public SecurityOptions CurrentValue => value;

        public SecurityOptions Get(string? name) => value;

        public IDisposable? OnChange(Action<SecurityOptions, string?> listener) => null;
    }
}
