using Microsoft.Playwright;
namespace Integrations.Browser.Tests;
[Collection(BrowserCollection.Name)]
public sealed class ShotsTemp(FilledHub hub) : IClassFixture<FilledHub>
{
    [Fact]
    public async Task Shoot()
    {
        var list = File.ReadAllLines("/tmp/shots.txt").Where(l => l.Trim().Length > 0 && l[0] != '#');
        List<string> faults = [];
        foreach (var line in list)
        {
            var parts = line.Split('|');
            foreach (var look in Look.All.Where(l => parts.Length < 3 || parts[2].Split(',').Contains(l.Name)))
            {
                try {
                await hub.RunAsync("shot", look, hub.Filled.OwnerEmail, async test =>
                {
                    test.Expect("");
                    await test.Page.OpenAsync(hub.Path(parts[0]), parts[1]);
                    if (parts.Length > 3) { await test.Page.GetByRole(AriaRole.Button, new() { Name = parts[3], Exact = true }).First.ClickAsync(); await Task.Delay(900); }
                    try { await test.AssertNoSidewaysScrollAsync(); } catch (Exception e) { faults.Add(line + look.Name + e.Message); }
                    try { await test.AssertAccessibleAsync(); } catch (Exception e) { faults.Add(line + look.Name + e.Message); }
                    var name = new string([.. parts[0].Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]) + (parts.Length > 3 ? "-" + parts[3].Replace(' ', '-') : "") + "-" + look.Name;
                    await test.Page.ScreenshotAsync(new PageScreenshotOptions { Path = "/tmp/shots/" + name + ".png", FullPage = parts.Length <= 3 && !parts[0].Contains("record=") && !parts[0].Contains("issue=") });
                });
                } catch (Exception e) { faults.Add(line + look.Name + " :: " + e.Message); }
            }
        }
        File.WriteAllLines("/tmp/shots/faults.txt", faults);
    }
}
