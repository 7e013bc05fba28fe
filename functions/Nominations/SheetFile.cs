using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using CsvHelper;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Plenary.Domain;

namespace Plenary.Nominations;

/// <summary>
/// Reads the first sheet of a workbook, or a file of comma- or semicolon-separated values, and writes templates of both. Nothing is
/// calculated: a cell with a formula is a problem, whatever value was saved beside it.
/// </summary>
public static class SheetFile
{
    public const string CsvType = "text/csv; charset=utf-8";
    public const string WorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const long MostBytes = 2 * 1024 * 1024;

    private const long MostUnpacked = 20 * 1024 * 1024;
    private const int MostEntries = 200;
    private const int MostRows = 1_000;
    private const int MostColumns = 50;
    private const int MostCharacters = 10_000;

    /// <summary>A heading row, and after it what the sectors are called.</summary>
    private const string SectorsSheet = "Sectors";

    public static async Task<Outcome<TypedSheet>> ReadAsync(Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        using MemoryStream file = new();
        try
        {
            await using MeasuredStream measured = new(content, MostBytes);
            await measured.CopyToAsync(file, cancellation);
        }
        catch (DocumentTooLargeException)
        {
            return new Refusal("sheet-too-large", "The file is larger than 2 MB.", "sheet", "Send the nominees alone, without pictures and other sheets.");
        }

        file.Position = 0;
        ReadOnlyMemory<byte> bytes = file.GetBuffer().AsMemory(0, (int)file.Length);
        return bytes.Span switch
        {
            [] => new Refusal("sheet-missing", "The file is empty.", "sheet", "Choose a file with nominees."),
            [(byte)'P', (byte)'K', ..] => await ReadWorkbookAsync(file, cancellation),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => new Refusal("sheet-unreadable", "This is a workbook of the old kind, or one with a password.", "sheet", "Save it as XLSX without a password, or as CSV (UTF-8)."),
            _ => ReadText(bytes.Span),
        };
    }

    /// <summary>Separated values as <see cref="WriteCsv"/> writes them, or a spreadsheet does.</summary>
    public static Outcome<TypedSheet> ReadCsv(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        CsvReaderOptions options = new() { HasHeader = false, TrackLineNumbers = true, MalformedData = CsvMalformedDataHandling.Throw };
        Cells cells = new();
        try
        {
            using CsvReader reader = CsvReader.FromText(text, options);
            for (int row = 1; reader.Read() && row <= MostRows; row++)
            {
                string[] values = reader.Current.ToArray();
                cells.StartRow(row);
                for (int column = 0; column < values.Length; column++)
                {
                    cells.Add(column, values[column]);
                }
            }
        }
        catch (CsvFormatException problem)
        {
            return new Refusal(
                "sheet-unreadable", $"Line {problem.LineNumber} has quotation marks that do not close or stand in the wrong place.", "sheet", "Correct the line, or save the sheet as CSV again.");
        }

        return cells.ToSheet();
    }

    /// <summary>The rows in their places, so that addresses of cells stay what they are.</summary>
    public static string WriteCsv(TypedSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        StringBuilder csv = new();
        int next = 1;
        foreach (SheetRow row in sheet.Rows)
        {
            for (; next < row.Number; next++)
            {
                csv.Append(",\r\n");
            }

            int width = row.Cells.Keys.DefaultIfEmpty(0).Max() + 1;
            csv.AppendJoin(',', Enumerable.Range(0, Math.Max(2, width)).Select(column => Quote(row.Cells.GetValueOrDefault(column, "")))).Append("\r\n");
            next++;
        }

        return csv.ToString();
    }

    /// <summary>With the mark that tells spreadsheets that this is UTF-8.</summary>
    public static byte[] WriteCsvTemplate(EligibilityRules rules) =>
        [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(string.Join(',', NomineeSheet.ColumnsFor(rules).Select(column => Quote(column.Heading))) + "\r\n")];

    /// <summary>Headings, and the sectors as a list to choose from.</summary>
    public static byte[] WriteWorkbookTemplate(EligibilityRules rules)
    {
        IReadOnlyList<(string Field, string Heading)> columns = NomineeSheet.ColumnsFor(rules);
        using MemoryStream file = new();
        using (SpreadsheetDocument document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook))
        {
            WorkbookPart workbook = document.AddWorkbookPart();
            workbook.Workbook = new Workbook(new Sheets());
            int sector = columns.Select(column => column.Field).ToList().IndexOf("sector");
            string letters = NomineeSheet.LettersOf(sector);
            DataValidation choice = new(new Formula1($"{SectorsSheet}!$A$1:$A${Sectors.All.Count}"))
            {
                Type = DataValidationValues.List,
                AllowBlank = true,
                SequenceOfReferences = new ListValue<StringValue>([new StringValue($"{letters}2:{letters}{NomineeSheet.MostNominees + 1}")]),
            };
            AddSheet(workbook, 1, "Nominees", [columns.Select(column => column.Heading)], 28, new DataValidations(choice) { Count = 1 });
            AddSheet(workbook, 2, SectorsSheet, Sectors.All.Select(one => (IEnumerable<string>)[one.Words]), 45);
            workbook.Workbook.Save();
        }

        return file.ToArray();
    }

    private static void AddSheet(WorkbookPart workbook, uint number, string name, IEnumerable<IEnumerable<string>> rows, double width, params OpenXmlElement[] after)
    {
        WorksheetPart part = workbook.AddNewPart<WorksheetPart>();
        SheetData data = new(rows.Select(row => new Row(row.Select(text => new Cell(new InlineString(new Text(text))) { DataType = CellValues.InlineString }))));
        part.Worksheet = new Worksheet(new Columns(new Column { Min = 1, Max = (uint)Math.Max(1, data.Elements<Row>().Select(row => row.Elements<Cell>().Count()).DefaultIfEmpty(1).Max()), Width = width, CustomWidth = true }), data);
        part.Worksheet.Append(after);
        part.Worksheet.Save();
        workbook.Workbook.GetFirstChild<Sheets>()?.Append(new Sheet { Id = workbook.GetIdOfPart(part), SheetId = number, Name = name });
    }

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static Outcome<TypedSheet> ReadText(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        ReadOnlySpan<byte> body = bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes;
        try
        {
            string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(body);
            return text.Contains('\0', StringComparison.Ordinal) ? NotText : ReadCsv(text);
        }
        catch (DecoderFallbackException)
        {
            return NotText;
        }
    }

    private static Refusal NotText { get; } = new(
        "sheet-unreadable", "This is neither a workbook nor text in UTF-8.", "sheet", "Save the sheet as XLSX, or as CSV (UTF-8), and send that.");

    private static async Task<Outcome<TypedSheet>> ReadWorkbookAsync(MemoryStream file, CancellationToken cancellation)
    {
        try
        {
            if (await UnpacksTooFarAsync(file, cancellation))
            {
                return new Refusal("sheet-expands-too-large", "The file unpacks to far more than a list of nominees.", "sheet", "Copy the nominees into the template and send that.");
            }

            file.Position = 0;
            using SpreadsheetDocument document = SpreadsheetDocument.Open(file, isEditable: false, new OpenSettings { MaxCharactersInPart = MostUnpacked });
            return document.WorkbookPart is { } workbook &&
                workbook.Workbook.Descendants<Sheet>().FirstOrDefault()?.Id?.Value is { } id &&
                workbook.TryGetPartById(id, out OpenXmlPart? part) && part is WorksheetPart sheet
                ? ReadSheet(sheet, ReadStrings(workbook.SharedStringTablePart))
                : NoSheet;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or FileFormatException or OpenXmlPackageException or XmlException or EndOfStreamException
            or FormatException or OverflowException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // The reader's own words for damage are many; each means the same to whoever sent the file.
            return NoSheet;
        }
    }

    private static Refusal NoSheet { get; } = new("sheet-unreadable", "There is no sheet in this file that can be read.", "sheet", "Save it as XLSX once more, or as CSV (UTF-8), and send that.");

    /// <summary>What the archive says of its sizes is a claim, so every part is unpacked and counted.</summary>
    private static async Task<bool> UnpacksTooFarAsync(MemoryStream file, CancellationToken cancellation)
    {
        using ZipArchive archive = new(file, ZipArchiveMode.Read, leaveOpen: true);
        if (archive.Entries.Count > MostEntries)
        {
            return true;
        }

        long budget = MostUnpacked;
        try
        {
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                await using MeasuredStream unpacked = new(await entry.OpenAsync(cancellation), budget);
                await unpacked.CopyToAsync(Stream.Null, cancellation);
                budget -= unpacked.Count;
            }
        }
        catch (DocumentTooLargeException)
        {
            return true;
        }

        return false;
    }

    private static List<string> ReadStrings(SharedStringTablePart? part)
    {
        List<string> strings = [];
        if (part is not null)
        {
            using OpenXmlReader reader = OpenXmlReader.Create(part);
            while (reader.Read())
            {
                if (reader.ElementType == typeof(SharedStringItem) && reader.IsStartElement && reader.LoadCurrentElement() is SharedStringItem item)
                {
                    strings.Add(TextOf(item));
                }
            }
        }

        return strings;
    }

    /// <summary>Row by row; memory holds one.</summary>
    private static TypedSheet ReadSheet(WorksheetPart part, List<string> strings)
    {
        Cells cells = new();
        int number = 0;
        int filled = 0;
        using OpenXmlReader reader = OpenXmlReader.Create(part);
        while (filled < MostRows && reader.Read())
        {
            if (reader.ElementType != typeof(Row) || !reader.IsStartElement || reader.LoadCurrentElement() is not Row row)
            {
                continue;
            }

            number = row.RowIndex?.Value is { } index ? checked((int)index) : number + 1;
            filled++;
            cells.StartRow(number);
            int column = -1;
            foreach (Cell cell in row.Elements<Cell>())
            {
                column = ColumnOf(cell.CellReference?.Value) ?? column + 1;
                ReadCell(cells, column, cell, strings);
            }
        }

        return cells.ToSheet();
    }

    private static void ReadCell(Cells cells, int column, Cell cell, List<string> strings)
    {
        CellValues type = cell.DataType?.Value ?? CellValues.Number;
        string value = cell.CellValue?.Text ?? "";
        if (cell.CellFormula is not null)
        {
            cells.Refuse(column, "cell-formula", "This is a formula. Formulas are not calculated here.", "Put its value there instead: copy the cell, then paste the value only.");
        }
        else if (type == CellValues.SharedString)
        {
            cells.Add(column, strings[int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture)]);
        }
        else if (type == CellValues.InlineString)
        {
            cells.Add(column, cell.InlineString is { } inline ? TextOf(inline) : "");
        }
        else if (type == CellValues.Number && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double count))
        {
            cells.Add(column, count.ToString("0.##########", CultureInfo.InvariantCulture));
        }
        else if (type == CellValues.Error || type == CellValues.Boolean)
        {
            cells.Refuse(column, "cell-unreadable", "This is neither text nor a number.", "Put a text there.");
        }
        else
        {
            cells.Add(column, value);
        }
    }

    /// <summary>What is shown: without the reading aids that some scripts carry beside it.</summary>
    private static string TextOf(RstType text) =>
        text.GetFirstChild<Text>()?.Text ?? string.Concat(text.Elements<Run>().Select(run => run.Text?.Text));

    /// <summary>The column of an address such as <c>AB12</c>, 0 for A.</summary>
    private static int? ColumnOf(string? address)
    {
        int column = 0;
        foreach (char letter in (address ?? "").TakeWhile(char.IsAsciiLetterUpper).Take(3))
        {
            column = (column * 26) + letter - 'A' + 1;
        }

        return column == 0 ? null : column - 1;
    }

    /// <summary>Gathers the cells of a sheet as they come.</summary>
    private sealed class Cells
    {
        private readonly List<SheetRow> rows = [];
        private readonly List<Refusal> problems = [];
        private Dictionary<int, string> current = [];
        private int number;

        public void StartRow(int row)
        {
            number = row;
            current = [];
            rows.Add(new SheetRow(row, current));
        }

        public void Add(int column, string text)
        {
            if (text.Length > MostCharacters)
            {
                Refuse(column, "cell-unreadable", $"There are more than {MostCharacters} characters in it.", "Shorten it.");
            }
            else if (!string.IsNullOrWhiteSpace(text))
            {
                if (column < MostColumns)
                {
                    current[column] = text;
                }
                else
                {
                    Refuse(column, "cell-unreadable", $"A sheet has {MostColumns} columns at most here.", "Remove what is not asked for.");
                }
            }
        }

        public void Refuse(int column, string code, string reason, string remedy)
        {
            string address = NomineeSheet.AddressOf(column, number);
            problems.Add(new Refusal(code, $"Cell {address}: {reason}", address, remedy));
        }

        public TypedSheet ToSheet() => new([.. rows.Where(row => !row.IsBlank)], problems);
    }
}
