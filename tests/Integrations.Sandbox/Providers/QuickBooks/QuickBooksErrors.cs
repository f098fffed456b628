namespace Integrations.Sandbox.Providers.QuickBooks;

internal static class QuickBooksErrors
{
    public static IResult Fault(int status, string type, string code, string message) => Answer.Json(
        new
        {
            warnings = (string?)null,
            intuitObject = (string?)null,
            fault = new { error = new[] { new { message, detail = (string?)null, code, element = (string?)null } }, type },
            report = (string?)null,
            queryResponse = (string?)null,
            batchItemResponse = Array.Empty<object>(),
            requestId = (string?)null,
            time = 1_767_603_600_000,
            status = (string?)null,
        },
        status);
}
