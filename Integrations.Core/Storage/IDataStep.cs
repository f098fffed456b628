namespace Integrations.Core.Storage;

/// <summary>What a migration leaves to the hub, because no database can do it. It is done before the host starts, under the migrations' lock, and costs next to nothing when it was.</summary>
internal interface IDataStep
{
    Task RunAsync(CancellationToken cancellationToken);
}
