using System.Text;

namespace Plenary.Domain;

/// <summary>Which lines of a notification belong to which field. Decides nothing about their meaning.</summary>
internal sealed record NotificationLayout(
    IReadOnlyDictionary<string, NotificationLayout.Value> Values,
    IReadOnlyList<UnplacedText> Unknown,
    IReadOnlyList<UnplacedText> Stray,
    IReadOnlyList<ReadingProblem> Problems)
{
    /// <summary>Labels are short; text further to the right is never taken for one.</summary>
    private const int LongestLabel = 80;

    /// <summary>A line of nothing but separators must not be looked up at each of them.</summary>
    private const int MostSeparators = 6;

    /// <summary>Each mark taken off copies the line.</summary>
    private const int MostMarks = 3;

    private static readonly string[] OpeningMarks = ["**", "__", "<b>", "<strong>"];
    private static readonly string[] ClosingMarks = ["**", "__", "</b>", "</strong>"];

    internal static NotificationLayout Empty { get; } = new(new Dictionary<string, Value>(), [], [], []);

    internal static NotificationLayout Of(string[] lines)
    {
        Label?[] labels = [.. lines.Select(static line => FindLabel(line))];
        int lastLabel = Array.FindLastIndex(labels, static label => label is not null);

        Dictionary<string, Value> values = new(StringComparer.Ordinal);
        List<Block> unknown = [];
        List<Block> stray = [];
        List<ReadingProblem> problems = [];
        List<(string Field, Block Block)> fields = [];
        Block? current = null;
        bool afterBlank = true;

        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || IsRule(line))
            {
                afterBlank = true;
                continue;
            }

            if (labels[i] is { } label)
            {
                NotificationField field = label.Field;
                current = new Block(i + 1, label.Text, field.IsLong, label.Value);
                if (fields.FirstOrDefault(one => one.Field == field.Name).Block is { } earlier)
                {
                    unknown.Add(current);
                    problems.Add(new ReadingProblem(
                        new Refusal(
                            "field-repeated",
                            $"\"{field.Label}\" stands on line {earlier.FirstLine} and again on line {i + 1}.",
                            field.Name,
                            "Take one of the two out, or correct the field here."),
                        i + 1));
                }
                else
                {
                    fields.Add((field.Name, current));
                }
            }
            else if (FindUnknownLabel(line, current is { IsLong: false }) is var (text, value))
            {
                current = new Block(i + 1, text, false, value);
                unknown.Add(current);
            }
            else if (current is not null && current.Continues(afterBlank, i < lastLabel))
            {
                current.Add(i + 1, line, afterBlank);
            }
            else if (fields.Count > 0 || PlainText.Fold(line) != "project notification")
            {
                current = new Block(i + 1, null, false, line);
                stray.Add(current);
            }

            afterBlank = false;
        }

        foreach ((string field, Block block) in fields)
        {
            values[field] = new Value(block.ToString(), block.FirstLine, block.LastLine);
        }

        TakeSignatory(values, stray, lastLabel + 1);
        return new NotificationLayout(values, [.. unknown.Select(Unplaced)], [.. stray.Select(Unplaced)], problems);
    }

    /// <summary>The last block of text after the last field, when it is two or three short lines: a name, a title, perhaps an organisation.</summary>
    private static void TakeSignatory(Dictionary<string, Value> values, List<Block> stray, int lastLabelLine)
    {
        if (stray.Count == 0 || values.ContainsKey(NotificationFields.Signatory))
        {
            return;
        }

        Block last = stray[^1];
        string[] lines = last.ToString().Split('\n');
        bool isSignature = last.FirstLine > lastLabelLine && lastLabelLine > 0 && lines.Length is 2 or 3
            && lines.All(static line => line.Length <= 100 && line.Count(char.IsWhiteSpace) < 10);
        if (!isSignature)
        {
            return;
        }

        stray.RemoveAt(stray.Count - 1);
        values[NotificationFields.Signatory] = new Value(lines[0], last.FirstLine, last.FirstLine);
        values.TryAdd(NotificationFields.SignatoryTitle, new Value(lines[1], last.FirstLine + 1, last.FirstLine + 1));
        if (lines.Length == 3)
        {
            stray.Add(new Block(last.FirstLine + 2, null, false, lines[2]));
        }
    }

    private static UnplacedText Unplaced(Block block) => new(block.FirstLine, block.LastLine, block.Label, block.ToString());

    /// <summary>A line drawn with signs, as under a heading or in a table.</summary>
    private static bool IsRule(string line) => line.Length >= 3 && line.All(static c => c is '-' or '=' or '_' or '*' or '|' or ':' or ' ');

    private static Label? FindLabel(string line)
    {
        string text = line.Trim();
        bool isTableRow = text.StartsWith('|');
        text = text.TrimStart('#', '|', '•', '>', ' ', '\t');
        text = text.StartsWith("- ", StringComparison.Ordinal) || text.StartsWith("* ", StringComparison.Ordinal) ? text[2..].TrimStart() : text;
        text = isTableRow ? text.TrimEnd('|', ' ', '\t') : text;

        bool isBold = false;
        for (int marks = 0; marks < MostMarks && MarkAt(text, 0, OpeningMarks) is { } mark; marks++)
        {
            text = text[mark.Length..].TrimStart();
            isBold = true;
        }

        int end = Math.Min(text.Length, LongestLabel);
        int separators = 0;
        for (int i = 1; i < end && separators < MostSeparators; i++)
        {
            bool isSeparator = text[i] is '\t' or '\u2409' or '\u3000' or ':' or '：' or '|'
                || (text[i] == ' ' && i + 1 < text.Length && text[i + 1] == ' ')
                || (isBold && MarkAt(text, i, ClosingMarks) is not null);
            separators += isSeparator ? 1 : 0;
            if (isSeparator && NotificationFields.Find(text[..i]) is { } field)
            {
                return new Label(field, text[..i].Trim(), AfterLabel(text, i, isBold));
            }
        }

        return text.Length <= LongestLabel && NotificationFields.Find(WithoutMarks(text)) is { } alone
            ? new Label(alone, WithoutMarks(text), string.Empty)
            : null;
    }

    private static string AfterLabel(string text, int start, bool isBold)
    {
        int i = start;
        bool isMarkPending = isBold;
        while (i < text.Length)
        {
            if (char.IsWhiteSpace(text[i]) || text[i] is ':' or '：' or '|' or '\u2409')
            {
                i++;
            }
            else if (isMarkPending && MarkAt(text, i, ClosingMarks) is { } mark)
            {
                i += mark.Length;
                isMarkPending = false;
            }
            else
            {
                break;
            }
        }

        return text[i..].TrimEnd();
    }

    /// <summary>A tab after a few words, or, where the field before cannot hold sentences, a colon after a few capitalised ones.</summary>
    private static (string Label, string Value)? FindUnknownLabel(string line, bool isColonEnough)
    {
        int tab = line.IndexOfAny(isColonEnough ? ['\t', ':', '：'] : ['\t']);
        if (tab is < 3 or > 60 || line[..tab].Count(char.IsLetter) < 3)
        {
            return null;
        }

        string label = WithoutMarks(line[..tab]);
        bool isAddress = line.AsSpan(tab).StartsWith("://", StringComparison.Ordinal);
        return label.Length == 0 || isAddress || (line[tab] != '\t' && !char.IsUpper(label[0])) ? null : (label, line[(tab + 1)..].Trim(' ', '\t', ':'));
    }

    private static string WithoutMarks(string text)
    {
        foreach (string mark in (string[])["**", "__", "</b>", "</strong>", "<b>", "<strong>"])
        {
            text = text.Replace(mark, string.Empty, StringComparison.OrdinalIgnoreCase);
        }

        return text.Trim(' ', '\t', ':', '：', '|', '#');
    }

    private static string? MarkAt(string text, int index, string[] marks) =>
        marks.FirstOrDefault(mark => text.AsSpan(index).StartsWith(mark, StringComparison.OrdinalIgnoreCase));

    /// <summary>A field's text and the lines it came from.</summary>
    internal sealed record Value(string Raw, int? FirstLine, int? LastLine);

    private sealed record Label(NotificationField Field, string Text, string Value);

    private sealed class Block(int firstLine, string? label, bool isLong, string text)
    {
        private readonly StringBuilder lines = new(text);

        public int FirstLine { get; } = firstLine;

        public int LastLine { get; private set; } = firstLine;

        public string? Label => label;

        public bool IsLong => isLong;

        /// <summary>
        /// A blank line ends a value, unless nothing has come yet, or it is a text with paragraphs and further fields follow: what comes
        /// after the last field is signature and small print.
        /// </summary>
        public bool Continues(bool afterBlank, bool isBeforeLastLabel) => !afterBlank || lines.Length == 0 || (isLong && isBeforeLastLabel);

        public void Add(int number, string line, bool afterBlank)
        {
            if (lines.Length > 0)
            {
                lines.Append(afterBlank ? "\n\n" : "\n");
            }

            lines.Append(line);
            LastLine = number;
        }

        public override string ToString() => lines.ToString();
    }
}
