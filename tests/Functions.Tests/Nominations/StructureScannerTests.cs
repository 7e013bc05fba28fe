using System.IO.Compression;
using System.Text;
using Plenary.Domain;
using Plenary.Nominations;

namespace Plenary.Functions.Tests.Nominations;

public sealed class StructureScannerTests
{
    private static readonly byte[] PngStart = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static TheoryData<string, DocumentKind, string> Refused() => new()
    {
        { "empty", DocumentKind.Pdf, "document-empty" },
        { "windows-program", DocumentKind.Pdf, "document-executable" },
        { "linux-program", DocumentKind.Png, "document-executable" },
        { "shell-script", DocumentKind.Docx, "document-executable" },
        { "html", DocumentKind.Pdf, "document-unknown" },
        { "svg", DocumentKind.Png, "document-unknown" },
        { "text", DocumentKind.Docx, "document-unknown" },
        { "html-before-pdf", DocumentKind.Pdf, "document-unknown" },
        { "old-office", DocumentKind.Docx, "document-old-format" },
        { "png", DocumentKind.Pdf, "document-mismatch" },
        { "pdf", DocumentKind.Jpeg, "document-mismatch" },
        { "plain-zip", DocumentKind.Docx, "document-mismatch" },
        { "pdf-cut", DocumentKind.Pdf, "document-cut-off" },
        { "png-cut", DocumentKind.Png, "document-cut-off" },
        { "jpeg-cut", DocumentKind.Jpeg, "document-cut-off" },
        { "docx-cut", DocumentKind.Docx, "document-cut-off" },
        { "pdf-javascript", DocumentKind.Pdf, "document-active" },
        { "pdf-javascript-escaped", DocumentKind.Pdf, "document-active" },
        { "pdf-javascript-in-object-stream", DocumentKind.Pdf, "document-active" },
        { "pdf-js", DocumentKind.Pdf, "document-active" },
        { "pdf-launch", DocumentKind.Pdf, "document-active" },
        { "pdf-embedded", DocumentKind.Pdf, "document-active" },
        { "pdf-open-action", DocumentKind.Pdf, "document-active" },
        { "pdf-encrypted", DocumentKind.Pdf, "document-active" },
        { "png-with-more-behind", DocumentKind.Png, "document-appended" },
        { "png-flood", DocumentKind.Png, "document-picture-size" },
        { "docx-macros", DocumentKind.Docx, "document-active" },
        { "docx-template-from-elsewhere", DocumentKind.Docx, "document-active" },
        { "docx-embedded-file", DocumentKind.Docx, "document-active" },
        { "docx-bomb", DocumentKind.Docx, "document-expands-too-large" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_not_a_whole_and_quiet_document_is_refused(string sample, DocumentKind claimed, string code)
    {
        ScanVerdict verdict = await ScanAsync(Sample(sample), claimed);

        Assert.Equal(code, verdict.Refusal?.Code);
        Assert.Equal("document", verdict.Refusal?.Field);
        Assert.NotNull(verdict.Refusal?.Remedy);
    }

    [Theory]
    [InlineData("pdf", DocumentKind.Pdf)]
    [InlineData("pdf-opens-at-a-page", DocumentKind.Pdf)]
    [InlineData("pdf-with-object-stream", DocumentKind.Pdf)]
    [InlineData("png", DocumentKind.Png)]
    [InlineData("jpeg", DocumentKind.Jpeg)]
    [InlineData("docx", DocumentKind.Docx)]
    public async Task An_ordinary_document_is_clean(string sample, DocumentKind claimed) => Assert.Null((await ScanAsync(Sample(sample), claimed)).Refusal);

    [Fact]
    public async Task A_name_cut_by_the_end_of_a_read_is_still_found()
    {
        byte[] pdf = Pdf(new string(' ', 65_520) + "/JavaScript");

        for (int shift = 0; shift < 64; shift++)
        {
            byte[] shifted = Pdf(new string(' ', 65_480 + shift) + "/JavaScript (x)");
            Assert.Equal("document-active", (await ScanAsync(shifted, DocumentKind.Pdf)).Refusal?.Code);
        }

        Assert.Equal("document-active", (await ScanAsync(pdf, DocumentKind.Pdf)).Refusal?.Code);
    }

    internal static byte[] Sample(string name) => name switch
    {
        "empty" => [],
        "windows-program" => [.. "MZ"u8, .. new byte[200]],
        "linux-program" => [0x7F, 0x45, 0x4C, 0x46, .. new byte[200]],
        "shell-script" => "#!/bin/sh\nrm -rf /\n"u8.ToArray(),
        "html" => "<!DOCTYPE html><script>alert(1)</script>"u8.ToArray(),
        "svg" => "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"u8.ToArray(),
        "text" => "Dear secretariat, I am writing to you."u8.ToArray(),
        "html-before-pdf" => [.. "<script>alert(1)</script>"u8, .. Pdf("")],
        "old-office" => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600]],
        "pdf" => Pdf("<< /Type /Catalog >>"),
        "pdf-opens-at-a-page" => Pdf("<< /Type /Catalog /OpenAction [3 0 R /Fit] >>"),
        "pdf-cut" => Pdf("<< /Type /Catalog >>")[..60],
        "pdf-javascript" => Pdf("<< /S /JavaScript /JS (app.alert(1)) >>"),
        "pdf-javascript-escaped" => Pdf("<< /S /J#61vaScript >>"),
        "pdf-js" => Pdf("<< /JS (app.alert(1)) >>"),
        "pdf-launch" => Pdf("<< /S /Launch /F (cmd.exe) >>"),
        "pdf-embedded" => Pdf("<< /Names << /EmbeddedFiles 4 0 R >> >>"),
        "pdf-open-action" => Pdf("<< /OpenAction 5 0 R >>"),
        "pdf-encrypted" => Pdf("<< /Encrypt 6 0 R >>"),
        "pdf-with-object-stream" => PdfWithObjectStream("<< /Type /Page >>"),
        "pdf-javascript-in-object-stream" => PdfWithObjectStream("<< /S /JavaScript >>"),
        "png" => Png(10, 10),
        "png-cut" => Png(10, 10)[..^6],
        "png-with-more-behind" => [.. Png(10, 10), .. "PK\x03\x04"u8],
        "png-flood" => Png(60_000, 60_000),
        "jpeg" => Jpeg(),
        "jpeg-cut" => Jpeg()[..^2],
        "docx" => Docx(("word/_rels/document.xml.rels", """<Relationships xmlns="r"><Relationship Type="http://x/hyperlink" Target="https://example.org" TargetMode="External"/></Relationships>""")),
        "docx-cut" => Docx()[..^40],
        "docx-macros" => Docx(("word/vbaProject.bin", "macro")),
        "docx-embedded-file" => Docx(("word/embeddings/oleObject1.bin", "ole")),
        "docx-template-from-elsewhere" => Docx(("word/_rels/settings.xml.rels", """<Relationships xmlns="r"><Relationship Type="http://x/attachedTemplate" Target="https://evil.example/t.dotm" TargetMode="External"/></Relationships>""")),
        "docx-bomb" => Bomb(),
        "plain-zip" => Zip(("readme.txt", "hello")),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static async Task<ScanVerdict> ScanAsync(byte[] bytes, DocumentKind claimed)
    {
        using MemoryStream content = new(bytes);
        return await new StructureScanner().ScanAsync(claimed, content, default);
    }

    private static byte[] Pdf(string content) => Encoding.Latin1.GetBytes($"%PDF-1.7\n1 0 obj\n{content}\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n");

    private static byte[] PdfWithObjectStream(string content)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(Encoding.Latin1.GetBytes("1 0 " + content));
        }

        return
        [
            .. Encoding.Latin1.GetBytes($"%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {packed.Length} >>\nstream\n"),
            .. packed.ToArray(),
            .. "\nendstream\nendobj\nstartxref\n9\n%%EOF\n"u8,
        ];
    }

    private static byte[] Png(uint width, uint height) =>
    [
        .. PngStart,
        .. Chunk("IHDR", [.. BigEndian(width), .. BigEndian(height), 8, 2, 0, 0, 0]),
        .. Chunk("IDAT", new byte[20]),
        .. Chunk("IEND", []),
    ];

    private static byte[] Chunk(string type, byte[] body) => [.. BigEndian((uint)body.Length), .. Encoding.ASCII.GetBytes(type), .. body, 0, 0, 0, 0];

    private static byte[] BigEndian(uint number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    private static byte[] Jpeg() =>
    [
        0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, .. new byte[30], 0xFF, 0xD9,
    ];

    private static byte[] Docx(params (string Name, string Content)[] more) =>
        Zip([("[Content_Types].xml", "<Types xmlns=\"t\"/>"), ("word/document.xml", "<w:document xmlns:w=\"w\"/>"), .. more]);

    private static byte[] Zip(params (string Name, string Content)[] parts)
    {
        using MemoryStream zip = new();
        using (ZipArchive archive = new(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string content) in parts)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return zip.ToArray();
    }

    private static byte[] Bomb()
    {
        using MemoryStream zip = new();
        using (ZipArchive archive = new(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in (string[])["[Content_Types].xml", "word/document.xml", "word/media/image1.bin"])
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write("<x/>"u8);
                if (name.EndsWith(".bin", StringComparison.Ordinal))
                {
                    byte[] zeros = new byte[1024 * 1024];
                    for (int megabyte = 0; megabyte < 205; megabyte++)
                    {
                        entry.Write(zeros);
                    }
                }
            }
        }

        return zip.ToArray();
    }
}
