using Integrations.Core.Providers;
using Integrations.Core.Security;

namespace Integrations.Core.Connections;

/// <summary>Checks what an action was given, so that a connector gets complete input only.</summary>
internal static class ActionInputCheck
{
    /// <exception cref="Refusal">A field is missing, unknown or malformed.</exception>
    public static void Check(ConnectorAction action, ActionInput input)
    {
        Faults faults = new();
        foreach (var unknown in input.Values.Keys.Where(name => action.Fields.All(field => field.Name != name || field.Kind == ActionFieldKind.File)))
        {
            faults.Add(unknown, $"{unknown} is not a field of {action.Name}. The fields are {string.Join(", ", action.Fields.Select(field => field.Name))}.");
        }

        foreach (var field in action.Fields)
        {
            if (field.Kind == ActionFieldKind.File)
            {
                faults.AddIf(!field.IsOptional && input.File is null, field.Name, $"{field.Name} is required: a file.");
                continue;
            }

            var value = input[field.Name];
            faults.AddIf(value is null && !field.IsOptional, field.Name, $"{field.Name} is required.");
            faults.AddIf(value?.Length > field.MaxLength, field.Name, $"{field.Name} may have at most {field.MaxLength:N0} characters.");
            faults.AddIf(
                field.Kind is ActionFieldKind.Email && value is not null && !AreAddresses(value), field.Name, $"{field.Name} must be an e-mail address, or several with commas between them.");
            faults.AddIf(
                field.Kind is not ActionFieldKind.LongText && value?.Any(char.IsControl) == true, field.Name, $"{field.Name} must be one line without control characters.");
        }

        faults.ThrowIfAny();
    }

    private static bool AreAddresses(string value) => MailText.Split(value) is { Count: > 0 } addresses && addresses.All(MailText.IsAddress);
}
