using System.Globalization;
using Microsoft.AspNetCore.Http;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Access;

/// <summary>The people of one economy as typed, row by row; a row without name and address is left out.</summary>
public sealed record OfficersForm(IReadOnlyList<OfficersForm.Line> Lines, bool IsActive)
{
    public static OfficersForm Of(RegistryEntry entry, int spare)
    {
        ArgumentNullException.ThrowIfNull(entry);
        IEnumerable<Line> lines = entry.Officers.Select(officer => new Line(
            officer.Role.ToString(), officer.Name, officer.Email, officer.Language, Text(officer.From), Text(officer.Until)));
        return new OfficersForm([.. lines, .. Enumerable.Repeat(new Line("Officer", "", "", "en", "", ""), spare)], entry.Economy.IsActive);

        static string Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
    }

    public static OfficersForm Read(IFormCollection form, int lines) => new(
        [.. Enumerable.Range(1, lines).Select(number => new Line(
            form.Text($"role-{number}"), form.Text($"name-{number}"), form.Text($"email-{number}"),
            form.Text($"language-{number}"), form.Text($"from-{number}"), form.Text($"until-{number}")))],
        form.Text("active") == "yes");

    /// <summary>Field names carry the number of the row.</summary>
    public IReadOnlyList<Officer> ToOfficers(List<Refusal> refusals)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        List<Officer> officers = [];
        for (int number = 1; number <= Lines.Count; number++)
        {
            Line line = Lines[number - 1];
            if (line.Name.Length == 0 && line.Email.Length == 0)
            {
                continue;
            }

            Outcome<PersonName> name = PersonName.Parse(line.Name, $"name-{number}");
            Outcome<EmailAddress> email = EmailAddress.Parse(line.Email, $"email-{number}");
            refusals.AddRange(name.Refusals);
            refusals.AddRange(email.Refusals);
            if (!Enum.TryParse(line.Role, ignoreCase: true, out OfficerRole role) || !Enum.IsDefined(role))
            {
                refusals.Add(new Refusal("role-unknown", "Choose a role.", $"role-{number}"));
            }

            DateOnly? from = Day(line.From, $"from-{number}", refusals);
            DateOnly? until = Day(line.Until, $"until-{number}", refusals);
            if (from is { } first && until is { } last && last < first)
            {
                refusals.Add(new Refusal("post-backwards", "The last day in the post is before the first.", $"until-{number}", "Correct one of them."));
            }

            if (name.TryGet(out PersonName? named) && email.TryGet(out EmailAddress? address))
            {
                officers.Add(new Officer(role, named.ToString(), address.ToString(), line.Language.Length == 0 ? "en" : line.Language, from, until));
            }
        }

        return officers;
    }

    private static DateOnly? Day(string text, string field, List<Refusal> refusals)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            return day;
        }

        refusals.Add(new Refusal("date-unreadable", $"“{text}” is not a date.", field, "Write it as 2026-01-31."));
        return null;
    }

    public sealed record Line(string Role, string Name, string Email, string Language, string From, string Until);
}
