using System.Globalization;

namespace Plenary.Domain;

/// <summary>Reads numbers of places: figures or words, "up to", "from nine economies", "two per economy".</summary>
public static class PlacesText
{
    public const int MostPlaces = 10_000;

    private const string Remedy = "Write one whole number, such as 38 or up to 18.";

    private static readonly string[] Units =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly (string Word, int Number)[] Tens = [("twenty", 20), ("thirty", 30), ("forty", 40), ("fifty", 50)];

    /// <summary>Places of a pool. What is said per economy is left to <see cref="PerEconomy"/>.</summary>
    public static Outcome<Places> Read(string text, string field)
    {
        ArgumentNullException.ThrowIfNull(text);
        string written = PlainText.OneLine(text);
        string quoted = $"\"{PlainText.Shorten(written)}\"";
        if (NotificationReader.IsNotApplicable(written))
        {
            return new Places(0, false, written);
        }

        List<Word> words = Split(written);
        bool[] isPerEconomy = MarkPerEconomy(words);
        bool[] isCount = [.. words.Select((word, i) => word.IsNumber && !isPerEconomy[i] && !IsFollowedByEconomies(words, i))];
        int at = Array.IndexOf(isCount, true);
        if (at < 0)
        {
            return isPerEconomy.Contains(true)
                ? new Refusal("places-missing", $"{quoted} says how many per economy, but not how many in all.", field, "Add the total, such as 20 (two per economy).")
                : new Refusal("places-missing", $"{quoted} holds no number.", field, Remedy);
        }

        Word count = words[at];
        for (int i = at + 1; i < words.Count; i++)
        {
            if (isCount[i] && words[i].Number != count.Number)
            {
                return new Refusal("places-unclear", $"{quoted} holds more than one number.", field, Remedy);
            }
        }

        if (count.Problem is { } problem)
        {
            return new Refusal("places-impossible", $"{quoted}: {problem}", field, Remedy);
        }

        string before = string.Join(' ', words.Take(at).TakeLast(3).Select(static word => word.Text));
        if (EndsWithAny(before, "at least", "minimum", "minimum of", "about", "around", "approximately", "more than", "over"))
        {
            bool isCeiling = EndsWithAny(before, "not more than", "no more than");
            if (!isCeiling)
            {
                return new Refusal("places-unclear", $"{quoted} is no fixed number and no upper limit.", field, Remedy);
            }
        }

        bool isUpTo = EndsWithAny(before, "up to", "at most", "not more than", "no more than", "maximum", "maximum of", "max", "max of");
        return new Places(count.Number, isUpTo, written);
    }

    /// <summary>The most places for one economy, where the text says so; null when it does not.</summary>
    public static int? PerEconomy(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<Word> words = Split(text);
        bool[] marked = MarkPerEconomy(words);
        int at = Array.IndexOf(marked, true);
        return at >= 0 && words[at].Problem is null ? words[at].Number : null;
    }

    /// <summary>The numbers that a "per economy" or "each economy may send" goes with.</summary>
    private static bool[] MarkPerEconomy(List<Word> words)
    {
        bool[] marked = new bool[words.Count];
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i].Text is not ("per" or "each" or "every"))
            {
                continue;
            }

            int noun = i + 1;
            while (noun < words.Count && words[noun].Text is "member" or "participating" or "eligible" or "apo")
            {
                noun++;
            }

            if (noun >= words.Count || words[noun].Text is not ("economy" or "country"))
            {
                continue;
            }

            int number = -1;
            for (int back = i - 1; back >= 0 && back >= i - 5 && number < 0; back--)
            {
                number = words[back].IsNumber ? back : -1;
            }

            for (int on = noun + 1; on < words.Count && on <= noun + 6 && number < 0 && words[i].Text != "per"; on++)
            {
                number = words[on].IsNumber ? on : -1;
            }

            if (number >= 0)
            {
                marked[number] = true;
            }
        }

        return marked;
    }

    private static bool IsFollowedByEconomies(List<Word> words, int at)
    {
        int next = at + 1;
        while (next < words.Count && words[next].Text is "member" or "participating" or "eligible" or "apo")
        {
            next++;
        }

        return next < words.Count && words[next].Text is "economies" or "countries" or "economy" or "country";
    }

    private static bool EndsWithAny(string text, params string[] phrases) =>
        phrases.Any(phrase => text == phrase || text.EndsWith(" " + phrase, StringComparison.Ordinal));

    private static List<Word> Split(string text)
    {
        List<Word> words = [];
        int i = 0;
        while (i < text.Length)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                bool isNegative = i > 0 && text[i - 1] is '-' or '\u2212' && (i == 1 || char.IsWhiteSpace(text[i - 2]));
                int end = i + 1;
                while (end < text.Length && (char.IsAsciiDigit(text[end])
                    || (text[end] is ',' or '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
                {
                    end++;
                }

                words.Add(Word.OfFigures(text[i..end], isNegative));
                i = end;
            }
            else if (char.IsLetter(text[i]))
            {
                int end = i + 1;
                while (end < text.Length && char.IsLetter(text[end]))
                {
                    end++;
                }

                AddWord(text[i..end].ToLowerInvariant(), words);
                i = end;
            }
            else
            {
                i++;
            }
        }

        return words;
    }

    private static void AddWord(string word, List<Word> words)
    {
        int unit = Array.IndexOf(Units, word);
        (string Word, int Number) tens = Array.Find(Tens, ten => ten.Word == word);
        if (unit is > 0 and < 10 && words.Count > 0 && Array.Exists(Tens, ten => ten.Word == words[^1].Text && ten.Number < 50))
        {
            Word before = words[^1];
            words[^1] = before with { Text = $"{before.Text}-{word}", Number = before.Number + unit };
        }
        else if (unit >= 0)
        {
            words.Add(new Word(word, true, unit, null));
        }
        else
        {
            words.Add(new Word(word, tens.Word is not null, tens.Number, null));
        }
    }

    private sealed record Word(string Text, bool IsNumber, int Number, string? Problem)
    {
        public static Word OfFigures(string figures, bool isNegative)
        {
            string[] groups = figures.Split(',');
            string digits = string.Concat(groups);
            bool isGrouped = groups.Length == 1 || (groups[0].Length <= 3 && groups.Skip(1).All(static group => group.Length == 3));
            if (figures.Contains('.', StringComparison.Ordinal) || !isGrouped)
            {
                return new Word(figures, true, 0, "it is not a whole number.");
            }

            bool isSmall = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= MostPlaces;
            string? problem = isNegative ? "a number of places cannot be negative."
                : isSmall ? null
                : $"more than {MostPlaces.ToString("N0", CultureInfo.InvariantCulture)} places cannot be meant.";
            return new Word(figures, true, isNegative ? -number : number, problem);
        }
    }
}
