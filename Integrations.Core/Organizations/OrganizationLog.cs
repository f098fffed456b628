using Microsoft.Extensions.Logging;

namespace Integrations.Core.Organizations;

internal static partial class OrganizationLog
{
    [LoggerMessage(3001, LogLevel.Warning, "The hub has no organization yet. Open {SetupUrl} and unlock it with this setup token: {SetupToken}", EventName = "SetupWaits")]
    public static partial void SetupWaits(ILogger logger, string setupUrl, string setupToken);

    [LoggerMessage(3002, LogLevel.Information, "The organization {Organization} was made from the settings Setup:*", EventName = "SetUpFromConfiguration")]
    public static partial void SetUpFromConfiguration(ILogger logger, string organization);
}
