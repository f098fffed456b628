namespace Integrations.Sandbox.Providers.Data;

/// <summary>What is wrong with the rows whose index leaves 13 when divided by 97, unless a test switches that off: one after the other.</summary>
internal enum Dirt
{
    None,

    /// <summary>The e-mail address is that of the row before.</summary>
    SameEmail,

    /// <summary>Emoji, a script that is written from the right, letters of two code points.</summary>
    OddLetters,

    /// <summary>Quotes, a backslash, a line break, a tab and control characters.</summary>
    ControlCharacters,

    /// <summary>A name of a thousand characters.</summary>
    LongName,

    NoEmail,

    NoName,

    /// <summary>A number where the provider has a text.</summary>
    NumberForText,

    /// <summary>A text where the provider has a number.</summary>
    TextForNumber,
}
