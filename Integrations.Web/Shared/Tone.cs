namespace Integrations.Web.Shared;

public enum Tone
{
    Neutral,
    Info,
    Success,
    Warning,
    Danger,
}

public static class Tones
{
    private static readonly Dictionary<string, Tone> _byStatus = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Active"] = Tone.Success,
        ["Degraded"] = Tone.Warning,
        ["Needs authorization"] = Tone.Warning,
        ["Configuration error"] = Tone.Danger,
        ["Disconnected"] = Tone.Neutral,
        ["Disabled"] = Tone.Neutral,
        ["Delivered"] = Tone.Success,
        ["Retrying"] = Tone.Warning,
        ["Failed"] = Tone.Danger,
        ["Pending"] = Tone.Info,
        ["Delivering"] = Tone.Info,
        ["Discarded"] = Tone.Neutral,
        ["Failing"] = Tone.Danger,
        ["Resting"] = Tone.Warning,
        ["Switched off"] = Tone.Neutral,
        ["Success"] = Tone.Success,
        ["Partial"] = Tone.Warning,
        ["Running"] = Tone.Info,
        ["Queued"] = Tone.Info,
        ["Paused"] = Tone.Warning,
        ["Completed"] = Tone.Success,
        ["Cancelled"] = Tone.Neutral,
        ["Matches"] = Tone.Success,
        ["Left out"] = Tone.Neutral,
        ["Draft"] = Tone.Neutral,
        ["Open"] = Tone.Info,
        ["Paid"] = Tone.Success,
        ["Void"] = Tone.Neutral,
        ["Uncollectible"] = Tone.Danger,
        ["Refunded"] = Tone.Neutral,
        ["Subscribed"] = Tone.Success,
        ["Unsubscribed"] = Tone.Neutral,
        ["Expired"] = Tone.Neutral,
        ["Revoked"] = Tone.Neutral,
    };

    /// <summary>The colour of a status word; the same word has the same colour on every page.</summary>
    public static Tone OfStatus(string status) => _byStatus.GetValueOrDefault(status, Tone.Neutral);

    public static string CssClass(this Tone tone) => tone switch
    {
        Tone.Info => "tone-info",
        Tone.Success => "tone-success",
        Tone.Warning => "tone-warning",
        Tone.Danger => "tone-danger",
        _ => "tone-neutral",
    };

    public static string Icon(this Tone tone) => tone switch
    {
        Tone.Success => "success",
        Tone.Warning => "warning",
        Tone.Danger => "error",
        _ => "info",
    };
}
