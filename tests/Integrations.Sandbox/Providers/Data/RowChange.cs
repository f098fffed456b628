namespace Integrations.Sandbox.Providers.Data;

/// <summary>What became of a row since it was generated, or of one that came later.</summary>
/// <param name="Revision">From 0; each has other values.</param>
/// <param name="Body">The row as JSON when it was edited or written; null when it still follows from its index and revision.</param>
internal sealed record RowChange(int Revision, DateTimeOffset Created, DateTimeOffset Updated, bool IsDeleted, byte[]? Body);

internal enum ChangeKind
{
    Created,
    Updated,
    Deleted,
}

/// <param name="Number">From 1, over all tables of the account.</param>
internal readonly record struct LoggedChange(int Number, DataTable Table, int Index, ChangeKind Kind, DateTimeOffset At);
