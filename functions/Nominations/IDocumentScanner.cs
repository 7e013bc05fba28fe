using Plenary.Domain;

namespace Plenary.Nominations;

/// <summary>Looks into a stored file before anybody may open it. A product that calls a virus scanner replaces the one that is here.</summary>
public interface IDocumentScanner
{
    /// <summary>
    /// Clean, or why not. Whatever cannot be read through to its end is not clean; an exception leaves the file unchecked, and unchecked is
    /// never handed out.
    /// </summary>
    Task<ScanVerdict> ScanAsync(DocumentKind claimed, Stream content, CancellationToken cancellation);
}

/// <param name="Refusal">Null when clean.</param>
public sealed record ScanVerdict(Refusal? Refusal)
{
    public static ScanVerdict Clean { get; } = new((Refusal?)null);

    public static ScanVerdict Refused(string code, string reason, string remedy) => new(new Refusal(code, reason, "document", remedy));
}
