using Integrations.Core.Storage;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Integrations.Core.Jobs;

/// <summary>Deletes what is older than the settings <c>Retention:*</c> say, every night.</summary>
[DisallowConcurrentExecution]
internal sealed class RetentionJob(RetentionSweep sweep, ILogger<RetentionJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var deleted = await sweep.RunAsync(cancellationToken);
        JobLog.RetentionDone(log, deleted);
    }
}
