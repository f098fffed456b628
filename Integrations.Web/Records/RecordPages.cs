namespace Integrations.Web.Records;

/// <summary>What the pages of records inject.</summary>
public static class RecordPages
{
    public static IServiceCollection AddRecordPages(this IServiceCollection services) => services.AddScoped<RecordActions>();
}
