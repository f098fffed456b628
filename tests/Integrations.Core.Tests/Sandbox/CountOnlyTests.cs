using System.Diagnostics;
using Integrations.Sandbox;

namespace Integrations.Core.Tests.Sandbox;

public sealed class CountOnlyTests
{
    [Fact]
    public async Task It_counts_and_keeps_nothing()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { CountOnly = true });
        using var client = new HttpClient();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.PostAsync(sandbox.ReceiveUrl("orders"), new StringContent("{}"))));

        Assert.Equal(50, sandbox.Counted);
        Assert.Equal("50", await client.GetStringAsync(new Uri(sandbox.Address, "/count")));
        Assert.Empty(sandbox.Receiver.Names);
    }

    [Fact]
    public async Task As_a_process_it_prints_where_it_listens()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SandboxProgram).Assembly.Location, "--count-only"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync();
            Assert.StartsWith("LISTENING http://127.0.0.1:", line, StringComparison.Ordinal);

            using var client = new HttpClient();
            var answer = await client.PostAsync(line!["LISTENING ".Length..] + "/receive/orders", new StringContent("{}"));
            Assert.True(answer.IsSuccessStatusCode);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
