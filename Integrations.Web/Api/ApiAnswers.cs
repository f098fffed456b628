using System.Text.Json.Serialization;

namespace Integrations.Web.Api;

/// <summary>What every successful answer says first.</summary>
internal abstract record Answer
{
    [JsonPropertyOrder(-1)]
    public bool Success => true;
}

/// <summary>What answers a change that has nothing to show.</summary>
internal sealed record DoneAnswer(string Message) : Answer;
