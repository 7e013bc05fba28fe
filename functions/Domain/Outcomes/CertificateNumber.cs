using System.Globalization;

namespace Plenary.Domain;

/// <summary>
/// Printed on a certificate and typed by whoever checks it, such as <c>2023-K7QF-2M9X-B4TD</c>: the year of issue, eleven random characters and a
/// check character over all. The project code stays out: the check page names the project, and the number remains short enough to type.
/// </summary>
public sealed record CertificateNumber
{
    private const int YearLength = 4;
    private const int Length = 12;

    private CertificateNumber(int year, string text)
    {
        Year = year;
        Text = text;
    }

    public int Year { get; }

    /// <summary>The one written form.</summary>
    public string Text { get; }

    /// <summary>About 54 random bits: with a million certificates issued, a guess hits one in some 25 thousand million.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is not between 2000 and 2999.</exception>
    public static CertificateNumber Draw(int year)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(year, 2000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(year, 2999);
        string random = ReferenceAlphabet.Draw(Length - 1);
        return Write(year, random + ReferenceAlphabet.ComputeCheck(random, year));
    }

    /// <summary>Case, spaces and dashes do not matter.</summary>
    public static Outcome<CertificateNumber> Parse(string? text, string field = "number")
    {
        string cleaned = text is null || text.Length > 100 ? string.Empty : ReferenceAlphabet.Clean(text);
        if (cleaned.Length != YearLength + Length
            || !int.TryParse(cleaned.AsSpan(0, YearLength), NumberStyles.None, CultureInfo.InvariantCulture, out int year)
            || year is < 2000 or > 2999
            || !ReferenceAlphabet.AreAllKnown(cleaned.AsSpan(YearLength)))
        {
            return new Refusal(
                "certificate-number-malformed",
                "A certificate number has a year and twelve letters and digits, such as 2023-K7QF-2M9X-B4TD, and no 0, 1, I, O or U after the year.",
                field,
                "Copy it from the certificate.");
        }

        string characters = cleaned[YearLength..];
        return ReferenceAlphabet.ComputeCheck(characters.AsSpan(0, Length - 1), year) == characters[^1]
            ? Write(year, characters)
            : new Refusal("certificate-number-mistyped", "The last character does not fit the others, so at least one is wrong.", field, "Compare it with the certificate.");
    }

    public override string ToString() => Text;

    private static CertificateNumber Write(int year, string characters) =>
        new(year, string.Create(CultureInfo.InvariantCulture, $"{year}-{ReferenceAlphabet.Group(characters)}"));
}
