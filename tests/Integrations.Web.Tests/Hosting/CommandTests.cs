using Integrations.Core.Security;
using Integrations.Testing;
using Microsoft.EntityFrameworkCore;

namespace Integrations.Web.Tests.Hosting;

/// <summary>The commands of the binary, run as processes.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Healthcheck_tells_by_its_exit_code_whether_the_hub_is_ready()
    {
        await using var hub = await HubApp.StartAsync(new HubAppOptions { ListensOnPort = true });

        Assert.Equal(0, (await HubProcess.RunAsync([new("ASPNETCORE_URLS", $"http://+:{hub.Address.Port}")], "healthcheck")).Code);
        Assert.Equal(0, (await HubProcess.RunAsync([new("ASPNETCORE_HTTP_PORTS", $"{hub.Address.Port};9")], "healthcheck")).Code);
        Assert.Equal(1, (await HubProcess.RunAsync([new("ASPNETCORE_URLS", $"http://+:{FreePort.Take()}")], "healthcheck")).Code);
    }

    [Fact]
    public async Task Admin_create_adds_a_member_beside_a_running_hub()
    {
        await using var hub = await HubApp.StartAsync();

        var exit = await HubProcess.RunAsync(hub.Settings, "admin", "create", "--email", "viewer@example.com", "--password", HubApp.OwnerPassword, "--role", "viewer");

        Assert.Equal(0, exit.Code);
        Assert.Contains("viewer@example.com is now Viewer of Acme.", exit.Output, StringComparison.Ordinal);
        await using var db = hub.OpenDatabase(hub.Tenant.Owner);
        Assert.Equal(Role.Viewer, (await db.Members.SingleAsync(member => member.User!.Email == "viewer@example.com")).Role);
        var audit = await hub.Client.GetApiAsync("/api/audit?action=member.added");
        Assert.Equal("command line", audit["entries"][0].GetProperty("actor").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Admin_create_says_what_is_wrong_and_adds_nobody()
    {
        await using var hub = await HubApp.StartAsync();
        await hub.CreateOrganizationAsync("Second");

        var several = await HubProcess.RunAsync(hub.Settings, "admin", "create", "--email", "a@example.com", "--password", HubApp.OwnerPassword);
        Assert.Equal(1, several.Code);
        Assert.Contains("--organization", several.Errors, StringComparison.Ordinal);

        var weak = await HubProcess.RunAsync(hub.Settings, "admin", "create", "--email", "a@example.com", "--password", "short", "--organization", "acme");
        Assert.Equal(1, weak.Code);
        Assert.StartsWith("The member was not added:", weak.Errors, StringComparison.Ordinal);
        Assert.Contains("at least 12 characters", weak.Errors, StringComparison.Ordinal);

        var usage = await HubProcess.RunAsync(hub.Settings, "admin", "create", "--email", "a@example.com", "--password", HubApp.OwnerPassword, "--role", "king");
        Assert.Equal(2, usage.Code);
        Assert.Contains("Usage:", usage.Errors, StringComparison.Ordinal);
    }
}
