namespace Integrations.Web.Shared;

/// <summary>Ids for labels and descriptions; unique in the process, so unique on a page.</summary>
public static class ElementIds
{
    private static int _last;

    public static string Next(string prefix) => $"{prefix}-{Interlocked.Increment(ref _last)}";
}
