using System.Runtime.InteropServices;
using System.Text.Json;
using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Storage;

namespace Integrations.Core.Sync;

/// <summary>Makes the issues of a run.</summary>
internal static class SyncIssues
{
    // By which people would know a row that the hub could not read: the names that providers commonly use.
    private static readonly string[][] _paths =
    [
        ["name"], ["Name"], ["email"], ["email_address"], ["Email"], ["EmailAddress"], ["DisplayName"], ["number"], ["InvoiceNumber"], ["DocNumber"], ["full_name"], ["Full_Name"],
        ["properties", "email"], ["real_name"], ["LastName"], ["Last_Name"], ["description"],
    ];

    /// <summary>Of a provider's row.</summary>
    public static SyncIssue In(SyncWork work, SyncPart part, SyncIssueKind kind, RemoteRow row, Guid? record, string message, DateTimeOffset now) => Make(
        work, part, kind, row.Id.Length is > 0 and <= RecordLink.MaxExternalIdLength ? SyncText.Fit(row.Id, RecordLink.MaxExternalIdLength) : null, record, NameOf(row), message,
        // As it came: what is no text could not be written anew.
        row.Content.ValueKind == JsonValueKind.Undefined ? [] : JsonMarshal.GetRawUtf8Value(row.Content).ToArray(), row.UpdatedAt, now);

    /// <summary>Of a record that did not go out.</summary>
    public static SyncIssue Out(SyncWork work, SyncPart part, OutboundRecord record, OutgoingRow row, string message, DateTimeOffset now) => Make(
        work, part, SyncIssueKind.Error, row.ExternalId, record.Id, RecordShape.Of(work.MapperOf(part.DataType).Type, record.Fields).Name, message,
        JsonSerializer.SerializeToUtf8Bytes(row.Content), null, now);

    private static SyncIssue Make(
        SyncWork work, SyncPart part, SyncIssueKind kind, string? externalId, Guid? record, string name, string message, byte[] payload, DateTimeOffset? version, DateTimeOffset now) => new()
        {
            Id = TimeOrderedId.New(now),
            OrganizationId = work.Organization,
            RunId = work.Run.Id,
            Kind = kind,
            DataType = part.DataType,
            Direction = part.Direction,
            ExternalId = externalId,
            RecordId = record,
            Name = SyncText.Fit(name, SyncIssue.MaxName),
            Message = SyncText.Fit(message, SyncIssue.MaxMessage),
            Payload = payload.Length is 0 or > SyncIssue.MaxPayload ? null : payload,
            RemoteVersion = version,
            At = now,
        };

    private static string NameOf(RemoteRow row)
    {
        try
        {
            return _paths.Select(path => row.Content.TextAt(path)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? row.Id;
        }
        catch (InvalidOperationException)
        {
            // Half a character in the name.
            return row.Id;
        }
    }
}
