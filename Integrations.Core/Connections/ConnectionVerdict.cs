using Integrations.Core.Providers;

namespace Integrations.Core.Connections;

/// <summary>What a provider's fault means for a connection (see the classes of faults in <see cref="ProviderFaultKind"/>).</summary>
internal static class ConnectionVerdict
{
    public static void Apply(Connection connection, ProviderFault fault, DateTimeOffset now)
    {
        connection.StatusReason = fault.Message;
        connection.Failures++;
        switch (fault.Kind)
        {
            case ProviderFaultKind.GrantEnded or ProviderFaultKind.Unauthorized:
                // No further tries: only a person can mend it.
                connection.Status = ConnectionStatus.NeedsAuthorization;
                connection.CheckAt = null;
                break;
            case ProviderFaultKind.ClientRefused:
                connection.Status = ConnectionStatus.ConfigurationError;
                connection.CheckAt = now + TimeSpan.FromHours(1);
                break;
            default:
                connection.Status = ConnectionStatus.Degraded;
                connection.CheckAt = ConnectionSchedule.AfterFailure(connection.Failures, fault.RetryAfter, now);
                break;
        }
    }

    /// <summary>How the audit log calls a change to a status.</summary>
    public static string ActionFor(ConnectionStatus status) => status switch
    {
        ConnectionStatus.NeedsAuthorization => "connection.needs_authorization",
        ConnectionStatus.ConfigurationError => "connection.configuration_error",
        ConnectionStatus.Degraded => "connection.degraded",
        _ => "connection.recovered",
    };
}
