using System.Diagnostics;

namespace Integrations.Web.Shared;

/// <summary>The id that a failure on the screen shares with its line in the log.</summary>
public static class RequestId
{
    public static string Current() => (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToString();
}
