using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>Names are stored; they never change. A refused document is not kept.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DocumentState>))]
public enum DocumentState
{
    /// <summary>Stored, nobody may open it yet.</summary>
    Uploaded,

    /// <summary>Checked and found clean: the only state in which it can be downloaded.</summary>
    Clean,
}

[JsonConverter(typeof(JsonStringEnumConverter<DocumentKind>))]
public enum DocumentKind
{
    Pdf,
    Jpeg,
    Png,
    Docx,
}

/// <summary>A file that belongs to a nominee.</summary>
/// <param name="FileName">Text for people only; never part of a path.</param>
/// <param name="Sha256">Of the content, in hexadecimal.</param>
public sealed record NomineeDocument(
    string Id, string NomineeId, string FileName, DocumentKind Format, long Length, string Sha256, DocumentState State, DateTimeOffset UploadedAt)
{
    /// <summary>Which document of the project's list it is, as the project calls it; empty for any other.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The last day on which it is valid; null where nobody asks.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>Equal for the same content given as the same.</summary>
    [JsonIgnore]
    public string Fingerprint => FingerprintOf(Sha256, Kind, ExpiresOn);

    public const long MostBytes = 7L * 1024 * 1024;
    public const long MostBytesTogether = 20L * 1024 * 1024;
    public const int MostDocuments = 10;

    [JsonIgnore]
    public string ContentType => Format switch
    {
        DocumentKind.Pdf => "application/pdf",
        DocumentKind.Jpeg => "image/jpeg",
        DocumentKind.Png => "image/png",
        _ => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    };

    /// <summary>Which format the name claims; null for any other ending.</summary>
    public static DocumentKind? FormatOf(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        return Path.GetExtension(fileName).ToUpperInvariant() switch
        {
            ".PDF" => DocumentKind.Pdf,
            ".JPG" or ".JPEG" => DocumentKind.Jpeg,
            ".PNG" => DocumentKind.Png,
            ".DOCX" => DocumentKind.Docx,
            _ => null,
        };
    }

    /// <summary>
    /// The name a browser sent, as text that is safe to show and to offer again: no folders, control or direction characters, at most
    /// 120 characters with its ending kept.
    /// </summary>
    public static string CleanName(string? sent)
    {
        string last = (sent ?? "").Split('/', '\\')[^1];
        string clean = string.Concat(last.EnumerateRunes()
            .Where(rune => !System.Text.Rune.IsControl(rune) && rune.Value is not ((>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0xFFFD))
            .Select(rune => rune.ToString())).Trim(' ', '.');
        if (clean.Length == 0)
        {
            return "document";
        }

        string ending = Path.GetExtension(clean);
        if (clean.Length <= 120 || ending.Length > 10)
        {
            return clean.Length <= 120 ? clean : Cut(clean, 120);
        }

        return Cut(clean[..^ending.Length], 120 - ending.Length) + ending;
    }

    /// <summary>Whether one more file fits beside those already there; all reasons at once.</summary>
    public static IReadOnlyList<Refusal> WhyNotAdded(IReadOnlyCollection<NomineeDocument> present, long length, string sha256)
    {
        ArgumentNullException.ThrowIfNull(present);
        List<Refusal> problems = [];
        if (present.Count >= MostDocuments)
        {
            problems.Add(new Refusal("documents-full", $"There are already {MostDocuments} documents.", "document", "Remove one first."));
        }

        if (present.Sum(document => document.Length) + length > MostBytesTogether)
        {
            problems.Add(new Refusal("documents-too-large", "The documents of one nominee may have 20 MB together; with this one they would have more.", "document", "Remove one, or send a smaller file."));
        }

        if (present.Any(document => document.Sha256 == sha256))
        {
            problems.Add(new Refusal("document-stored-already", "The very same file is already there.", "document", "Choose another file."));
        }

        return problems;
    }

    internal static string FingerprintOf(string sha256, string kind, DateOnly? expiresOn) =>
        kind.Length == 0 && expiresOn is null ? sha256 : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sha256}|{kind}|{expiresOn:O}");

    private static string Cut(string text, int most) => char.IsHighSurrogate(text[most - 1]) ? text[..(most - 1)] : text[..most];
}
