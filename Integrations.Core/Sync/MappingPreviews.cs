using System.Text.Json;
using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Providers.Mapping;
using Integrations.Core.Records;
using Integrations.Core.Security;

namespace Integrations.Core.Sync;

/// <summary>What a mapping makes of one of a provider's rows.</summary>
/// <param name="ExternalId">The row's id at the provider.</param>
/// <param name="Name">What the record would be called.</param>
/// <param name="Content">The row as the provider sent it.</param>
/// <param name="Fields">What the hub's fields would hold, by their names. A reference is shown by the provider's id.</param>
/// <param name="Fault">Why the row could not be taken in, or null.</param>
public sealed record MappedPreview(string ExternalId, string Name, JsonElement Content, IReadOnlyDictionary<string, string> Fields, string? Fault);

/// <summary>Tries a mapping on rows that the provider has now. Nothing is stored.</summary>
public sealed class MappingPreviews(SyncQueries syncs, ProviderGateway gateway)
{
    /// <summary>Rows that are shown.</summary>
    public const int MaxRows = 5;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <param name="mapping">Null for the one that counts now.</param>
    /// <exception cref="Refusal">Not there, not well-formed, or the provider does not tell its rows.</exception>
    public async Task<IReadOnlyList<MappedPreview>> ReadAsync(Actor actor, Guid connectionId, string dataType, IReadOnlyList<FieldMapping>? mapping, CancellationToken cancellationToken)
    {
        actor.Demand(Permission.SyncRead);
        var known = (await syncs.MappingsAsync(actor, connectionId, cancellationToken)).FirstOrDefault(row => row.DataType.Name == dataType) ?? throw Refusal.NotFound("The data type");
        if (!known.DataType.Directions.HasFlag(SyncDirections.In))
        {
            throw Refusal.Unprocessable(null, $"{known.DataType.Words} only go out, so there are no rows to read.");
        }

        if (mapping is not null)
        {
            FieldMappings.Check(known.DataType, mapping);
        }

        var session = await gateway.OpenAsync(actor, connectionId, _patience, cancellationToken);
        RecordMapper mapper = new(known.RecordType, mapping ?? known.Fields);
        var page = await ConnectionService.AskAsync(() => session.Connector.ReadAsync(session, new ReadRequest(dataType, null, null, mapper.Mapping), cancellationToken));
        return [.. page.Rows.Where(row => !row.IsDeleted).Take(MaxRows).Select(row => Map(mapper, row))];
    }

    private static MappedPreview Map(RecordMapper mapper, RemoteRow row)
    {
        var mapped = mapper.Read(row.Content);
        var fields = mapped.Fields.Names.ToDictionary(name => name, name => mapped.Fields.Text(name) ?? "", StringComparer.Ordinal);
        foreach (var reference in mapped.References)
        {
            fields[reference.Target] = reference.ExternalId;
        }

        return new MappedPreview(row.Id, RecordShape.Of(mapper.Type, mapped.Fields).Name, row.Content, fields, mapped.Fault);
    }
}
