using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Plenary.Domain;

namespace Plenary.Nominations;

/// <summary>
/// Checks that a file is whole, is what its name says, and carries nothing that acts by itself. It knows no viruses. The file is laid
/// down on disk while it is looked at, never whole in memory.
/// </summary>
public sealed partial class StructureScanner : IDocumentScanner
{
    /// <summary>A document of 7 MB that unpacks to more than this is a trap.</summary>
    private const long MostUnpacked = 200L * 1024 * 1024;
    private const int MostEntries = 2_000;
    private const int MostPixelsOnASide = 20_000;

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public async Task<ScanVerdict> ScanAsync(DocumentKind claimed, Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        await using FileStream file = new(
            Path.Combine(Path.GetTempPath(), $"plenary-{Guid.NewGuid():N}"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            64 * 1024,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await content.CopyToAsync(file, cancellation);
        if (file.Length == 0)
        {
            return ScanVerdict.Refused("document-empty", "The file is empty.", "Choose the file again; perhaps it was not saved yet.");
        }

        byte[] head = new byte[1024];
        file.Position = 0;
        int read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        if (Sniff(head.AsSpan(0, read)) is not { } found)
        {
            return NotKnown(head.AsSpan(0, read));
        }

        if (found != claimed)
        {
            return ScanVerdict.Refused(
                "document-mismatch", $"The name says {Words(claimed)}, but the content is {Words(found)}.", "Give the file the ending that fits its content, or save it anew.");
        }

        file.Position = 0;
        return claimed switch
        {
            DocumentKind.Pdf => await ScanPdfAsync(file, cancellation),
            DocumentKind.Png => await ScanPngAsync(file, cancellation),
            DocumentKind.Jpeg => await ScanJpegAsync(file, cancellation),
            _ => await ScanDocxAsync(file, cancellation),
        };
    }

    private static DocumentKind? Sniff(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.StartsWith("%PDF-1."u8) || head.StartsWith("%PDF-2."u8) => DocumentKind.Pdf,
        _ when head.StartsWith(PngSignature) => DocumentKind.Png,
        _ when head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) => DocumentKind.Jpeg,
        _ when head.StartsWith("PK\x03\x04"u8) => DocumentKind.Docx,
        _ => null,
    };

    private static ScanVerdict NotKnown(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.StartsWith("MZ"u8) || head.StartsWith((ReadOnlySpan<byte>)[0x7F, 0x45, 0x4C, 0x46]) || head.StartsWith("#!"u8) =>
            ScanVerdict.Refused("document-executable", "This is a program, whatever its name says.", "Send a PDF, JPEG, PNG or DOCX file."),
        _ when head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]) =>
            ScanVerdict.Refused("document-old-format", "This is a file of an old Office version, or one protected by a password.", "Save it as DOCX or PDF without a password and send that."),
        _ => ScanVerdict.Refused("document-unknown", "The content is not that of a PDF, JPEG, PNG or DOCX file.", "Save it in one of these formats and send that."),
    };

    private static string Words(DocumentKind format) => format switch
    {
        DocumentKind.Pdf => "PDF",
        DocumentKind.Jpeg => "JPEG",
        DocumentKind.Png => "PNG",
        _ => "DOCX",
    };

    private static ScanVerdict CutOff() =>
        ScanVerdict.Refused("document-cut-off", "The file is damaged or was cut off on its way: its end is missing.", "Open it to see whether it is whole, then send it again.");

    private static ScanVerdict Active(string what) =>
        ScanVerdict.Refused("document-active", $"The file carries {what}, which could act by itself when it is opened.", "Print it to PDF and send that.");

    /// <summary>
    /// The end marker must be there and a cross-reference before it. Names are read as readers do, with #xx escapes undone; what hides in
    /// compressed object streams is looked into as well.
    /// </summary>
    private static async Task<ScanVerdict> ScanPdfAsync(FileStream file, CancellationToken cancellation)
    {
        byte[] tail = new byte[Math.Min(2048, file.Length)];
        file.Position = file.Length - tail.Length;
        await file.ReadExactlyAsync(tail, cancellation);
        if (tail.AsSpan().LastIndexOf("%%EOF"u8) < 0 || tail.AsSpan().LastIndexOf("startxref"u8) < 0)
        {
            return CutOff();
        }

        file.Position = 0;
        if (await FindActiveAsync(file, MostUnpacked, cancellation) is { } active)
        {
            return Active(active);
        }

        return await ScanPdfStreamsAsync(file, cancellation);
    }

    /// <summary>Looks through bytes piece by piece; the pieces overlap so that no name is cut in two.</summary>
    private static async Task<string?> FindActiveAsync(Stream stream, long most, CancellationToken cancellation)
    {
        const int Overlap = 96;
        byte[] buffer = new byte[64 * 1024];
        int kept = 0;
        long total = 0;
        for (int read; (read = await stream.ReadAsync(buffer.AsMemory(kept), cancellation)) > 0;)
        {
            total += read;
            if (total > most)
            {
                return "more than can be looked through";
            }

            int length = kept + read;
            if (ActiveInPdf().Match(UndoEscapes(Encoding.Latin1.GetString(buffer, 0, length))) is { Success: true } active)
            {
                return active.Groups.Values.Skip(1).First(group => group.Success).Value;
            }

            kept = Math.Min(Overlap, length);
            buffer.AsSpan(length - kept, kept).CopyTo(buffer);
        }

        return null;
    }

    /// <summary>
    /// Names of actions and of what they start. Short names count only with a value behind them, as they turn up in picture data by
    /// chance. Opening at a page (<c>/OpenAction [</c>) does nothing else; what is encrypted cannot be looked into.
    /// </summary>
    [GeneratedRegex(
        @"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE|GoToR)(?![A-Za-z0-9])|/(OpenAction)(?![A-Za-z0-9]|\s*\[)|/(JS|AA|XFA)\s*(?:\(|<|\[|\d+\s+\d+\s+R)|/(Encrypt)\s+\d+\s+\d+\s+R",
        RegexOptions.CultureInvariant)]
    private static partial Regex ActiveInPdf();

    private static string UndoEscapes(string text)
    {
        if (!text.Contains('#', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder plain = new(text.Length);
        for (int index = 0; index < text.Length; index++)
        {
            if (text[index] == '#' && index + 2 < text.Length && char.IsAsciiHexDigit(text[index + 1]) && char.IsAsciiHexDigit(text[index + 2]))
            {
                plain.Append((char)Convert.ToInt32(text.Substring(index + 1, 2), 16));
                index += 2;
            }
            else
            {
                plain.Append(text[index]);
            }
        }

        return plain.ToString();
    }

    /// <summary>Objects of newer files lie in compressed streams; those marked as object streams are unpacked and looked through.</summary>
    private static async Task<ScanVerdict> ScanPdfStreamsAsync(FileStream file, CancellationToken cancellation)
    {
        long budget = MostUnpacked;
        foreach (long start in await FindObjectStreamsAsync(file, cancellation))
        {
            file.Position = start;
            await using ZLibStream unpacked = new(file, CompressionMode.Decompress, leaveOpen: true);
            try
            {
                if (await FindActiveAsync(unpacked, budget, cancellation) is { } active)
                {
                    return Active(active);
                }
            }
            catch (InvalidDataException)
            {
                return ScanVerdict.Refused("document-unreadable", "Parts of the file cannot be read.", "Print it to PDF and send that.");
            }

            budget -= Math.Max(0, file.Position - start);
        }

        return ScanVerdict.Clean;
    }

    private static async Task<List<long>> FindObjectStreamsAsync(FileStream file, CancellationToken cancellation)
    {
        const int Overlap = 4096;
        List<long> starts = [];
        byte[] buffer = new byte[64 * 1024];
        file.Position = 0;
        int kept = 0;
        long offset = 0;
        for (int read; (read = await file.ReadAsync(buffer.AsMemory(kept), cancellation)) > 0;)
        {
            int length = kept + read;
            string text = Encoding.Latin1.GetString(buffer, 0, length);
            for (int at = text.IndexOf("/ObjStm", StringComparison.Ordinal); at >= 0; at = text.IndexOf("/ObjStm", at + 1, StringComparison.Ordinal))
            {
                int stream = text.IndexOf("stream", at, StringComparison.Ordinal);
                if (stream < 0 || stream - at > Overlap / 2)
                {
                    continue;
                }

                int data = stream + "stream".Length;
                data += text.AsSpan(data).StartsWith("\r\n") ? 2 : 1;
                long position = offset + data;
                if (!starts.Contains(position))
                {
                    starts.Add(position);
                }
            }

            kept = Math.Min(Overlap, length);
            buffer.AsSpan(length - kept, kept).CopyTo(buffer);
            offset += length - kept;
        }

        return starts;
    }

    /// <summary>Every chunk in its place, no picture too large to show, the end marker last.</summary>
    private static async Task<ScanVerdict> ScanPngAsync(FileStream file, CancellationToken cancellation)
    {
        byte[] header = new byte[8];
        file.Position = PngSignature.Length;
        for (bool first = true; ; first = false)
        {
            if (await file.ReadAtLeastAsync(header, 8, throwOnEndOfStream: false, cancellation) < 8)
            {
                return CutOff();
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(header);
            string type = Encoding.ASCII.GetString(header, 4, 4);
            if (first != (type == "IHDR") || file.Position + length + 4 > file.Length)
            {
                return CutOff();
            }

            if (first)
            {
                byte[] size = new byte[8];
                if (length != 13 || await file.ReadAtLeastAsync(size, 8, throwOnEndOfStream: false, cancellation) < 8)
                {
                    return CutOff();
                }

                if (IsFlood(BinaryPrimitives.ReadUInt32BigEndian(size), BinaryPrimitives.ReadUInt32BigEndian(size.AsSpan(4))))
                {
                    return Flood();
                }

                file.Position -= 8;
            }

            file.Position += length + 4;
            if (type == "IEND")
            {
                return file.Position == file.Length ? ScanVerdict.Clean : Appended();
            }
        }
    }

    /// <summary>Markers up to the picture data, then the end marker at the very end.</summary>
    private static async Task<ScanVerdict> ScanJpegAsync(FileStream file, CancellationToken cancellation)
    {
        byte[] part = new byte[9];
        file.Position = 2;
        bool hasFrame = false;
        while (true)
        {
            if (await file.ReadAtLeastAsync(part.AsMemory(0, 4), 4, throwOnEndOfStream: false, cancellation) < 4 || part[0] != 0xFF)
            {
                return CutOff();
            }

            byte marker = part[1];
            int length = BinaryPrimitives.ReadUInt16BigEndian(part.AsSpan(2));
            if (length < 2 || file.Position + length - 2 > file.Length)
            {
                return CutOff();
            }

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (await file.ReadAtLeastAsync(part.AsMemory(0, 5), 5, throwOnEndOfStream: false, cancellation) < 5)
                {
                    return CutOff();
                }

                hasFrame = true;
                if (IsFlood(BinaryPrimitives.ReadUInt16BigEndian(part.AsSpan(1)), BinaryPrimitives.ReadUInt16BigEndian(part.AsSpan(3))))
                {
                    return Flood();
                }

                file.Position -= 5;
            }

            file.Position += length - 2;
            if (marker == 0xDA)
            {
                break;
            }
        }

        byte[] tail = new byte[Math.Min(64, file.Length)];
        file.Position = file.Length - tail.Length;
        await file.ReadExactlyAsync(tail, cancellation);
        ReadOnlySpan<byte> end = tail.AsSpan().TrimEnd((byte)0);
        return !hasFrame || !end.EndsWith((ReadOnlySpan<byte>)[0xFF, 0xD9]) ? CutOff() : ScanVerdict.Clean;
    }

    private static bool IsFlood(uint width, uint height) =>
        width == 0 || height == 0 || width > MostPixelsOnASide || height > MostPixelsOnASide || (ulong)width * height > 100_000_000;

    private static ScanVerdict Flood() =>
        ScanVerdict.Refused("document-picture-size", "The picture has no sensible size.", "Send it with at most 10,000 by 10,000 pixels.");

    private static ScanVerdict Appended() =>
        ScanVerdict.Refused("document-appended", "Something else is hidden behind the end of the picture.", "Save the picture anew and send that.");

    /// <summary>A package with a main document, without macros or templates from elsewhere, unpacking to a sensible size.</summary>
    private static async Task<ScanVerdict> ScanDocxAsync(FileStream file, CancellationToken cancellation)
    {
        try
        {
            using ZipArchive archive = new(file, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.Entries.Count > MostEntries)
            {
                return Bomb();
            }

            if (archive.GetEntry("[Content_Types].xml") is null || archive.GetEntry("word/document.xml") is null)
            {
                return ScanVerdict.Refused("document-mismatch", "The name says DOCX, but this is some other archive.", "Save the text as DOCX or PDF and send that.");
            }

            long budget = MostUnpacked;
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                if (WhyActive(entry.FullName) is { } active)
                {
                    return Active(active);
                }

                // What the archive says of its sizes is a claim, so every part is unpacked and counted.
                await using MeasuredStream unpacked = new(await entry.OpenAsync(cancellation), budget);
                if (entry.FullName.EndsWith(".rels", StringComparison.OrdinalIgnoreCase) || entry.FullName == "[Content_Types].xml")
                {
                    if (await FindActivePartAsync(unpacked, cancellation) is { } part)
                    {
                        return Active(part);
                    }
                }

                await unpacked.CopyToAsync(Stream.Null, cancellation);
                budget -= unpacked.Count;
            }

            return ScanVerdict.Clean;
        }
        catch (DocumentTooLargeException)
        {
            return Bomb();
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException or XmlException or NotSupportedException)
        {
            return CutOff();
        }
    }

    private static ScanVerdict Bomb() =>
        ScanVerdict.Refused("document-expands-too-large", "The file unpacks to far more than a document holds.", "Print it to PDF and send that.");

    private static string? WhyActive(string part) => part.ToUpperInvariant() switch
    {
        var name when name.EndsWith("VBAPROJECT.BIN", StringComparison.Ordinal) || name.Contains("VBADATA", StringComparison.Ordinal) => "macros",
        var name when name.Contains("/ACTIVEX/", StringComparison.Ordinal) => "a control",
        var name when name.Contains("/EMBEDDINGS/", StringComparison.Ordinal) => "another file inside it",
        var name when name.Contains("..", StringComparison.Ordinal) || name.StartsWith('/') || name.Contains('\\', StringComparison.Ordinal) => "a part that points outside",
        _ => null,
    };

    /// <summary>Relationships that load from elsewhere, and content types of macros. Plain hyperlinks are fine.</summary>
    private static async Task<string?> FindActivePartAsync(Stream part, CancellationToken cancellation)
    {
        using XmlReader reader = XmlReader.Create(part, new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = false });
        while (await reader.ReadAsync())
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            string type = reader.GetAttribute("Type") ?? "";
            if (reader.GetAttribute("TargetMode") == "External" && !type.EndsWith("/hyperlink", StringComparison.Ordinal))
            {
                return "a part that is loaded from elsewhere";
            }

            if ((reader.GetAttribute("ContentType") ?? "").Contains("macroEnabled", StringComparison.OrdinalIgnoreCase))
            {
                return "macros";
            }
        }

        return null;
    }
}
