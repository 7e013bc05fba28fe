using System.Globalization;
using System.Text;

namespace Plenary.Domain;

/// <summary>Reads the text of a project notification: label, tab, value. Never throws on any text, and takes time in proportion to its length.</summary>
public static class NotificationImport
{
    /// <summary>Of the text in UTF-8.</summary>
    public const int MostBytes = 1_000_000;

    private const int MostLines = 5_000;

    /// <param name="text">As pasted or uploaded.</param>
    /// <param name="economies">The registry, inactive economies included.</param>
    /// <param name="cleanHtml">Makes the background safe for a page.</param>
    public static NotificationReading Read(string text, IReadOnlyList<Economy> economies, Func<string, CleanedHtml> cleanHtml)
    {
        ArgumentNullException.ThrowIfNull(text);
        NotificationReader reader = new(economies, cleanHtml);

        // GetMaxByteCount would refuse too much; counting exactly is one pass without memory.
        long bytes = text.Length > MostBytes ? text.Length : Encoding.UTF8.GetByteCount(text);
        if (bytes > MostBytes)
        {
            string size = text.Length > MostBytes ? $"at least {Grouped(bytes)}" : Grouped(bytes);
            return reader.Refuse(
                "notification-too-large",
                $"The text is too large: {size} bytes, and {Grouped(MostBytes)} are allowed.",
                "Send the notification only, without its attachments.");
        }

        if (text.StartsWith("%PDF-", StringComparison.Ordinal) || text.StartsWith("PK\u0003\u0004", StringComparison.Ordinal)
            || text.StartsWith("{\\rtf", StringComparison.Ordinal))
        {
            return reader.Refuse(
                "notification-not-text",
                "This is a document file (PDF, Word or RTF), not text.",
                "Open the document, copy its text and paste it, or save it as plain text.",
                1);
        }

        if (PlainText.FindDamage(text) is var (reason, line))
        {
            return reader.Refuse(
                "notification-not-text",
                $"{reason} (line {line}).",
                "Save the notification as plain text in UTF-8, or paste its text.",
                line);
        }

        string normal = PlainText.Normalize(text);
        if (string.IsNullOrWhiteSpace(normal))
        {
            return reader.Refuse("notification-empty", "The text is empty.", "Paste or upload the text of the notification.");
        }

        string[] lines = normal.Split('\n');
        if (lines.Length > MostLines)
        {
            return reader.Refuse(
                "notification-too-long",
                $"The text has {Grouped(lines.Length)} lines, and {Grouped(MostLines)} are allowed.",
                "Send the notification only, without its attachments.");
        }

        return reader.Read(NotificationLayout.Of(lines), new Dictionary<string, string>());
    }

    private static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
