using System.Globalization;

namespace Plenary.Domain;

/// <summary>
/// Reads dates and ranges of dates as people write them in English: the month as a word, or ISO 8601. Forms in which day and month could be
/// changed round are refused, whatever the numbers.
/// </summary>
public static class DateText
{
    public const string DisplayFormat = "d MMMM yyyy";

    private const int EarliestYear = 2000;
    private const int LatestYear = 2100;

    private const string Remedy = "Write the month as a word, such as 3 July 2023, or use the form 2023-07-03.";
    private const string RangeRemedy = "Write the first and the last day, such as 14–16 August 2023.";

    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly string[] Weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    public static Outcome<DateOnly> Read(string text, string field)
    {
        ArgumentNullException.ThrowIfNull(text);
        Outcome<(DateOnly First, DateOnly Last)> read = ReadRange(text, field);
        if (!read.TryGet(out (DateOnly First, DateOnly Last) range))
        {
            return Outcome<DateOnly>.Refused(read.Refusals);
        }

        return range.First == range.Last
            ? range.First
            : new Refusal("date-not-understood", $"\"{PlainText.Shorten(text)}\" is more than one day.", field, "Write one date, such as 3 July 2023.");
    }

    /// <summary>A single date is a range of one day.</summary>
    public static Outcome<(DateOnly First, DateOnly Last)> ReadRange(string text, string field)
    {
        ArgumentNullException.ThrowIfNull(text);
        string quoted = $"\"{PlainText.Shorten(text)}\"";
        if (text.Length > 200)
        {
            return new Refusal("date-not-understood", $"{quoted} is too long for a date.", field, Remedy);
        }

        List<Token> tokens = Tokenize(text);
        if (tokens.FirstOrDefault(static token => token.Kind == '?') is { } strange)
        {
            return new Refusal("date-not-understood", $"In {quoted}, \"{PlainText.Shorten(strange.Text)}\" is not part of a date.", field, Remedy);
        }

        List<Token> weekdays = tokens.FindAll(static token => token.Kind == 'W');
        tokens.RemoveAll(static token => token.Kind == 'W');
        string pattern = new([.. tokens.Select(static token => token.Kind)]);
        if ((pattern.Contains('/') && pattern is not "I/I") || pattern is "D-D-Y" or "D-D-D" or "Y-D-D")
        {
            return new Refusal("date-ambiguous", $"{quoted} can be read in two ways: day or month first.", field, Remedy);
        }

        int At(int index) => tokens[index].Number;
        (Day First, Day Last)? days = pattern switch
        {
            "I" => (Day.Iso(At(0)), Day.Iso(At(0))),
            "I-I" or "I/I" => (Day.Iso(At(0)), Day.Iso(At(2))),
            "DMY" => (new Day(At(2), At(1), At(0)), new Day(At(2), At(1), At(0))),
            "D-M-Y" => (new Day(At(4), At(2), At(0)), new Day(At(4), At(2), At(0))),
            "MDY" => (new Day(At(2), At(0), At(1)), new Day(At(2), At(0), At(1))),
            "D-DMY" => (new Day(At(4), At(3), At(0)), new Day(At(4), At(3), At(2))),
            "DM-DMY" => (new Day(At(5), At(1), At(0)), new Day(At(5), At(4), At(3))),
            "DMY-DMY" => (new Day(At(2), At(1), At(0)), new Day(At(6), At(5), At(4))),
            "MD-DY" => (new Day(At(4), At(0), At(1)), new Day(At(4), At(0), At(3))),
            "MD-MDY" => (new Day(At(5), At(0), At(1)), new Day(At(5), At(3), At(4))),
            "MDY-MDY" => (new Day(At(2), At(0), At(1)), new Day(At(6), At(4), At(5))),
            _ => null,
        };
        if (days is not var (first, last))
        {
            string remedy = field == NotificationFields.Timing ? RangeRemedy : Remedy;
            return new Refusal("date-not-understood", $"{quoted} is not a date in a form known here.", field, remedy);
        }

        List<Refusal> refusals = [];
        foreach (Day day in first == last ? (Day[])[first] : [first, last])
        {
            if (day.Problem() is { } reason)
            {
                refusals.Add(new Refusal("date-impossible", $"{reason} ({quoted})", field, "Check the date."));
            }
        }

        if (refusals.Count > 0)
        {
            return Outcome<(DateOnly, DateOnly)>.Refused(refusals);
        }

        DateOnly[] dates = first == last ? [first.ToDate()] : [first.ToDate(), last.ToDate()];
        if (weekdays.Count > 0 && weekdays.Count != dates.Length)
        {
            return new Refusal("date-not-understood", $"In {quoted} it is not clear to which date the weekday belongs.", field, "Leave the weekday out.");
        }

        foreach ((Token weekday, DateOnly date) in weekdays.Zip(dates))
        {
            if ((int)date.DayOfWeek != weekday.Number)
            {
                refusals.Add(new Refusal("date-weekday-wrong", $"{Display(date)} is a {date.DayOfWeek}, not a {(DayOfWeek)weekday.Number}.", field, "Correct the date or the weekday."));
            }
        }

        return refusals.Count > 0 ? Outcome<(DateOnly, DateOnly)>.Refused(refusals) : (first.ToDate(), last.ToDate());
    }

    public static string Display(DateOnly date) => date.ToString(DisplayFormat, CultureInfo.InvariantCulture);

    private static List<Token> Tokenize(string text)
    {
        List<Token> tokens = [];
        int i = 0;
        while (i < text.Length)
        {
            char c = text[i];
            if (char.IsAsciiDigit(c))
            {
                i = ReadNumber(text, i, tokens);
            }
            else if (char.IsAsciiLetter(c))
            {
                int end = EndOf(text, i, char.IsAsciiLetter);
                AddWord(text[i..end], tokens);
                i = end;
            }
            else
            {
                bool isDecimalPoint = c == '.' && i > 0 && char.IsAsciiDigit(text[i - 1]) && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]);
                char? kind = c switch
                {
                    '/' or '\\' => '/',
                    '.' when isDecimalPoint => '/',
                    '-' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' => '-',
                    ',' or '.' => null,
                    _ when char.IsWhiteSpace(c) => null,
                    _ => '?',
                };
                if (kind is { } known)
                {
                    int width = char.IsHighSurrogate(c) && i + 1 < text.Length ? 2 : 1;
                    tokens.Add(new Token(known, 0, text.Substring(i, width)));
                    i += width - 1;
                }

                i++;
            }
        }

        return tokens;
    }

    private static int ReadNumber(string text, int start, List<Token> tokens)
    {
        int end = EndOf(text, start, char.IsAsciiDigit);
        if (end - start == 4 && IsIsoRest(text, end))
        {
            // A year, a month and a day of fixed width pack into one number.
            string digits = string.Concat(text.AsSpan(start, 4), text.AsSpan(end + 1, 2), text.AsSpan(end + 4, 2));
            tokens.Add(new Token('I', int.Parse(digits, CultureInfo.InvariantCulture), text[start..(end + 6)]));
            return end + 6;
        }

        char kind = (end - start) switch { 1 or 2 => 'D', 4 => 'Y', _ => '?' };
        int number = kind == '?' ? 0 : int.Parse(text.AsSpan(start, end - start), CultureInfo.InvariantCulture);
        tokens.Add(new Token(kind, number, text[start..end]));

        int suffix = EndOf(text, end, char.IsAsciiLetter);
        bool isOrdinal = kind == 'D' && text[end..suffix].ToLowerInvariant() is "st" or "nd" or "rd" or "th";
        return isOrdinal ? suffix : end;
    }

    private static bool IsIsoRest(string text, int at) =>
        at + 6 <= text.Length && text[at] == '-' && text[at + 3] == '-'
        && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2])
        && char.IsAsciiDigit(text[at + 4]) && char.IsAsciiDigit(text[at + 5])
        && (at + 6 == text.Length || !char.IsAsciiLetterOrDigit(text[at + 6]));

    private static void AddWord(string word, List<Token> tokens)
    {
        string lower = word.ToLowerInvariant();
        if (lower is "from" or "on")
        {
            return;
        }

        if (lower is "to" or "until" or "till" or "through")
        {
            tokens.Add(new Token('-', 0, word));
            return;
        }

        int month = IndexOf(Months, lower == "sept" ? "sep" : lower);
        int weekday = IndexOf(Weekdays, lower is "tues" or "thur" or "thurs" ? lower[..3] : lower);
        tokens.Add(month >= 0 ? new Token('M', month + 1, word) : weekday >= 0 ? new Token('W', weekday, word) : new Token('?', 0, word));
    }

    /// <summary>The name itself or its first three letters.</summary>
    private static int IndexOf(string[] names, string word) =>
        Array.FindIndex(names, name => name == word || (word.Length == 3 && name.StartsWith(word, StringComparison.Ordinal)));

    private static int EndOf(string text, int start, Func<char, bool> belongs)
    {
        int end = start;
        while (end < text.Length && belongs(text[end]))
        {
            end++;
        }

        return end;
    }

    /// <summary>D day, M month, Y year, I ISO date, W weekday, - to, / slash, ? anything else.</summary>
    private sealed record Token(char Kind, int Number, string Text);

    private readonly record struct Day(int Year, int Month, int DayOfMonth)
    {
        public static Day Iso(int packed) => new(packed / 10_000, packed / 100 % 100, packed % 100);

        public DateOnly ToDate() => new(Year, Month, DayOfMonth);

        public string? Problem()
        {
            if (Year is < EarliestYear or > LatestYear)
            {
                return $"The year must lie between {EarliestYear} and {LatestYear}.";
            }

            if (Month is < 1 or > 12)
            {
                return $"There is no month {Month}.";
            }

            int most = DateTime.DaysInMonth(Year, Month);
            string name = CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(Month);
            return DayOfMonth < 1 || DayOfMonth > most ? $"{name} {Year} has {most} days." : null;
        }
    }
}
