using System.Globalization;

namespace Plenary.Domain;

/// <summary>Numbers as an English sentence wants them.</summary>
public static class NumberWords
{
    private static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
        "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    /// <summary>In words with a capital up to 999, such as <c>Thirty-five</c>; in digits beyond.</summary>
    public static string AtStart(int number)
    {
        string words = number is >= 0 and < 1000 ? Spell(number) : Digits(number);
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>In words up to nine, in digits from 10 on.</summary>
    public static string Within(int number) => number is >= 0 and < 10 ? Small[number] : Digits(number);

    private static string Spell(int number) => number switch
    {
        < 20 => Small[number],
        < 100 => Tens[(number / 10) - 2] + (number % 10 == 0 ? string.Empty : "-" + Small[number % 10]),
        _ => $"{Small[number / 100]} hundred" + (number % 100 == 0 ? string.Empty : " and " + Spell(number % 100)),
    };

    private static string Digits(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
