using Integrations.Core.Records;
using Integrations.Core.Security;
using Integrations.Web.Account;
using Integrations.Web.Shared;

namespace Integrations.Web.Records;

/// <summary>What a member does with a record: the question, the call and the answer, the same on every page.</summary>
public sealed class RecordActions(CurrentMember member, RecordService records, Dialogs dialogs, Toasts toasts)
{
    /// <returns>The new record, or null when it was given up.</returns>
    public async Task<Guid?> AddAsync(RecordType type)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(RecordDialog.Type)] = type };
        if (await dialogs.OpenAsync<RecordDialog, string>($"New {type.Singular}", parameters, wide: true) is not { } id || !RecordIds.TryParse(id, out var made))
        {
            return null;
        }

        toasts.Success($"The {type.Singular} was created.");
        return made;
    }

    /// <returns>Whether it was saved.</returns>
    public async Task<bool> EditAsync(RecordRow row)
    {
        Dictionary<string, object?> parameters = new(StringComparer.Ordinal) { [nameof(RecordDialog.Type)] = row.Type, [nameof(RecordDialog.Row)] = row };
        if (await dialogs.OpenAsync<RecordDialog, string>($"Edit the {row.Type.Singular}", parameters, wide: true) is null)
        {
            return false;
        }

        toasts.Success($"The {row.Type.Singular} was saved.");
        return true;
    }

    /// <returns>Whether it was deleted.</returns>
    public async Task<bool> DeleteAsync(RecordRow row)
    {
        var name = row.Name.Length <= 80 ? row.Name : row.Name[..79] + "…";
        var elsewhere = row.External.Count == 0 ? "" : " It stays at its providers, and a sync does not bring it back here.";
        if (!await dialogs.ConfirmAsync($"Delete {name}?", $"The {row.Type.Singular} is deleted here.{elsewhere} This cannot be taken back.", $"Delete {row.Type.Singular}", danger: true))
        {
            return false;
        }

        return await toasts.TryAsync(member, actor => records.DeleteAsync(actor, row.Type, row.Id, CancellationToken.None), $"The {row.Type.Singular} was deleted.");
    }
}
