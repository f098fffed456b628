using Bunit;
using Integrations.Web.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Web.Tests.Shared;

/// <summary>The services of the shell around one component, with a clock that the test moves.</summary>
public abstract class ShellTest : BunitContext
{
    protected ShellTest()
    {
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddSharedComponents();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    protected ManualTime Time { get; } = new(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
}
