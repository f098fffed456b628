namespace Integrations.Web.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(9001, LogLevel.Information, "Development: webhooks may go to this machine over plain http (Security:AllowedNetworks starts with loopback)", EventName = "LoopbackAllowed")]
    public static partial void LoopbackAllowed(ILogger logger);
}
