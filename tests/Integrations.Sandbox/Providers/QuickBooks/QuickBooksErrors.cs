namespace Integrations.Sandbox.Providers.QuickBooks;

internal sealed record QuickBooksFault(string Code, string Message, string Detail);

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

    /// <summary>What the accounting service itself refuses has another form than what the gateway does.</summary>
    public static IResult Validation(string code, string message, string detail) =>
        Answer.Json(new { Fault = FaultOf(code, message, detail), time = "2026-01-05T09:00:00.000-08:00" }, StatusCodes.Status400BadRequest);

    public static object FaultOf(string code, string message, string detail) =>
        new { Error = new[] { new { Message = message, Detail = detail, code } }, type = "ValidationFault" };
}
