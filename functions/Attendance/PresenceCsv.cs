using System.Globalization;
using CsvHelper;
using Plenary.Domain;

namespace Plenary.Attendance;

/// <summary>One person's line of a presence list: which of the listed sessions the person attended, and which not.</summary>
/// <param name="Reference">In the written form of <see cref="ReferenceNumber"/>.</param>
/// <param name="Presence">By session number.</param>
public sealed record PresenceRow(long Line, string Reference, IReadOnlyDictionary<int, bool> Presence);

/// <summary>Presence as a table: a header of <c>reference</c>, <c>session-1</c>, <c>session-2</c> and so on, then a line for each person with yes or no under each session.</summary>
public static class PresenceCsv
{
    public const int MostLines = 5_000;

    private const int Unused = 0;
    private const int Reference = -1;
    private const int MostCharacters = 2_000_000;
    private const int MostRefusals = 50;
    private const string ReferenceColumn = "reference";

    // Explanatory columns that our own export writes and that come back with it.
    private static readonly string[] Ignored = ["name", "economy"];
    private static readonly string[] Yes = ["yes", "y", "1", "x", "true", "present", "\u2713", "\u2714"];
    private static readonly string[] No = ["", "no", "n", "0", "-", "false", "absent", "\u2717"];

    /// <summary>
    /// All lines, or everything wrong by line: nothing of a list with one bad line is used. Not every session need have a column; those without one stay as they
    /// are. Comma, semicolon and tab are all understood.
    /// </summary>
    /// <param name="knownReferences">References of the participants, in written form.</param>
    public static Outcome<IReadOnlyList<PresenceRow>> Parse(string text, IReadOnlyList<ProjectSession> sessions, IReadOnlySet<string> knownReferences)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentNullException.ThrowIfNull(knownReferences);
        if (text.Length > MostCharacters)
        {
            return new Refusal("presence-too-long", $"The file has more than {MostCharacters} characters.", Remedy: "Send the list of this project only.");
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return new Refusal("presence-not-text", "The file is not a text file.", Remedy: "Save the sheet as CSV (UTF-8) and send that.");
        }

        CsvReaderOptions options = new()
        {
            HasHeader = false,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
        };
        try
        {
            using CsvReader reader = CsvReader.FromText(text, options);
            if (!reader.Read())
            {
                return new Refusal("presence-empty", "The file has no header line.", "line 1", "Start with a line such as: reference,session-1,session-2.");
            }

            List<Refusal> refusals = [];
            int[] columns = ReadHeader(reader.Current.ToArray(), sessions, refusals);
            return refusals.Count > 0 ? Outcome<IReadOnlyList<PresenceRow>>.Refused(refusals) : ReadLines(reader, columns, knownReferences);
        }
        catch (CsvFormatException problem)
        {
            return new Refusal(
                "presence-malformed",
                $"Line {problem.LineNumber} has quotation marks that do not close or stand in the wrong place.",
                $"line {problem.LineNumber}",
                "Correct the line, or save the sheet as CSV again.");
        }
    }

    /// <summary>Such as <c>session-1</c>.</summary>
    public static string ColumnOf(ProjectSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return string.Create(CultureInfo.InvariantCulture, $"session-{session.Number}");
    }

    // A session's column becomes its number.
    private static int[] ReadHeader(string[] header, IReadOnlyList<ProjectSession> sessions, List<Refusal> refusals)
    {
        int[] columns = new int[header.Length];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < header.Length; index++)
        {
            string name = header[index].Trim();
            if (name.Length > 0 && !seen.Add(name))
            {
                refusals.Add(new Refusal("presence-column-twice", $"The column \u201C{name}\u201D stands there twice.", "line 1", "Keep one of them."));
            }
            else if (string.Equals(name, ReferenceColumn, StringComparison.OrdinalIgnoreCase))
            {
                columns[index] = Reference;
            }
            else if (sessions.FirstOrDefault(session => string.Equals(ColumnOf(session), name, StringComparison.OrdinalIgnoreCase)) is { } session)
            {
                columns[index] = session.Number;
            }
            else if (!Ignored.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                refusals.Add(new Refusal(
                    "presence-column-unknown",
                    $"The column \u201C{name}\u201D is no session of this project.",
                    "line 1",
                    $"Use these: {string.Join(", ", sessions.Select(ColumnOf))}."));
            }
        }

        if (!columns.Contains(Reference))
        {
            refusals.Add(new Refusal("presence-reference-missing", "There is no column \u201Creference\u201D.", "line 1", "Add it, with the reference of each participant."));
        }

        if (refusals.Count == 0 && !columns.Any(column => column > Unused))
        {
            refusals.Add(new Refusal("presence-session-missing", "There is no column for any session.", "line 1", "Add one, such as session-1."));
        }

        return columns;
    }

    private static Outcome<IReadOnlyList<PresenceRow>> ReadLines(CsvReader reader, int[] columns, IReadOnlySet<string> knownReferences)
    {
        List<Refusal> refusals = [];
        List<PresenceRow> rows = [];
        Dictionary<string, long> lineOfReference = new(StringComparer.Ordinal);
        int referenceAt = Array.IndexOf(columns, Reference);
        while (refusals.Count < MostRefusals && reader.Read())
        {
            string[] cells = reader.Current.ToArray();
            if (cells.All(string.IsNullOrWhiteSpace))
            {
                continue;
            }

            long line = reader.LineNumber;
            string field = $"line {line}";
            if (rows.Count >= MostLines)
            {
                refusals.Add(new Refusal("presence-too-long", $"There are more than {MostLines} lines.", field, "Send the list of this project only."));
                break;
            }

            if (cells.Length != columns.Length)
            {
                refusals.Add(new Refusal("presence-cells-count", $"Line {line} has {cells.Length} cells, the header has {columns.Length}.", field, "Give the line one cell under each column."));
                continue;
            }

            Outcome<ReferenceNumber> parsed = ReferenceNumber.Parse(cells[referenceAt], field);
            refusals.AddRange(parsed.Refusals.Select(refusal => refusal with { Reason = $"Line {line}: {refusal.Reason}" }));
            if (parsed.TryGet(out ReferenceNumber? reference))
            {
                if (!knownReferences.Contains(reference.Text))
                {
                    refusals.Add(new Refusal("presence-reference-unknown", $"Line {line}: nobody in this project has the reference {reference.Text}.", field, "Compare it with the list of participants."));
                }
                else if (!lineOfReference.TryAdd(reference.Text, line))
                {
                    refusals.Add(new Refusal("presence-reference-twice", $"Line {line}: {reference.Text} already stands in line {lineOfReference[reference.Text]}.", field, "Keep one of the two lines."));
                }
            }

            Dictionary<int, bool> presence = ReadCells(cells, columns, line, refusals);
            rows.Add(new PresenceRow(line, reference?.Text ?? string.Empty, presence));
        }

        if (refusals.Count == 0 && rows.Count == 0)
        {
            refusals.Add(new Refusal("presence-empty", "There is no line below the header.", "line 2", "Add a line for each participant."));
        }

        return refusals.Count > 0 ? Outcome<IReadOnlyList<PresenceRow>>.Refused(refusals) : rows;
    }

    private static Dictionary<int, bool> ReadCells(string[] cells, int[] columns, long line, List<Refusal> refusals)
    {
        Dictionary<int, bool> presence = [];
        for (int index = 0; index < columns.Length; index++)
        {
            int session = columns[index];
            if (session <= Unused)
            {
                continue;
            }

            string cell = cells[index].Trim();
            if (Yes.Contains(cell, StringComparer.OrdinalIgnoreCase))
            {
                presence.Add(session, true);
            }
            else if (No.Contains(cell, StringComparer.OrdinalIgnoreCase))
            {
                presence.Add(session, false);
            }
            else
            {
                string shown = cell.Length > 40 ? $"{cell[..40]}\u2026" : cell;
                refusals.Add(new Refusal("presence-cell-unreadable", $"Line {line}, session {session}: \u201C{shown}\u201D is neither yes nor no.", $"line {line}", "Write yes or no."));
            }
        }

        return presence;
    }
}
