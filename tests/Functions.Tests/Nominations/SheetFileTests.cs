using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Plenary.Domain;
using Plenary.Nominations;

namespace Plenary.Functions.Tests.Nominations;

public sealed class SheetFileTests
{
    private const string Header = "Name,E-mail address,Nationality,Position,Organisation,Sector,Years of experience,Statement of relevance,Wishes";
    private const string Somebody = "Ann,ann@agency.example,Fiji,Director,Office,other,3,\"Line one\nLine two\",";

    [Theory]
    [InlineData(false, ',')]
    [InlineData(true, ',')]
    [InlineData(false, ';')]
    [InlineData(true, ';')]
    public async Task Text_is_read_with_and_without_its_mark_and_with_either_separator(bool marked, char separator)
    {
        byte[] body = Encoding.UTF8.GetBytes($"{Header}\n{Somebody.Replace("Ann", "Đặng Thị Huệ", StringComparison.Ordinal)}\n".Replace(',', separator));

        NomineeSheet sheet = NomineeSheet.Read(await ReadAsync([.. marked ? Encoding.UTF8.GetPreamble() : [], .. body]));

        Assert.Empty(sheet.Problems);
        NomineeEntry entry = Assert.Single(sheet.Nominees).Entry;
        Assert.Equal(("Đặng Thị Huệ", "Line one\nLine two", 3), (entry.Name, entry.Statement, entry.YearsOfExperience));
    }

    [Fact]
    public async Task Addresses_count_as_a_spreadsheet_does_past_blank_rows_and_line_breaks_in_cells()
    {
        NomineeSheet sheet = NomineeSheet.Read(await ReadAsync(Encoding.UTF8.GetBytes($"{Header}\r\n{Somebody}\r\n,,,,,,,,\r\n{Somebody.Replace("ann@", "", StringComparison.Ordinal)}\r\n")));

        Refusal problem = Assert.Single(sheet.Problems);
        Assert.Equal("B4", problem.Field);
        Assert.StartsWith("Cell B4: ", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_read_is_written_so_that_every_cell_keeps_its_address()
    {
        TypedSheet first = await ReadAsync(Workbook(
            (3, ["Name", "", "E-mail address"]), (7, ["=nothing \"quoted\"", "", "two\nlines"])));

        Assert.True(SheetFile.ReadCsv(SheetFile.WriteCsv(first)).TryGet(out TypedSheet? second));

        Assert.Equal(first.Rows.Select(row => row.Number), second.Rows.Select(row => row.Number));
        Assert.Equal(first.Rows.SelectMany(row => row.Cells), second.Rows.SelectMany(row => row.Cells));
    }

    [Fact]
    public async Task A_workbook_is_read_whatever_way_its_cells_hold_their_text()
    {
        byte[] file = Workbook((1, Header.Split(',')), (2, ["佐藤 健司", "kenji@agency.example", "Japan", "Director", "Office", "Other", "12", "Fits."]));
        NomineeSheet inline = NomineeSheet.Read(await ReadAsync(file));
        NomineeSheet shared = NomineeSheet.Read(await ReadAsync(Change(file, document =>
        {
            SharedStringTablePart strings = document.WorkbookPart!.AddNewPart<SharedStringTablePart>();

            // A name with its reading beside it, which is not part of the name.
            strings.SharedStringTable = new SharedStringTable(new SharedStringItem(
                new Run(new Text("佐藤 ") { Space = SpaceProcessingModeValues.Preserve }), new Run(new Text("健司")), new PhoneticRun(new Text("サトウ")) { BaseTextStartIndex = 0, EndingBaseIndex = 2 }));
            Cell name = CellAt(document, "A2");
            name.RemoveAllChildren();
            name.DataType = CellValues.SharedString;
            name.CellValue = new CellValue("0");
            Cell years = CellAt(document, "G2");
            years.RemoveAllChildren();
            years.DataType = null;
            years.CellValue = new CellValue("1.2E1");
        })));

        Assert.Empty(inline.Problems);
        Assert.Empty(shared.Problems);
        Assert.Equal(inline.ContentHash, shared.ContentHash);
        Assert.Equal(("other", 12), (shared.Nominees[0].Entry.Sector, shared.Nominees[0].Entry.YearsOfExperience));
    }

    [Fact]
    public async Task A_formula_is_refused_at_its_cell_and_not_believed()
    {
        byte[] file = Change(Workbook((1, Header.Split(',')), (2, Somebody.Split(','))), document =>
        {
            Cell position = CellAt(document, "D2");
            position.RemoveAllChildren();
            position.DataType = CellValues.String;
            position.Append(new CellFormula("HYPERLINK(\"https://elsewhere.example\")"), new CellValue("Director"));
        });

        Refusal problem = Assert.Single(NomineeSheet.Read(await ReadAsync(file)).Problems);

        Assert.Equal(("cell-formula", "D2"), (problem.Code, problem.Field));
    }

    [Fact]
    public async Task A_file_that_unpacks_to_far_more_is_refused_whatever_it_says_of_its_size()
    {
        using MemoryStream file = new(Workbook((1, Header.Split(','))));
        using MemoryStream grown = new();
        await file.CopyToAsync(grown);
        using (ZipArchive archive = new(grown, ZipArchiveMode.Update, leaveOpen: true))
        {
            await using Stream entry = await archive.CreateEntry("xl/media/large.bin", CompressionLevel.SmallestSize).OpenAsync();
            byte[] zeros = new byte[1024 * 1024];
            for (int megabyte = 0; megabyte < 21; megabyte++)
            {
                await entry.WriteAsync(zeros);
            }
        }

        Assert.Equal("sheet-expands-too-large", await RefusedAsync(grown.ToArray()));
    }

    [Fact]
    public async Task What_is_no_sheet_is_refused_in_words()
    {
        byte[] workbook = Workbook((1, Header.Split(',')));

        Assert.Equal("sheet-missing", await RefusedAsync([]));
        Assert.Equal("sheet-too-large", await RefusedAsync(new byte[SheetFile.MostBytes + 1]));
        Assert.Equal("sheet-unreadable", await RefusedAsync([0xD0, 0xCF, 0x11, 0xE0, 1, 2, 3]));
        Assert.Equal("sheet-unreadable", await RefusedAsync([(byte)'P', (byte)'K', 3, 4, 9, 9, 9]));
        Assert.Equal("sheet-unreadable", await RefusedAsync(workbook[..(workbook.Length / 2)]));
        Assert.Equal("sheet-unreadable", await RefusedAsync([0xFF, 0xFE, 0x41, 0x00]));
        Assert.Equal("sheet-unreadable", await RefusedAsync("Name,E-mail address\n\"never closed"u8.ToArray()));
    }

    [Fact]
    public async Task Every_byte_of_a_workbook_may_be_damaged_without_a_fault()
    {
        byte[] workbook = Workbook((1, Header.Split(',')), (2, Somebody.Split(',')));
        for (int position = 0; position < workbook.Length; position += 7)
        {
            byte[] damaged = [.. workbook];
            damaged[position] ^= 0x55;
            using MemoryStream stream = new(damaged);

            // Read or refused; an exception fails this test.
            Outcome<TypedSheet> read = await SheetFile.ReadAsync(stream, default);
            Assert.True(read.IsRefused || read.TryGet(out _));
        }
    }

    [Fact]
    public async Task Headings_are_found_in_any_order_and_every_wrong_one_is_named()
    {
        NomineeSheet turned = NomineeSheet.Read(await ReadAsync("E-MAIL ADDRESS;name;nationality;position;organisation;sector;statement\na@agency.example;Ann;Fiji;Director;Office;other;Fits.\n"u8.ToArray()));
        NomineeSheet wrong = NomineeSheet.Read(await ReadAsync("Name,Shoe size,Name\nAnn,42,Ann\n"u8.ToArray()));

        Assert.Empty(turned.Problems);
        Assert.Contains(wrong.Problems, problem => problem is { Code: "heading-unknown", Field: "B1" });
        Assert.Contains(wrong.Problems, problem => problem is { Code: "heading-twice", Field: "C1" });
        Assert.Equal(6, wrong.Problems.Count(problem => problem.Code == "heading-missing"));
        Assert.Equal("sheet-empty", Assert.Single(NomineeSheet.Read(await ReadAsync(SheetFile.WriteCsvTemplate(EligibilityRules.None))).Problems).Code);
    }

    [Fact]
    public async Task The_template_is_a_sound_workbook_that_reads_back_as_its_headings()
    {
        byte[] template = SheetFile.WriteWorkbookTemplate(EligibilityRules.None);

        Refusal problem = Assert.Single(NomineeSheet.Read(await ReadAsync(template)).Problems);
        using MemoryStream file = new(template);
        using SpreadsheetDocument document = SpreadsheetDocument.Open(file, false);

        Assert.Equal(("sheet-empty", "A2"), (problem.Code, problem.Field));
        Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(document).Select(error => error.Description));
    }

    [Theory]
    [InlineData(0, "A")]
    [InlineData(25, "Z")]
    [InlineData(26, "AA")]
    [InlineData(702, "AAA")]
    public void Columns_have_the_letters_of_a_spreadsheet(int column, string letters) => Assert.Equal(letters, NomineeSheet.LettersOf(column));

    private static async Task<TypedSheet> ReadAsync(byte[] file)
    {
        using MemoryStream stream = new(file);
        Outcome<TypedSheet> read = await SheetFile.ReadAsync(stream, default);
        return read.TryGet(out TypedSheet? sheet) ? sheet : throw new InvalidOperationException(read.Refusals[0].Reason);
    }

    private static async Task<string> RefusedAsync(byte[] file)
    {
        using MemoryStream stream = new(file);
        return Assert.Single((await SheetFile.ReadAsync(stream, default)).Refusals).Code;
    }

    private static byte[] Workbook(params (int Number, string[] Texts)[] rows)
    {
        using MemoryStream file = new();
        using (SpreadsheetDocument document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook))
        {
            WorkbookPart workbook = document.AddWorkbookPart();
            WorksheetPart part = workbook.AddNewPart<WorksheetPart>();
            part.Worksheet = new Worksheet(new SheetData(rows.Select(row => new Row(row.Texts.Select((text, column) => new Cell(new InlineString(new Text(text)))
            {
                DataType = CellValues.InlineString,
                CellReference = NomineeSheet.AddressOf(column, row.Number),
            }))
            {
                RowIndex = (uint)row.Number,
            })));
            workbook.Workbook = new Workbook(new Sheets(new Sheet { Id = workbook.GetIdOfPart(part), SheetId = 1, Name = "Nominees" }));
        }

        return file.ToArray();
    }

    private static byte[] Change(byte[] workbook, Action<SpreadsheetDocument> change)
    {
        using MemoryStream file = new();
        file.Write(workbook);
        using (SpreadsheetDocument document = SpreadsheetDocument.Open(file, true))
        {
            change(document);
        }

        return file.ToArray();
    }

    private static Cell CellAt(SpreadsheetDocument document, string address) =>
        document.WorkbookPart!.WorksheetParts.First().Worksheet.Descendants<Cell>().Single(cell => cell.CellReference == address);
}
