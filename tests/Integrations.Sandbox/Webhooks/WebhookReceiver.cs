using System.Collections.Concurrent;
using System.Globalization;

namespace Integrations.Sandbox.Webhooks;

/// <summary>The receiving end of webhooks: keeps what came in under each name, and answers as the name was told to.</summary>
public sealed class WebhookReceiver
{
    private readonly ConcurrentDictionary<string, Mailbox> _mailboxes = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly int _keptPerName;

    internal WebhookReceiver(TimeProvider time, int keptPerName)
    {
        _time = time;
        _keptPerName = keptPerName;
    }

    public IReadOnlyList<string> Names => [.. _mailboxes.Keys.Order(StringComparer.Ordinal)];

    internal TimeProvider Time => _time;

    /// <summary>How the name answers from now on; the steps of <c>flaky</c> and <c>sequence</c> start anew.</summary>
    /// <exception cref="FormatException">The text names no behaviour.</exception>
    public void Behave(string name, string behaviour) => Of(name).Behave(Behaviour.Parse(behaviour));

    /// <summary>Requests that come from now on are checked against this secret; null stops that.</summary>
    public void ExpectSecret(string name, string? secret) => Of(name).ExpectSecret(secret);

    /// <summary>The newest requests, oldest first.</summary>
    public IReadOnlyList<ReceivedRequest> Received(string name) => Of(name).Requests();

    /// <summary>Every request since the start or the last <see cref="Clear"/>, also those no longer kept.</summary>
    public long Count(string name) => Of(name).Count;

    public void Clear(string name) => Of(name).Clear();

    /// <summary>Completes as soon as the name has received this many, with the requests that are kept.</summary>
    /// <exception cref="TimeoutException">They did not come in time; the message says how many did.</exception>
    public async Task<IReadOnlyList<ReceivedRequest>> WaitForAsync(
        string name, long count, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var mailbox = Of(name);
        try
        {
            await mailbox.WaitForAsync(count, timeout, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"'{name}' received {mailbox.Count} of {count} requests within {timeout.TotalSeconds:0.#} s."), e);
        }

        return mailbox.Requests();
    }

    internal Mailbox Of(string name) => _mailboxes.GetOrAdd(name, _ => new Mailbox(_time, _keptPerName));
}
