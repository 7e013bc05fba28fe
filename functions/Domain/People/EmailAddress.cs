using System.Globalization;
using System.Text;

namespace Plenary.Domain;

/// <summary>One address mail can be sent to. Whether anybody reads it only a mail can tell, so little more than the form is asked of it.</summary>
public sealed record EmailAddress
{
    private const int MostCharacters = 254;
    private const int MostLocalCharacters = 64;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private EmailAddress(string text, string normal)
    {
        Text = text;
        Normal = normal;
    }

    /// <summary>As it was typed, trimmed.</summary>
    public string Text { get; }

    /// <summary>Lower case, the domain in ASCII (punycode): two addresses with the same form are taken for the same mailbox. Mail may be sent to it too.</summary>
    public string Normal { get; }

    /// <summary>Refuses display names, several addresses, line breaks and characters mail systems cannot carry.</summary>
    public static Outcome<EmailAddress> Parse(string? text, string field = "email")
    {
        string trimmed = (text ?? string.Empty).Trim(' ', '\u00A0', '\u3000');
        if (trimmed.Length == 0)
        {
            return new Refusal("email-missing", "The e-mail address is empty.", field, "Enter one address, such as name@agency.example.");
        }

        if (trimmed.Length > MostCharacters)
        {
            return TooLong(field);
        }

        List<Refusal> forbidden = TextCheck.FindForbidden(trimmed, field, allowsLines: false);
        if (forbidden.Count > 0)
        {
            return Outcome<EmailAddress>.Refused(forbidden);
        }

        if (trimmed.AsSpan().ContainsAny(",;") || trimmed.Count(character => character == '@') > 1)
        {
            return new Refusal("email-several", "There is more than one address.", field, "Enter one address only.");
        }

        if (trimmed.AsSpan().ContainsAny("<>\"()") || trimmed.Any(char.IsWhiteSpace))
        {
            return new Refusal("email-not-plain", "There is more than the bare address, such as a name, spaces or brackets.", field, "Enter the address alone, such as name@agency.example.");
        }

        int at = trimmed.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || at == trimmed.Length - 1)
        {
            return new Refusal("email-malformed", "An address has a part before and a part after one @.", field, "Enter an address such as name@agency.example.");
        }

        return ReadParts(trimmed, trimmed[..at], trimmed[(at + 1)..], field);
    }

    public bool Equals(EmailAddress? other) => other is not null && other.Normal == Normal;

    public override int GetHashCode() => string.GetHashCode(Normal, StringComparison.Ordinal);

    public override string ToString() => Text;

    private static Outcome<EmailAddress> ReadParts(string trimmed, string local, string domain, string field)
    {
        List<Refusal> refusals = [];
        if (!Ascii.IsValid(local))
        {
            refusals.Add(new Refusal(
                "email-local-not-ascii",
                "The part before the @ has letters that most mail systems cannot carry yet.",
                field,
                "Give an address with plain letters before the @; the domain may be in any script."));
        }
        else if (local.Length > MostLocalCharacters)
        {
            refusals.Add(new Refusal("email-too-long", $"The part before the @ is longer than {MostLocalCharacters} characters.", field, "Check the address."));
        }
        else if (local.StartsWith('.') || local.EndsWith('.') || local.Contains("..", StringComparison.Ordinal) || local.AsSpan().ContainsAny("[]\\:"))
        {
            refusals.Add(new Refusal("email-malformed", "The part before the @ cannot be right: look at its dots, brackets and colons.", field, "Check the address."));
        }

        string? ascii = ToAscii(domain);
        if (ascii is null || !ascii.Contains('.', StringComparison.Ordinal))
        {
            refusals.Add(new Refusal("email-domain-malformed", $"\u201C{domain}\u201D is not a full domain name.", field, "Enter an address such as name@agency.example."));
        }

        if (refusals.Count > 0 || ascii is null)
        {
            return Outcome<EmailAddress>.Refused(refusals);
        }

        string normal = $"{local}@{ascii}".ToLowerInvariant();
        return normal.Length > MostCharacters ? TooLong(field) : new EmailAddress(trimmed.Normalize(NormalizationForm.FormC), normal);
    }

    private static string? ToAscii(string domain)
    {
        try
        {
            return Idn.GetAscii(domain.Normalize(NormalizationForm.FormC)) is { } ascii && !ascii.EndsWith('.') ? ascii : null;
        }
        catch (ArgumentException)
        {
            // The only way IdnMapping says no.
            return null;
        }
    }

    private static Refusal TooLong(string field) =>
        new("email-too-long", $"The address is longer than {MostCharacters} characters.", field, "Check the address.");
}
