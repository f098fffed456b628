using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Providers;

public sealed class MailTextTests
{
    [Fact]
    public void A_plain_message_is_written_as_mail_is()
    {
        var text = Write(new MailText { From = "hub@example.com", To = ["a@example.com", "b@example.com"], Bcc = ["c@example.com"], Subject = "Invoice 7", Text = "Line one\nLine two" });

        Assert.Equal(
            "From: hub@example.com\r\nTo: a@example.com,\r\n b@example.com\r\nBcc: c@example.com\r\nSubject: Invoice 7\r\nMIME-Version: 1.0\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nTGluZSBvbmUNCkxpbmUgdHdv\r\n",
            text);
    }

    [Theory]
    [InlineData("a@example.com")]
    [InlineData("first.last+tag@mail.example.co.uk")]
    [InlineData("o'neil@example.com")]
    [InlineData("post@bücher.example")]
    public void These_are_addresses(string address) => Assert.True(MailText.IsAddress(address));

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("a@example")]
    [InlineData("a@@example.com")]
    [InlineData("a b@example.com")]
    [InlineData("a@example.com\r\nBcc: evil@example.com")]
    [InlineData("a@example.com\n")]
    [InlineData("\"a\r\nBcc: b\"@example.com")]
    [InlineData("Name <a@example.com>")]
    [InlineData("a@example.com, b@example.com")]
    [InlineData(".a@example.com")]
    [InlineData("a@exa\u0000mple.com")]
    public void These_are_not(string address) => Assert.False(MailText.IsAddress(address));

    [Fact]
    public void A_name_of_a_domain_is_written_in_ascii() =>
        Assert.Contains("To: post@xn--bcher-kva.example\r\n", Write(new MailText { To = ["post@bücher.example"], Subject = "", Text = "" }), StringComparison.Ordinal);

    [Fact]
    public void No_subject_or_text_can_add_a_header_and_all_of_it_arrives() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(
            ArbMap.Default.ArbFor<string>(),
            ArbMap.Default.ArbFor<string>(),
            (string subject, string body) =>
            {
                var (sent, said) = (Whole(subject) + "\r\nBcc: evil@example.com", Whole(body));
                var text = Write(new MailText { To = ["a@example.com"], Subject = sent, Text = said });
                var parts = text.Split("\r\n\r\n", 2);
                var headers = parts[0].Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n");

                Assert.Equal(["To", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"], headers.Select(header => header[..header.IndexOf(':', StringComparison.Ordinal)]));
                Assert.All(text.Split("\r\n"), line => Assert.True(line.Length <= 76 && line.All(c => c is >= ' ' and <= '~')));
                Assert.Equal(string.Concat(sent.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? " " : rune.ToString())), Decode(headers[1]["Subject: ".Length..]));
                Assert.Equal(said.ReplaceLineEndings("\r\n"), Encoding.UTF8.GetString(Convert.FromBase64String(parts[1])));
            }));

    // Half a surrogate is no text.
    private static string Whole(string? text) => string.Concat((text ?? "").EnumerateRunes().Select(rune => rune.ToString()));

    private static string Write(MailText message) => Encoding.ASCII.GetString(message.ToBytes());

    private static string Decode(string header) => Encoding.UTF8.GetString(
        [.. header.Split(' ').SelectMany(word => Convert.FromBase64String(word["=?utf-8?B?".Length..^"?=".Length]))]);
}
