using System.Globalization;
using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>One line of the change table: a clause, as it read and as it reads now.</summary>
public sealed record ClauseChange(string Clause, string Before, string After);

/// <summary>Compares two versions of a notification clause by clause.</summary>
public static class ClauseChanges
{
    public static IReadOnlyList<ClauseChange> Between(ProjectNotification before, ProjectNotification after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return [.. Clauses(before).Zip(Clauses(after), (old, now) => new ClauseChange(old.Clause, old.Words, now.Words))
            .Where(change => change.Before != change.After)];
    }

    /// <summary>Every clause in words, in the order of the notification; always the same number of them.</summary>
    public static IReadOnlyList<(string Clause, string Words)> Clauses(ProjectNotification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return
        [
            ("Reference number", notification.Reference ?? "None"),
            ("Date of issue", notification.IssuedOn is { } issued ? Day(issued) : "Not given"),
            ("Title", notification.Title),
            ("Timing", Span(notification.StartsOn, notification.EndsOn)),
            ("Host", Listed(notification.HostEconomies)),
            ("Venue", Listed(notification.Venues)),
            ("Modality", notification.Modality.AsWritten),
            ("Implementing organisations", Listed(notification.ImplementingOrganizations)),
            ("Participating economies", Participating(notification.Participating)),
            ("Overseas places", notification.Overseas.Count.ToString(CultureInfo.InvariantCulture)),
            ("Local places", notification.Local.Count.ToString(CultureInfo.InvariantCulture)),
            ("Most per economy", notification.PerEconomyMaximum?.ToString(CultureInfo.InvariantCulture) ?? "No limit"),
            ("Closing date", Day(notification.ClosingOn)),
            ("Remarks", notification.Remarks ?? "None"),
            ("Objectives", string.Join("; ", notification.Objectives)),
            ("Rationale", notification.Rationale),
            ("Background", notification.BackgroundHtml),
            ("Topics", string.Join("; ", notification.Topics)),
            ("Outcome", string.Join("; ", notification.Outcomes)),
            ("Qualifications", notification.Qualifications),
            ("Eligibility", notification.Eligibility.Declared.Count == 0 ? "No rules" : string.Join(' ', notification.Eligibility.Declared.Select(rule => rule.Text))),
            ("Signatory", string.Join(", ", new[] { notification.Signatory, notification.SignatoryTitle }.OfType<string>())),
        ];
    }

    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Span(DateOnly from, DateOnly until) => from == until ? Day(from)
        : from.Year == until.Year && from.Month == until.Month ? $"{from.Day}–{Day(until)}"
        : $"{Day(from)} – {Day(until)}";

    private static string Listed(IReadOnlyList<string> words) => words.Count == 0 ? "Not applicable" : string.Join("; ", words);

    private static string Participating(ParticipatingEconomies economies)
    {
        string who = economies.All ? "All member economies" : string.Join("; ", economies.Named);
        return economies.Except.Count == 0 ? who : $"{who} except {string.Join("; ", economies.Except)}";
    }
}
