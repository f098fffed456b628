using System.Text.Json;
using Integrations.Core.Connections;
using Integrations.Core.Events;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Integrations.Core.Sync;

/// <summary>Executes a run: its parts one after the other, each to its end or to the fault that breaks it off.</summary>
internal sealed class SyncEngine(
    SyncStore store, InboundPass inbound, OutboundPass outbound, FilePass files, RetryPass retry, LateReferences late, ProviderGateway gateway, HubDbContextFactory contexts, EventPublisher publisher,
    ILogger<SyncEngine> log)
{
    // A run waits longer than a person for a provider that asks to come back later.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs until the end, unless the hub stops: then the run goes on from its last lot when it is back.</summary>
    public async Task RunAsync(Guid id, string owner, CancellationToken cancellationToken)
    {
        var (run, parts) = await store.ReadAsync(id, cancellationToken);
        try
        {
            var work = await OpenAsync(run, owner, cancellationToken);
            await RunPartsAsync(work, parts, cancellationToken);
            // A run that broke off right behind a part goes on with the next.
            await late.FillAsync(work, cancellationToken);
            Judge(run, parts);
        }
        catch (SyncLostException)
        {
            SyncLog.RunLost(log, PublicId.Format(PublicId.SyncRun, id));
            return;
        }
        catch (SyncCancelledException)
        {
            foreach (var part in parts.Where(part => part.Status is SyncPartStatus.Waiting or SyncPartStatus.Running))
            {
                part.Status = SyncPartStatus.Cancelled;
            }

            run.Status = SyncStatus.Cancelled;
        }
        catch (Refusal refusal)
        {
            (run.Status, run.Error) = (SyncStatus.Failed, refusal.Message);
        }

        await EndAsync(run, parts, owner, cancellationToken);
    }

    /// <summary>Ends a run that the hub itself cannot pass, so that it does not hold up its connection for ever.</summary>
    public async Task GiveUpAsync(Guid id, string owner, CancellationToken cancellationToken)
    {
        var (run, parts) = await store.ReadAsync(id, cancellationToken);
        const string Words = "The hub met an error that it cannot pass by itself. Its log tells more.";
        foreach (var part in parts.Where(part => part.Status is SyncPartStatus.Waiting or SyncPartStatus.Running))
        {
            (part.Status, part.Error) = (part.Processed > 0 ? SyncPartStatus.Partial : SyncPartStatus.Failed, Words);
        }

        Judge(run, parts);
        await EndAsync(run, parts, owner, cancellationToken);
    }

    private async Task EndAsync(SyncRun run, List<SyncPart> parts, string owner, CancellationToken cancellationToken)
    {
        run.Error = run.Error is { } error ? SyncText.Fit(error, SyncRun.MaxErrorLength) : null;
        if (await store.EndAsync(run, owner, parts, session => TellAsync(session, run, parts), cancellationToken))
        {
            SyncLog.RunEnded(log, PublicId.Format(PublicId.SyncRun, run.Id), run.Provider, run.Status, parts.Sum(part => part.Processed));
        }
    }

    private async Task<SyncWork> OpenAsync(SyncRun run, string owner, CancellationToken cancellationToken)
    {
        var actor = Actor.System("sync", run.OrganizationId);
        var session = await gateway.OpenAsync(actor, run.ConnectionId, _patience, cancellationToken);
        await using var db = contexts.Create(actor);
        var connection = await db.Connections.AsNoTracking().FirstAsync(row => row.Id == run.ConnectionId, cancellationToken);
        var mappings = await db.SyncStates.AsNoTracking().Where(state => state.ConnectionId == run.ConnectionId && state.Mapping != null).ToListAsync(cancellationToken);
        return new SyncWork(run, connection, session, owner)
        {
            Mappings = mappings.ToDictionary(state => state.DataType, state => FieldMappings.Parse(state.Mapping!), StringComparer.Ordinal),
        };
    }

    private async Task RunPartsAsync(SyncWork work, List<SyncPart> parts, CancellationToken cancellationToken)
    {
        foreach (var part in parts.Where(part => part.Status is SyncPartStatus.Waiting or SyncPartStatus.Running))
        {
            await using var db = contexts.Create(Actor.System("sync", work.Organization));
            var state = await db.SyncStates.AsNoTracking().FirstOrDefaultAsync(row => row.ConnectionId == work.Connection.Id && row.DataType == part.DataType, cancellationToken);
            try
            {
                var pass = work.Run.Type == SyncType.Retry ? retry.RunAsync(work, part, cancellationToken)
                    : part.Direction == SyncDirections.In ? inbound.RunAsync(work, part, state, cancellationToken)
                    : work.DataType(part.DataType).IsFile ? files.RunAsync(work, part, state, cancellationToken)
                    : outbound.RunAsync(work, part, state, cancellationToken);
                await pass;
                if (part.Direction == SyncDirections.In)
                {
                    await late.FillAsync(work, cancellationToken);
                }
            }
            catch (ProviderFault fault)
            {
                (part.Status, part.Error) = (part.Processed > 0 ? SyncPartStatus.Partial : SyncPartStatus.Failed, SyncText.Fit(fault.Message, SyncRun.MaxErrorLength));
                await store.StepAsync(work, part, static _ => ValueTask.CompletedTask, cancellationToken);
                if (fault.Kind is ProviderFaultKind.Unauthorized or ProviderFaultKind.GrantEnded or ProviderFaultKind.ClientRefused)
                {
                    // The other parts would hear the same.
                    foreach (var other in parts.Where(other => other.Status == SyncPartStatus.Waiting))
                    {
                        (other.Status, other.Error) = (SyncPartStatus.Failed, part.Error);
                    }

                    return;
                }
            }
        }
    }

    private static void Judge(SyncRun run, List<SyncPart> parts)
    {
        run.Status = parts.TrueForAll(part => part.Status == SyncPartStatus.Completed) ? SyncStatus.Completed
            : parts.TrueForAll(part => part.Status == SyncPartStatus.Failed) ? SyncStatus.Failed
            : SyncStatus.Partial;
        var failed = parts.Sum(part => part.Failed);
        run.Error = parts.FirstOrDefault(part => part.Error is not null)?.Error ?? (failed > 0 ? $"{failed:N0} {(failed == 1 ? "record" : "records")} could not be synced." : null);
    }

    private async ValueTask TellAsync(WriteSession session, SyncRun run, List<SyncPart> parts)
    {
        if (run.Status == SyncStatus.Cancelled)
        {
            return;
        }

        var data = JsonSerializer.SerializeToUtf8Bytes(new
        {
            syncId = PublicId.Format(PublicId.SyncRun, run.Id),
            connectionId = PublicId.Format(PublicId.Connection, run.ConnectionId),
            provider = run.Provider,
            status = run.Status.ToString().ToLowerInvariant(),
            recordsProcessed = parts.Sum(part => part.Processed),
            recordsSynced = parts.Sum(part => part.Created + part.Updated + part.Unchanged + part.Deleted),
            errors = parts.Sum(part => part.Failed),
            error = run.Error,
        });
        await publisher.PublishAsync(session, run.OrganizationId, "sync", new NewEvent(run.Status == SyncStatus.Failed ? "sync.failed" : "sync.completed", data));
    }
}
