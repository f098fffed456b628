namespace Integrations.Web.Account;

/// <summary>The rules for passwords, in words and in the one place that Identity is set from.</summary>
internal static class PasswordRules
{
    public const int MinLength = 12;
    public const int MinDistinct = 4;

    public const string Mismatch = "The two passwords differ. Type the same one twice.";

    public static string Text { get; } = $"At least {MinLength} characters, {MinDistinct} of them different. A few words make a good one.";
}
