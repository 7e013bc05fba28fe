using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Plenary.Notifications;

namespace Plenary.Cli.Commands;

/// <summary>What follows from a version as the commands show it: ids and numbers, nothing of the messages themselves.</summary>
/// <param name="Name">Names exactly these; a command that is given it does nothing once others would follow.</param>
internal sealed record ConsequenceLines(
    string Name,
    IReadOnlyList<string> Kinds,
    IReadOnlyList<DateMove> Dates,
    IReadOnlyList<ConcernedEconomy> Economies,
    IReadOnlyList<ConcernedPlace> Places,
    IReadOnlyList<ExpectedMail> Mails,
    int CalendarEntries)
{
    /// <summary>Lines for people, each with its line break before it.</summary>
    [JsonIgnore]
    public string Words
    {
        get
        {
            StringBuilder text = new($"\n  Consequences {Name}: {Economies.Count} economies, {Places.Count} places, {CalendarEntries} calendar entries.");
            foreach (DateMove date in Dates)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  {date.Fate,-8} {date.Before?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? "none",-20} -> {date.After?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? "none",-20} {date.What}");
            }

            foreach (ExpectedMail mail in Mails)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  {mail.Count} mails of kind {mail.Kind}");
            }

            return text.ToString();
        }
    }

    public static ConsequenceLines Of(Consequences consequences) => new(
        consequences.Digest,
        [.. consequences.Kinds.Select(kind => kind.ToString())],
        consequences.Dates,
        consequences.Economies,
        consequences.Places,
        consequences.Mails,
        consequences.CalendarEntries);
}
