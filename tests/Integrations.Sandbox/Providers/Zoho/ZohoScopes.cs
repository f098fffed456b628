namespace Integrations.Sandbox.Providers.Zoho;

internal static class ZohoScopes
{
    private static readonly string[] _modules = ["contacts", "accounts", "leads", "deals", "products", "invoices", "vendors"];
    private static readonly string[] _operations = ["ALL", "READ", "CREATE", "UPDATE", "WRITE", "DELETE"];

    public static IReadOnlyCollection<string> All { get; } =
    [
        .. _operations.Select(operation => $"ZohoCRM.modules.{operation}"),
        .. _modules.SelectMany(module => _operations.Select(operation => $"ZohoCRM.modules.{module}.{operation}")),
        "ZohoCRM.settings.ALL", "ZohoCRM.settings.READ", "ZohoCRM.notifications.ALL", "ZohoCRM.org.READ", "ZohoCRM.org.ALL", "ZohoCRM.users.READ", "ZohoCRM.users.ALL",
    ];
}
