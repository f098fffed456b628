using Integrations.Core.ApiKeys;
using Integrations.Core.Audit;
using Integrations.Core.Connections;
using Integrations.Core.Events;
using Integrations.Core.Jobs;
using Integrations.Core.Organizations;
using Integrations.Core.Overview;
using Integrations.Core.Providers;
using Integrations.Core.Records;
using Integrations.Core.Requests;
using Integrations.Core.Security;
using Integrations.Core.Storage;
using Integrations.Core.StoredKeys;
using Integrations.Core.Sync;
using Integrations.Core.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core;

/// <summary>Every feature of the core, in one place.</summary>
public static class CoreServices
{
    /// <param name="defaultDataDirectory">The data directory when <c>Data:Directory</c> is empty.</param>
    public static IServiceCollection AddCore(this IServiceCollection services, IConfiguration configuration, string defaultDataDirectory)
    {
        var database = Database.FromConfiguration(configuration, defaultDataDirectory);
        return services
            .AddSecurity(configuration)
            .AddStorage(configuration, database)
            .AddAudit()
            .AddOrganizations()
            .AddJobs(database)
            .AddEvents()
            .AddWebhooks()
            .AddProviders()
            .AddProviderConnections()
            .AddRecords()
            .AddSync()
            .AddApiKeys()
            .AddStoredKeys()
            .AddRequests()
            .AddOverview();
    }
}
