using System.Globalization;
using CsvHelper;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Access;

/// <summary>How many rows an import wrote.</summary>
public sealed record RegistryImported(int Economies, int Officers);

/// <summary>
/// Takes economies, officers, or both from CSV: all rows or none, every problem with its row. Economies named replace those there;
/// the officers of every economy named are replaced as a whole, so a file is always the full truth about the economies it names.
/// </summary>
public sealed class ImportRegistry(RegistryTable registry, IDecisions decisions)
{
    public const int MostBytes = 1_000_000;

    public async Task<Outcome<RegistryImported>> RunAsync(string economiesCsv, string officersCsv, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        List<Refusal> refusals = [];
        Dictionary<string, Row> stored = [];
        await foreach (Row row in registry.Table.ListAsync(RegistryTable.Partition, KeyRange.All, cancellation))
        {
            if (RegistryTable.IsEntry(row))
            {
                stored[row.Body<RegistryEntry>().Economy.Id] = row;
            }
        }

        IReadOnlyList<Economy> economies = RegistryCsv.ReadEconomies(economiesCsv, refusals);
        Dictionary<string, RegistryEntry> entries = stored.ToDictionary(pair => pair.Key, pair => pair.Value.Body<RegistryEntry>());
        HashSet<string> changed = [];
        foreach (Economy economy in economies)
        {
            entries[economy.Id] = new RegistryEntry(economy, entries.TryGetValue(economy.Id, out RegistryEntry? before) ? before.Officers : []);
            changed.Add(economy.Id);
        }

        IReadOnlyList<(string Economy, Officer Officer)> officers = RegistryCsv.ReadOfficers(officersCsv, entries.Keys, refusals);
        foreach (IGrouping<string, (string Economy, Officer Officer)> ofEconomy in officers.GroupBy(one => one.Economy))
        {
            entries[ofEconomy.Key] = entries[ofEconomy.Key] with { Officers = [.. ofEconomy.Select(one => one.Officer)] };
            changed.Add(ofEconomy.Key);
        }

        if (changed.Count == 0 && refusals.Count == 0)
        {
            refusals.Add(new Refusal("registry-empty", "There is no row in what you sent.", "economies", "Paste or upload a CSV file with a heading row."));
        }

        if (refusals.Count > 0)
        {
            return Outcome<RegistryImported>.Refused(refusals);
        }

        Batch batch = new(RegistryTable.Partition);
        foreach (RegistryEntry entry in changed.Select(id => entries[id]))
        {
            Row? row = stored.GetValueOrDefault(entry.Economy.Id);
            Owed[] owed = [.. OfficerChanged.Between(row?.Body<RegistryEntry>(), entry, batch.OperationId, now)];

            // Its own row, what it owes, and the audit entry at the end.
            if (batch.Writes.Count + owed.Length + 2 > Batch.MostWrites)
            {
                return new Refusal("registry-too-large", "So many economies and dates do not go in at once.", "economies", "Split the file.");
            }

            _ = row is null ? batch.Insert(Row.Of(RegistryTable.KeyOf(entry.Economy.Id), entry)) : batch.Replace(row.With(entry));
            batch.Owe(owed);
        }

        batch.Audit(new AuditEntry(now, caller.Actor, "registry-imported", "registry", new Dictionary<string, string>
        {
            ["economies"] = economies.Count.ToString(CultureInfo.InvariantCulture),
            ["officers"] = officers.Count.ToString(CultureInfo.InvariantCulture),
        }));
        CommitResult result = await decisions.CommitAsync(registry.Table, batch, now, cancellation);
        registry.Forget();
        return result.IsDone
            ? new RegistryImported(economies.Count, officers.Count)
            : new Refusal("registry-changed-conflict", "Somebody else changed the registry at the same moment.", Remedy: "Send it again.");
    }
}

/// <summary>The CSV form of the registry.</summary>
public static class RegistryCsv
{
    public static IReadOnlyList<Economy> ReadEconomies(string csv, List<Refusal> refusals)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        List<Economy> economies = [];
        foreach ((int line, Func<string, string> cell) in Rows(csv, "economies", ["id", "name", "active", "zone"], refusals))
        {
            int before = refusals.Count;
            string id = cell("id");
            string zone = cell("zone");
            if (id.Length is 0 or > 60 || id.Any(character => !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-'))
            {
                refusals.Add(Bad(line, "economies", $"“{id}” is no identifier.", "Use lower-case letters, digits and dashes."));
            }
            else if (economies.Any(economy => economy.Id == id))
            {
                refusals.Add(Bad(line, "economies", $"“{id}” is there twice.", "Keep one of the rows."));
            }

            Outcome<PersonName> name = PersonName.Parse(cell("name"));
            if (name.IsRefused)
            {
                refusals.Add(Bad(line, "economies", "The name is missing or not readable.", "Give the display name."));
            }

            if (cell("active") is not ("true" or "false"))
            {
                refusals.Add(Bad(line, "economies", "“active” is neither true nor false.", "Write true or false."));
            }

            if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found) || !found.HasIanaId)
            {
                refusals.Add(Bad(line, "economies", $"“{zone}” is no zone.", "Write an IANA zone such as Asia/Jakarta."));
            }

            IReadOnlyList<DayOfWeek> weekend = ReadWeekend(cell("weekend"), line, refusals);
            IReadOnlyList<DateOnly> holidays = ReadHolidays(cell("holidays"), line, refusals);
            if (refusals.Count == before && name.TryGet(out PersonName? named))
            {
                string[] others = cell("other_names").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                economies.Add(new Economy(id, named.ToString(), cell("active") == "true", zone, others) { Weekend = weekend, Holidays = holidays });
            }
        }

        return economies;
    }

    public static IReadOnlyList<(string Economy, Officer Officer)> ReadOfficers(string csv, IReadOnlyCollection<string> known, List<Refusal> refusals)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        List<(string, Officer)> officers = [];
        foreach ((int line, Func<string, string> cell) in Rows(csv, "officers", ["economy", "role", "name", "email"], refusals))
        {
            int before = refusals.Count;
            string economy = cell("economy");
            if (!known.Contains(economy))
            {
                refusals.Add(Bad(line, "officers", $"Economy “{economy}” is not in the registry.", "Import the economy first, or correct its identifier."));
            }

            if (!Enum.TryParse(cell("role"), ignoreCase: true, out OfficerRole role) || !Enum.IsDefined(role))
            {
                refusals.Add(Bad(line, "officers", $"“{cell("role")}” is no role.", "Write officer, acting or head."));
            }

            Outcome<PersonName> name = PersonName.Parse(cell("name"));
            Outcome<EmailAddress> email = EmailAddress.Parse(cell("email"));
            refusals.AddRange(name.Refusals.Concat(email.Refusals).Select(refusal => Bad(line, "officers", refusal.Reason, refusal.Remedy)));
            DateOnly? from = Day("from");
            DateOnly? until = Day("until");
            if (from is { } first && until is { } last && last < first)
            {
                refusals.Add(Bad(line, "officers", "The last day in the post is before the first.", "Correct one of them."));
            }

            if (refusals.Count == before && name.TryGet(out PersonName? named) && email.TryGet(out EmailAddress? address))
            {
                string language = cell("language");
                officers.Add((economy, new Officer(role, named.ToString(), address.ToString(), language.Length == 0 ? "en" : language, from, until)));
            }

            DateOnly? Day(string column)
            {
                string text = cell(column);
                if (text.Length == 0)
                {
                    return null;
                }

                if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
                {
                    return day;
                }

                refusals.Add(Bad(line, "officers", $"“{text}” is no date.", "Write it as 2026-01-31."));
                return null;
            }
        }

        return officers;
    }

    private static List<DayOfWeek> ReadWeekend(string text, int line, List<Refusal> refusals)
    {
        List<DayOfWeek> days = [];
        foreach (string word in text.Split('-', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int day = CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames.IndexOf(word);
            if (day < 0 || days.Contains((DayOfWeek)day) || days.Count == 3)
            {
                refusals.Add(Bad(line, "economies", $"“{text}” is no weekend.", "Write its days as Sat-Sun, three at the most."));
                return [];
            }

            days.Add((DayOfWeek)day);
        }

        return days;
    }

    private static List<DateOnly> ReadHolidays(string text, int line, List<Refusal> refusals)
    {
        List<DateOnly> days = [];
        foreach (string word in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
            {
                refusals.Add(Bad(line, "economies", $"“{word}” is no date.", "Write holidays as 2026-01-31;2026-05-01."));
                return [];
            }

            days.Add(day);
        }

        return days;
    }

    private static Refusal Bad(int line, string field, string reason, string? remedy) =>
        new("registry-row-unreadable", string.Create(CultureInfo.InvariantCulture, $"Row {line} of {field}: {reason}"), field, remedy);

    private static IEnumerable<(int Line, Func<string, string> Cell)> Rows(string csv, string field, string[] needed, List<Refusal> refusals)
    {
        if (string.IsNullOrWhiteSpace(csv))
        {
            yield break;
        }

        if (csv.Length > ImportRegistry.MostBytes)
        {
            refusals.Add(new Refusal("registry-too-large", $"The {field} are larger than 1 MB.", field, "Send the list alone."));
            yield break;
        }

        using CsvReader reader = CsvReader.FromText(csv, new CsvReaderOptions { TrimWhitespace = true, TrackLineNumbers = true });
        reader.ReadHeader();
        string[] missing = [.. needed.Where(column => !reader.TryGetFieldIndex(column, out _))];
        if (missing.Length > 0)
        {
            refusals.Add(new Refusal("registry-column-missing", $"The {field} lack the column {string.Join(", ", missing)}.", field, $"The first row must name {string.Join(", ", needed)}."));
            yield break;
        }

        while (reader.Read())
        {
            yield return ((int)reader.LineNumber, name => reader.TryGetFieldIndex(name, out int index) ? reader.GetString(index).Trim() : "");
        }
    }
}
