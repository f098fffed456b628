namespace Integrations.Sandbox.Providers.Google;

internal static class MailHeaders
{
    /// <summary>The headers of an RFC 822 text by their names in lower case, folded lines joined.</summary>
    public static Dictionary<string, string> Read(string text)
    {
        Dictionary<string, string> headers = new(StringComparer.Ordinal);
        var name = "";
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').TakeWhile(line => line.Length > 0))
        {
            if (line[0] is ' ' or '\t' && name.Length > 0)
            {
                headers[name] += " " + line.Trim();
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
            {
                name = line[..colon].ToLowerInvariant();
                headers[name] = line[(colon + 1)..].Trim();
            }
        }

        return headers;
    }
}
