namespace Plenary.Domain;

/// <summary>What a nominator quotes: eleven random characters and a check character, such as <c>K7QF-2M9X-B4TD</c>. It opens nothing by itself.</summary>
public sealed record ReferenceNumber
{
    private const int Length = 12;

    private ReferenceNumber(string text) => Text = text;

    /// <summary>The one written form: upper case, groups of four.</summary>
    public string Text { get; }

    /// <summary>About 54 random bits; the caller still inserts with refusal of duplicates.</summary>
    public static ReferenceNumber Draw()
    {
        string random = ReferenceAlphabet.Draw(Length - 1);
        return new ReferenceNumber(ReferenceAlphabet.Group(random + ReferenceAlphabet.ComputeCheck(random)));
    }

    /// <summary>The same for the same digest, always: for what must come out the same when it is done again.</summary>
    /// <param name="digest">Eleven bytes at least, as good as random.</param>
    public static ReferenceNumber Of(ReadOnlySpan<byte> digest)
    {
        char[] drawn = new char[Length - 1];
        for (int index = 0; index < drawn.Length; index++)
        {
            drawn[index] = ReferenceAlphabet.Characters[digest[index] % ReferenceAlphabet.Characters.Length];
        }

        return new ReferenceNumber(ReferenceAlphabet.Group(new string(drawn) + ReferenceAlphabet.ComputeCheck(drawn)));
    }

    /// <summary>Case, spaces and dashes do not matter.</summary>
    public static Outcome<ReferenceNumber> Parse(string? text, string field = "reference")
    {
        // Cleaning is linear, yet nobody needs a megabyte of it.
        string cleaned = text is null || text.Length > 100 ? string.Empty : ReferenceAlphabet.Clean(text);
        if (cleaned.Length != Length || !ReferenceAlphabet.AreAllKnown(cleaned))
        {
            return new Refusal(
                "reference-malformed",
                "A reference has twelve letters and digits, such as K7QF-2M9X-B4TD, and never 0, 1, I, O or U.",
                field,
                "Copy it from the receipt.");
        }

        return ReferenceAlphabet.ComputeCheck(cleaned.AsSpan(0, Length - 1)) == cleaned[^1]
            ? new ReferenceNumber(ReferenceAlphabet.Group(cleaned))
            : new Refusal("reference-mistyped", "The last character does not fit the others, so at least one is wrong.", field, "Compare it with the receipt.");
    }

    public override string ToString() => Text;
}
