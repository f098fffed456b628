using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Integrations.Core.Providers;

/// <summary>
/// Sends provider calls: at the provider's rate and concurrency for each connection, with more tries for what may pass, and not at all for a while when a
/// provider keeps failing.
/// </summary>
public sealed class ProviderPipeline : IDisposable
{
    private const int MaxRetries = 3;
    private static readonly TimeSpan _idle = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Guid, Lane> _lanes = new();
    private readonly ProviderHttp _http;
    private readonly ProviderDirectory _directory;
    private readonly TimeProvider _time;

    internal ProviderPipeline(ProviderHttp http, ProviderDirectory directory, TimeProvider time)
    {
        _http = http;
        _directory = directory;
        _time = time;
    }

    /// <param name="connectionId">Whose limits count; empty for a credential that is only being tried.</param>
    /// <param name="onCall">Hears of every try.</param>
    /// <exception cref="ProviderFault">The provider did not do it.</exception>
    public async Task<ProviderAnswer> SendAsync(
        Guid connectionId, ProviderSession session, ProviderRequest request, Action<ProviderCall>? onCall, CancellationToken cancellationToken)
    {
        var lane = connectionId == Guid.Empty ? new Lane(this, session.Connector) : LaneOf(connectionId, session.Connector);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(_patienceKey, new Patience(session.Patience));
        context.Properties.Set(_canRepeatKey, request.CanRepeat);
        try
        {
            return await lane.Resilience.ExecuteAsync(
                static async (context, state) => await state.Self.TryAsync(state.lane, state.session, state.request, state.onCall, context.CancellationToken),
                context,
                (Self: this, lane, session, request, onCall));
        }
        catch (BrokenCircuitException)
        {
            throw new ProviderFault(ProviderFaultKind.Unavailable, $"{session.Connector.Info.Name} kept failing, so the hub lets it rest for half a minute.");
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Sends a request that carries its own credential, such as one to a token endpoint: once, with no limits.</summary>
    /// <exception cref="ProviderFault">No answer came.</exception>
    public Task<ProviderAnswer> SendOnceAsync(Connector connector, HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(connector.Info.Name, request, ProviderHttp.MaxTokenBytes, cancellationToken);

    public void Dispose()
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Dispose();
        }
    }

    private static readonly ResiliencePropertyKey<Patience> _patienceKey = new("patience");
    private static readonly ResiliencePropertyKey<bool> _canRepeatKey = new("canRepeat");

    private async Task<ProviderAnswer> TryAsync(Lane lane, ProviderSession session, ProviderRequest request, Action<ProviderCall>? onCall, CancellationToken cancellationToken)
    {
        await lane.WaitForTurnAsync(session.Patience, cancellationToken);
        try
        {
            var start = _time.GetTimestamp();
            ProviderAnswer? answer = null;
            ProviderFault? fault = null;
            try
            {
                using var message = await MakeAsync(session, request, cancellationToken);
                answer = await _http.SendAsync(session.Connector.Info.Name, message, ProviderHttp.MaxBytes, cancellationToken);
                fault = session.Connector.ReadFault(answer)?.Without(session.Credential.Values.Values);
                return fault is null ? answer : throw fault;
            }
            catch (ProviderFault thrown)
            {
                fault = thrown;
                throw;
            }
            finally
            {
                onCall?.Invoke(new ProviderCall(
                    _time.GetElapsedTime(start), fault is not null, fault?.Kind == ProviderFaultKind.RateLimited, answer is null ? [] : [.. session.Connector.ReadQuotas(answer)]));
            }
        }
        finally
        {
            lane.EndTurn();
        }
    }

    private static async Task<HttpRequestMessage> MakeAsync(ProviderSession session, ProviderRequest request, CancellationToken cancellationToken)
    {
        var own = session.Connector.BaseUrlFor(session);
        if (!Uri.TryCreate(request.Url.StartsWith('/') ? own + request.Url : request.Url, UriKind.Absolute, out var target) || target.Scheme is not ("https" or "http"))
        {
            // Such as an instance URL out of a token answer.
            throw new ProviderFault(ProviderFaultKind.Refused, $"{session.Connector.Info.Name} gave an address that cannot be called.");
        }

        if (!IsOwn(target, session.Urls) && session.Connector.WhyNotHost(target) is { } reason)
        {
            // A base that came with the connection, a next-page link or a resource URL out of an answer must not carry the credential elsewhere.
            throw new ProviderFault(ProviderFaultKind.Refused, reason);
        }

        HttpRequestMessage message = new(request.Method, target) { Content = request.Content?.Invoke() };
        try
        {
            message.Headers.Accept.ParseAdd("application/json");
            message.Headers.UserAgent.ParseAdd("Integrations/1.0");
            foreach (var (name, value) in request.Headers)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }

            await session.Connector.AuthorizeAsync(message, session, cancellationToken);
            return message;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private static bool IsOwn(Uri target, ProviderUrls urls)
    {
        var origin = target.GetLeftPart(UriPartial.Authority);
        return urls.Named.Values.Append(urls.ApiBase).Any(url => url is not null && new Uri(url).GetLeftPart(UriPartial.Authority) == origin) || urls.Configured.Contains(origin);
    }

    private Lane LaneOf(Guid connectionId, Connector connector)
    {
        var lane = _lanes.GetOrAdd(connectionId, static (_, state) => new Lane(state.Self, state.connector), (Self: this, connector));
        lane.UsedAt = _time.GetTimestamp();
        if (_lanes.Count > 1000)
        {
            foreach (var (id, idle) in _lanes.Where(pair => _time.GetElapsedTime(pair.Value.UsedAt) > _idle))
            {
                _lanes.TryRemove(new KeyValuePair<Guid, Lane>(id, idle));
            }
        }

        return lane;
    }

    /// <summary>How long a call may still wait in all.</summary>
    private sealed class Patience(TimeSpan left)
    {
        public TimeSpan Left { get; set; } = left;
    }

    /// <summary>What one connection has used of its provider's limits, and how the provider fares for it.</summary>
    private sealed class Lane : IDisposable
    {
        private readonly TokenBucket _bucket;
        private readonly SemaphoreSlim _turns;
        private readonly TimeProvider _time;
        private readonly string _provider;

        public Lane(ProviderPipeline pipeline, Connector connector)
        {
            _time = pipeline._time;
            _provider = connector.Info.Name;
            var limit = pipeline._directory.LimitOf(connector);
            _bucket = new TokenBucket(limit, _time);
            _turns = new SemaphoreSlim(limit.Concurrent, limit.Concurrent);
            Resilience = new ResiliencePipelineBuilder<ProviderAnswer> { TimeProvider = _time }
                .AddRetry(Retry())
                .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ProviderAnswer>
                {
                    ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is ProviderFault { Kind: ProviderFaultKind.Unavailable }),
                    FailureRatio = 0.9,
                    MinimumThroughput = 10,
                    SamplingDuration = TimeSpan.FromSeconds(60),
                    BreakDuration = TimeSpan.FromSeconds(30),
                })
                .Build();
        }

        public ResiliencePipeline<ProviderAnswer> Resilience { get; }

        public long UsedAt { get; set; }

        public async Task WaitForTurnAsync(TimeSpan patience, CancellationToken cancellationToken)
        {
            var wait = _bucket.Take();
            if (wait > patience)
            {
                _bucket.Return();
                throw new ProviderFault(ProviderFaultKind.RateLimited, $"The calls that {_provider} allows are used up for {wait.TotalSeconds:0} s.", retryAfter: wait);
            }

            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, cancellationToken);
            }

            await _turns.WaitAsync(cancellationToken);
        }

        public void EndTurn() => _turns.Release();

        public void Dispose() => _turns.Dispose();

        private static RetryStrategyOptions<ProviderAnswer> Retry() => new()
        {
            MaxRetryAttempts = MaxRetries,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is ProviderFault fault && ShouldRepeat(fault, args.Context)),
            DelayGenerator = args =>
            {
                var wait = Wait((ProviderFault)args.Outcome.Exception!, args.AttemptNumber);
                args.Context.Properties.GetValue(_patienceKey, new Patience(TimeSpan.Zero)).Left -= wait;
                return ValueTask.FromResult<TimeSpan?>(wait);
            },
        };

        // Throttled calls were not done. Others may have been, so only those that do no harm twice are sent again.
        private static bool ShouldRepeat(ProviderFault fault, ResilienceContext context) =>
            fault.IsTransient
            && (fault.Kind == ProviderFaultKind.RateLimited || context.Properties.GetValue(_canRepeatKey, false))
            && (fault.RetryAfter ?? TimeSpan.Zero) <= context.Properties.GetValue(_patienceKey, new Patience(TimeSpan.Zero)).Left;

        // Half a second, doubled each time, with jitter that only lengthens; what the provider asks for counts more.
        private static TimeSpan Wait(ProviderFault fault, int attempt)
        {
            var own = TimeSpan.FromMilliseconds(500 * Math.Pow(2, attempt) * (1 + Random.Shared.NextDouble() * 0.5));
            return fault.RetryAfter is { } asked && asked > own ? asked : own;
        }
    }
}
