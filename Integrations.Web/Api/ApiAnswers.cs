namespace Integrations.Web.Api;

/// <summary>What answers a change that has nothing to show.</summary>
internal sealed record DoneAnswer(string Message)
{
    public bool Success => true;
}
