using System.Collections.Concurrent;
using Integrations.Core.Providers;
using Integrations.Core.Security;
using Integrations.Core.Tests.Security;
using Integrations.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Integrations.Core.Tests.Providers;

/// <summary>The pipeline with a connector of the test's own, towards a server on a real port that answers as the test says, by a clock that the test moves.</summary>
internal sealed class PipelineRig : IAsyncDisposable
{
    private static readonly TimeSpan _wait = TimeSpan.FromSeconds(20);
    private readonly ServiceProvider _services;
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<ProviderCall> _calls = new();
    private readonly ConcurrentQueue<string> _arrived = new();

    private PipelineRig(PipelineConnector connector, WebApplication server, Dictionary<string, string[][]> names)
    {
        Connector = connector;
        _server = server;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { [$"Providers:{connector.Info.Key}:ApiBaseUrl"] = Url })
            .Build();
        // No network is allowed: the server is called because the configuration names it.
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(Clock)
            .AddSecurity(configuration)
            .AddProviders()
            .AddSingleton(new ConnectorCatalog([connector]))
            .AddSingleton(GuardWithNames.Create(names))
            .BuildServiceProvider();
    }

    public FakeClock Clock { get; } = new();

    public PipelineConnector Connector { get; }

    /// <summary>Answers; the default is an empty 200.</summary>
    public RequestDelegate Handler { get; set; } = _ => Task.CompletedTask;

    /// <summary>Where the server is, without a slash at the end.</summary>
    public string Url => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>What reached the server, as method and path.</summary>
    public IReadOnlyList<string> Arrived => [.. _arrived];

    public IReadOnlyList<ProviderCall> Calls => [.. _calls];

    public static async Task<PipelineRig> StartAsync(PipelineConnector? connector = null, Dictionary<string, string[][]>? names = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        PipelineRig? rig = null;
        server.Run(context =>
        {
            rig!._arrived.Enqueue($"{context.Request.Method} {context.Request.Path}");
            return rig.Handler(context);
        });
        await server.StartAsync();
        return rig = new PipelineRig(connector ?? new PipelineConnector(), server, names ?? new(StringComparer.Ordinal));
    }

    public static RequestDelegate Status(int status, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return Task.CompletedTask;
    };

    /// <summary>One answer after the other; the last one repeats.</summary>
    public void AnswerInTurn(params RequestDelegate[] answers)
    {
        var turn = -1;
        Handler = context => answers[Math.Min(Interlocked.Increment(ref turn), answers.Length - 1)](context);
    }

    public Task<ProviderAnswer> SendAsync(ProviderRequest request, Guid? connection = null, TimeSpan? patience = null, string? instanceUrl = null, CancellationToken cancellationToken = default)
    {
        var pipeline = _services.GetRequiredService<ProviderPipeline>();
        var credential = new ProviderCredential(new Dictionary<string, string>(StringComparer.Ordinal) { [ProviderCredential.AccessTokenName] = "the-token" });
        var session = new ProviderSession(
            Connector, _services.GetRequiredService<ProviderDirectory>().UrlsOf(Connector), AuthMode.OAuth2, credential,
            (session, request, cancellationToken) => pipeline.SendAsync(connection ?? Guid.Empty, session, request, _calls.Enqueue, cancellationToken))
        {
            Patience = patience ?? TimeSpan.FromSeconds(10),
            Facts = instanceUrl is null ? new(StringComparer.Ordinal) : new Dictionary<string, string>(StringComparer.Ordinal) { ["instance_url"] = instanceUrl },
        };
        return session.SendAsync(request, cancellationToken);
    }

    /// <summary>A request without limits, as to a token endpoint.</summary>
    public Task<ProviderAnswer> SendOnceAsync(HttpRequestMessage request) => _services.GetRequiredService<ProviderPipeline>().SendOnceAsync(Connector, request, CancellationToken.None);

    public static async Task<ProviderFault> FaultOfAsync(Task call, ProviderFaultKind kind)
    {
        var fault = await Assert.ThrowsAsync<ProviderFault>(() => call.WaitAsync(_wait));
        Assert.Equal(kind, fault.Kind);
        return fault;
    }

    /// <summary>Completes when so many requests have reached the server.</summary>
    public Task UntilArrivedAsync(int count) => UntilAsync(() => _arrived.Count >= count);

    /// <summary>Completes when so many tries are over and the next one waits for its time to come.</summary>
    public async Task UntilWaitingAfterAsync(int tries)
    {
        await UntilAsync(() => _calls.Count >= tries);
        await Clock.WaitForTimersAsync(1, _wait);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(_wait);
        while (!isSo())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}

/// <summary>A provider that there is only in tests.</summary>
internal sealed class PipelineConnector(ProviderRateLimit? limit = null) : Connector
{
    public override ConnectorInfo Info { get; } = new("lab", "The Lab", ProviderCategory.Automation, "A provider of tests.", [], "https://lab.example/", new ProviderTile("La", "#000000"));

    public override ConnectorHelp Help { get; } = new([], []);

    public override IReadOnlyList<AuthMethod> AuthMethods { get; } = [];

    public override ProviderRateLimit RateLimit { get; } = limit ?? ProviderRateLimit.Unlimited;

    public override string BaseUrlFor(ProviderSession session) => session.Facts.GetValueOrDefault("instance_url") ?? base.BaseUrlFor(session);

    public override string? WhyNotHost(Uri url) => url.Scheme == Uri.UriSchemeHttps && url.Host.EndsWith(".lab.example", StringComparison.Ordinal) ? null : base.WhyNotHost(url);

    public override IEnumerable<ProviderQuota> ReadQuotas(ProviderAnswer answer) => long.TryParse(answer.Header("X-Left"), out var left) ? [new ProviderQuota("day", left, 100)] : [];
}
