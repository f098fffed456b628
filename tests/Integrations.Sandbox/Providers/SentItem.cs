namespace Integrations.Sandbox.Providers;

/// <summary>What a client had a provider do: the message it posted, the e-mail it sent, the file it uploaded.</summary>
/// <param name="Action">Such as <c>chat.postMessage</c>.</param>
/// <param name="Values">What was understood of it, by name, such as <c>channel</c> and <c>text</c>.</param>
/// <param name="Content">The text, the raw e-mail or the file's bytes.</param>
public sealed record SentItem(DateTimeOffset At, string Provider, string Action, IReadOnlyDictionary<string, string> Values, ReadOnlyMemory<byte> Content);
