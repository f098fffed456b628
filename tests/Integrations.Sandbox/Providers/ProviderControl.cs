using System.Collections.Concurrent;
using Integrations.Sandbox.Providers.Data;
using Integrations.Sandbox.Providers.Faults;
using Integrations.Sandbox.Providers.OAuth;

namespace Integrations.Sandbox.Providers;

/// <summary>One provider of the sandbox as a test sees it: what it was sent, and how it shall behave next.</summary>
public sealed class ProviderControl
{
    private readonly ConcurrentQueue<Violation> _violations = new();
    private readonly ConcurrentQueue<SentItem> _sent = new();
    private readonly ConcurrentQueue<ProviderCall> _calls = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Queue<string> _consentErrors = new();
    private readonly Queue<string> _tokenErrors = new();
    private readonly TimeProvider _time;

    internal ProviderControl(string key, string name, TimeProvider time)
    {
        _time = time;
        Key = key;
        Name = name;
        Grants = new GrantStore(key, time);
        Data = new ProviderData(this, time);
    }

    public string Key { get; }

    public string Name { get; }

    /// <summary>Which of the provider's accounts the next consents are given for.</summary>
    public int AccountNumber { get; private set; } = 1;

    /// <summary>While true, no refresh token is taken.</summary>
    public bool RefusesRefresh { get; set; }

    /// <summary>The one redirect URI that is registered for the client; null takes any that ends in the hub's path for this provider.</summary>
    public string? RedirectUri { get; set; }

    /// <summary>For providers where the app's owner chooses: Slack's token rotation, Salesforce's refresh token rotation.</summary>
    public bool RotatesTokens { get; set; }

    /// <summary>For providers where the app's owner may demand PKCE (Salesforce).</summary>
    public bool RequiresPkce { get; set; }

    public IReadOnlyList<Violation> Violations => [.. _violations];

    public IReadOnlyList<SentItem> Sent => [.. _sent];

    public IReadOnlyList<ProviderCall> Calls => [.. _calls];

    /// <summary>All calls so far by method and pattern, such as <c>GET /v1/customers/{id}</c>.</summary>
    public IReadOnlyDictionary<string, int> CallCounts => _counts.ToDictionary(StringComparer.Ordinal);

    /// <summary>The newest 100,000 rows that clients made or changed.</summary>
    public IReadOnlyList<ClientWrite> Writes => Data.Writes;

    /// <summary>Whether some rows are odd: see <see cref="Data.Dirt"/>.</summary>
    public bool Dirt
    {
        get => Data.Dirt;
        set => Data.Dirt = value;
    }

    /// <summary>How often a refresh token was traded in.</summary>
    public int Refreshes => Grants.Refreshes;

    /// <summary>Consents that are neither revoked at the provider nor by the client.</summary>
    public int LiveGrants => Grants.Live;

    internal GrantStore Grants { get; }

    internal ProviderData Data { get; }

    /// <summary>Told of every violation as it comes.</summary>
    internal Action<Violation>? Report { get; set; }

    internal FaultPlan Faults { get; } = new();

    internal SandboxAccount Account => new(Key, AccountNumber);

    /// <summary>The next consent is given by somebody with another account.</summary>
    public void UseAccount(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        AccountNumber = number;
    }

    /// <summary>All access tokens and keys of now are refused as expired; refresh tokens go on.</summary>
    public void ExpireAccessTokens() => Grants.ExpireAccessTokens();

    /// <summary>The user takes back what was granted: access and refresh tokens, and keys, are refused from now on.</summary>
    public void RevokeGrants() => Grants.RevokeAll();

    /// <summary>The next calls of paths that begin so answer this: <c>rate-limit</c>, <c>rate-limit;retry-after=3</c>, <c>status:503</c>, <c>hang</c>, <c>slow:5000</c>, <c>reset</c>, <c>broken-json</c>.</summary>
    /// <param name="after">Calls that are answered as usual before.</param>
    /// <exception cref="FormatException">The text names no answer.</exception>
    public void Fail(string path, string answer, int times = 1, int after = 0) => Faults.Add(path, answer, times, after);

    /// <summary>From now on every n-th data call of paths that begin so answers this. Beside those of <see cref="Fail"/>: <c>cut</c> breaks off in the middle of the true answer, <c>late:2000</c> gives it late.</summary>
    /// <exception cref="FormatException">The text names no answer.</exception>
    public void FailEvery(int calls, string answer, string path = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        Faults.AddEvery(path, answer, calls);
    }

    /// <summary>The rows of a type, of the account that <see cref="UseAccount"/> chose.</summary>
    /// <param name="part">Where a type has several tables, such as members of several lists: which.</param>
    public DataTable Rows(string type, int part = 0) => Data.Of(AccountNumber)[type, part];

    /// <summary>The next consent page is not shown; the browser comes back with this error at once.</summary>
    public void FailNextConsent(string error = "access_denied")
    {
        lock (_gate)
        {
            _consentErrors.Enqueue(error);
        }
    }

    /// <summary>The next calls of the token endpoint answer <c>invalid_client</c>, <c>invalid_grant</c> or <c>temporarily_unavailable</c>, in the provider's own form.</summary>
    public void FailTokenRequests(string error, int times = 1)
    {
        if (error is not ("invalid_client" or "invalid_grant" or "temporarily_unavailable"))
        {
            throw new FormatException($"'{error}' is not an answer of a token endpoint. Known: invalid_client, invalid_grant, temporarily_unavailable.");
        }

        lock (_gate)
        {
            for (var i = 0; i < times; i++)
            {
                _tokenErrors.Enqueue(error);
            }
        }
    }

    /// <summary>Forgets what was planned; keys and pasted tokens are good again, rows are as they were generated, grants stay as they are.</summary>
    public void Reset()
    {
        Faults.Clear();
        lock (_gate)
        {
            _consentErrors.Clear();
            _tokenErrors.Clear();
        }

        (AccountNumber, RefusesRefresh, RotatesTokens, RequiresPkce, RedirectUri) = (1, false, false, false, null);
        Grants.RestoreKeys();
        Data.Clear();
    }

    public void ClearRecords()
    {
        _violations.Clear();
        _sent.Clear();
        _calls.Clear();
        _counts.Clear();
        Data.ClearWrites();
    }

    internal string? TakeConsentError() => Take(_consentErrors);

    internal string? TakeTokenError() => Take(_tokenErrors);

    internal void Violated(HttpContext context, string rule)
    {
        var violation = new Violation(_time.GetUtcNow(), Key, $"{context.Request.Method} {context.Request.Path}", rule);
        _violations.Enqueue(violation);
        Report?.Invoke(violation);
    }

    internal void Record(string action, IReadOnlyDictionary<string, string> values, ReadOnlyMemory<byte> content) =>
        _sent.Enqueue(new SentItem(_time.GetUtcNow(), Key, action, values, content));

    /// <param name="pattern">The path without ids.</param>
    internal void Record(string method, string path, string pattern, int status)
    {
        _counts.AddOrUpdate($"{method} {pattern}", 1, (_, count) => count + 1);
        _calls.Enqueue(new ProviderCall(_time.GetUtcNow(), method, path, status));
        while (_calls.Count > 10_000)
        {
            _calls.TryDequeue(out _);
        }
    }

    private string? Take(Queue<string> queue)
    {
        lock (_gate)
        {
            return queue.TryDequeue(out var error) ? error : null;
        }
    }
}
