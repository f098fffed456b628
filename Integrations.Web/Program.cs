using Integrations.Core;
using Integrations.Web.Account;
using Integrations.Web.Api;
using Integrations.Web.Connections;
using Integrations.Web.Hosting;
using Integrations.Web.Records;
using Integrations.Web.Shared;
using Integrations.Web.Sync;
using Integrations.Web.Webhooks;

if (CommandLine.IsHealthCheck(args))
{
    return await CommandLine.CheckHealthAsync();
}

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    // appsettings.json is copied there from the top of the repository, in development and when published.
    ContentRootPath = AppContext.BaseDirectory,
});
builder.AddHosting();
builder.Services
    .AddCore(builder.Configuration, DataDirectory.Default())
    .AddAccount(builder.Configuration)
    .AddApi()
    .AddConnectionApi()
    .AddSyncApi()
    .AddShell()
    .AddWebhookPages()
    .AddConnectionPages()
    .AddSyncPages()
    .AddRecordPages();

await using var app = builder.Build();
if (CommandLine.IsAdmin(args))
{
    return await CommandLine.RunAdminAsync(app, args);
}

if (!await app.PrepareAsync())
{
    return 1;
}

app.UseHosting();
app.MapHealth();
app.MapAccount();
app.MapConnect();
app.MapRecordDownloads();
app.MapApi();
app.MapPages();
return await app.ServeAsync() ? 0 : 1;
