using Integrations.Core.Connections;
using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Security;

namespace Integrations.Core.Sync;

/// <summary>Which data types a run goes through, which way, and in what order.</summary>
internal static class SyncPlan
{
    /// <exception cref="Refusal">A data type that the provider does not have, or nothing is left to sync.</exception>
    public static List<(string DataType, SyncDirections Direction)> Choose(Connector connector, Connection connection, SyncInput input)
    {
        List<ConnectorDataType> synced = [.. connector.DataTypes.Where(IsSynced)];
        if (synced.Count == 0)
        {
            throw Refusal.Unprocessable(null, $"{connector.Info.Name} has nothing to sync.");
        }

        Faults faults = new();
        foreach (var unknown in (input.DataTypes ?? []).Where(name => synced.TrueForAll(type => type.Name != name)))
        {
            faults.Add("dataTypes", $"{unknown} is no data type of {connector.Info.Name}. It has {string.Join(", ", synced.Select(type => type.Name))}.");
        }

        faults.ThrowIfAny();
        var chosen = input.DataTypes is { Count: > 0 } asked ? asked
            : connection.Settings.GetValueOrDefault(ConnectionSettings.DataTypes) is { Length: > 0 } set ? set.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. synced.Select(type => type.Name)];
        var directions = input.Direction ?? connection.Settings.GetValueOrDefault(ConnectionSettings.Direction) switch
        {
            "in" => SyncDirections.In,
            "out" => SyncDirections.Out,
            _ => SyncDirections.Both,
        };
        // In before out, so that what is there is found and not made again.
        List<(string, SyncDirections)> parts = [];
        foreach (var type in synced.Where(type => chosen.Contains(type.Name, StringComparer.Ordinal)).OrderBy(PlaceOf))
        {
            foreach (var direction in new[] { SyncDirections.In, SyncDirections.Out })
            {
                if ((directions & type.Directions).HasFlag(direction) && IsPermitted(connector, connection, type, direction))
                {
                    parts.Add((type.Name, direction));
                }
            }
        }

        return parts.Count > 0 ? parts : throw Refusal.Unprocessable(
            "dataTypes", $"Nothing is left to sync with {connector.Info.Name}: look at the connection's data types, direction and permissions.");
    }

    public static bool IsSynced(ConnectorDataType type) => type.Mapping.Count > 0 || type.IsFile;

    // What others refer to first: contacts before their invoices, invoices before their payments, the rest at the end.
    private static int PlaceOf(ConnectorDataType type)
    {
        var place = RecordTypes.All.ToList().FindIndex(known => known.Name == type.RecordType);
        return place < 0 ? RecordTypes.All.Count : place;
    }

    // A provider that knows no such permission asked for none at the consent.
    private static bool IsPermitted(Connector connector, Connection connection, ConnectorDataType type, SyncDirections direction)
    {
        var verb = direction == SyncDirections.In ? "read" : "write";
        var permission = connector.Permissions.FirstOrDefault(known => known.Name == $"{verb}:{type.Name}")
            ?? connector.Permissions.FirstOrDefault(known => type.Name == "contacts" && known.Name == $"{verb}:customers");
        return permission is null || connection.Permissions.Count == 0 || connection.Permissions.Contains(permission.Name, StringComparer.Ordinal);
    }
}
