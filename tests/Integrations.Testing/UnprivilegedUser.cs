using System.Globalization;

namespace Integrations.Testing;

/// <summary>PostgreSQL refuses to run as root, so tests that run as root start it as somebody else.</summary>
/// <param name="Prefix">Put before a command to run it as this user; empty when the tests' own user will do.</param>
/// <param name="Owner">The user and group for chown; null when the tests' own user will do.</param>
internal sealed record UnprivilegedUser(string[] Prefix, string? Owner)
{
    public static UnprivilegedUser Choose()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new UnprivilegedUser([], null);
        }

        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToList();
        var account = accounts.Find(fields => fields[0] == "postgres") ?? accounts.Find(fields => fields[0] == "nobody")
            ?? throw new InvalidOperationException("PostgreSQL does not run as root, and there is neither a user postgres nor nobody.");
        var (user, group) = (int.Parse(account[2], CultureInfo.InvariantCulture), int.Parse(account[3], CultureInfo.InvariantCulture));
        return new UnprivilegedUser(
            ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--"],
            string.Create(CultureInfo.InvariantCulture, $"{user}:{group}"));
    }
}
