using Integrations.Core.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Integrations.Web.Hosting;

/// <summary>Ready means that what callers wait for, a transaction of the group writer, gets through.</summary>
internal sealed class DatabaseHealthCheck(IGroupWriter writer, TimeProvider time) : IHealthCheck
{
    private const string Probe = """SELECT COUNT(*) FROM "SystemSettings" """;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await writer.WriteAsync(session => session.QueryAsync(Probe, static _ => { }, static row => row.Int64()), cancellationToken).WaitAsync(_patience, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer in time.");
        }
    }
}
