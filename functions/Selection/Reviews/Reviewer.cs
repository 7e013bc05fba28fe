using Plenary.Domain;

namespace Plenary.Selection;

/// <summary>Somebody who scores nominees of other economies, let in by a personal link.</summary>
/// <param name="Id">Lower-case letters and digits; drawn, and part of addresses.</param>
/// <param name="Economy">Their own: its nominees are closed to them. Empty for somebody who belongs to none.</param>
/// <param name="Scored">How many nominees they have given marks; rewritten with each of them, so that dismissing and scoring cannot pass each other unseen.</param>
public sealed record Reviewer(string Id, string Name, string Email, string Economy, DateTimeOffset AppointedAt, string AppointedBy, int Scored = 0)
{
    public const int Most = 60;
}

/// <summary>What one reviewer gave one nominee.</summary>
/// <param name="Marks">One for each phase of the plan, null where none was given.</param>
/// <param name="IsRecused">The reviewer has something to do with the nominee: marks given before count no more, and none can follow.</param>
public sealed record ScoreRecord(string Reviewer, string Candidate, IReadOnlyList<int?> Marks, bool IsRecused, DateTimeOffset At);

/// <summary>When scores are taken.</summary>
internal static class Scoring
{
    /// <summary>From the closing on, when nobody can change a nomination any more, until the list is approved.</summary>
    public static Refusal? WhyNot(Project project, SelectionRecord? record, DateTimeOffset now) =>
        !project.Settings.Scoring.IsOn ? new Refusal("scoring-not-declared", "Nothing is scored in this project.", Remedy: "Declare what reviewers score in a revision of the notification.")
        : project.State == ProjectState.Cancelled ? new Refusal("project-cancelled-closed", "This project will not be held.")
        : now < project.ClosesAt ? new Refusal(
            "scoring-too-early", $"Nominations are open until {ProjectCalendar.LastMoment(project.ClosesAt, project.HostZone)} and can still change.", Remedy: "Come back after that, with the same link.")
        : record is { Stage: SelectionStage.Approved } ? new Refusal("scoring-closed", "The selection has been approved, so scores are no longer taken.")
        : null;
}
