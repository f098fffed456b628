using Quartz;

namespace Integrations.Core.Connections;

/// <summary>Runs <see cref="ConnectionUpkeep"/> every minute, on one node at a time.</summary>
[DisallowConcurrentExecution]
internal sealed class ConnectionUpkeepJob(ConnectionUpkeep upkeep) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await upkeep.RunAsync(cancellationToken);
}
