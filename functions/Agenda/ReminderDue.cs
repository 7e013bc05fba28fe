using System.Globalization;
using Plenary.Infra.Outbox;
using Plenary.Mail;
using Plenary.Shared;

namespace Plenary.Agenda;

/// <summary>A step of a reminder ladder has come due.</summary>
/// <param name="Project">Project code.</param>
/// <param name="Ladder">Which: see <see cref="Ladders"/>.</param>
/// <param name="Subject">The one record the ladder stands on; empty for ladders of the whole project.</param>
/// <param name="Days">The step: days before (negative) or after the anchor.</param>
/// <param name="AnchorTicks">The instant the step was counted from; when the record's own anchor has moved since, the step is void.</param>
/// <param name="NextDays">The step after this one; once that is due too, after a downtime for instance, this one is not taken any more. Null for the last.</param>
/// <param name="Hours">For ladders whose steps are counted in hours, and then <paramref name="Days"/> is 0.</param>
/// <param name="NextHours">What <paramref name="NextDays"/> is to steps in hours.</param>
public sealed record ReminderDue(string Project, string Ladder, string Subject, int Days, long AnchorTicks, int? NextDays = null, int Hours = 0, int? NextHours = null)
{
    public DateTimeOffset Anchor() => new(AnchorTicks, TimeSpan.Zero);

    public DateTimeOffset DueAt() => Anchor().AddDays(Days).AddHours(Hours);

    /// <summary>As keys and ids name the step: <c>-7</c> days, or <c>-48h</c>.</summary>
    public string Step() => string.Create(CultureInfo.InvariantCulture, $"{(Hours == 0 ? Days : Hours)}{(Hours == 0 ? "" : "h")}");

    /// <summary>Whether the next step is due already, so that taking both would write to people twice at once.</summary>
    public bool IsSupersededAt(DateTimeOffset now) =>
        (NextDays is { } days && now >= Anchor().AddDays(days)) || (NextHours is { } hours && now >= Anchor().AddHours(hours));

    /// <summary>For the outbox of whatever fixes the anchor.</summary>
    public Owed ToOwed() => new(
        Queues.SendReminder,
        $"reminder-{Project}-{Ladder}-{Infra.Tables.Keys.Escape(Subject)}-{Step()}-{AnchorTicks}",
        Envelope.Write(this),
        DueAt());

    /// <summary>As <see cref="Plan"/>, with steps in hours.</summary>
    public static IEnumerable<Owed> PlanHours(string project, string ladder, string subject, IEnumerable<int> hours, DateTimeOffset anchor, DateTimeOffset now)
    {
        int[] ascending = [.. hours.Order()];
        return ascending
            .Select((hour, index) => new ReminderDue(project, ladder, subject, 0, anchor.UtcTicks, null, hour, index + 1 < ascending.Length ? ascending[index + 1] : null))
            .Where(step => step.DueAt() > now)
            .Select(step => step.ToOwed());
    }

    /// <summary>All steps that are still to come; those already past when the anchor is fixed are never planned.</summary>
    public static IEnumerable<Owed> Plan(string project, string ladder, string subject, IEnumerable<int> days, DateTimeOffset anchor, DateTimeOffset now)
    {
        int[] ascending = [.. days.Order()];
        return ascending
            .Select((day, index) => new ReminderDue(project, ladder, subject, day, anchor.UtcTicks, index + 1 < ascending.Length ? ascending[index + 1] : null))
            .Where(step => step.DueAt() > now)
            .Select(step => step.ToOwed());
    }
}

/// <summary>Names of the ladders; public in the ledger of mail.</summary>
public static class Ladders
{
    public const string Closing = "closing";
    public const string Offer = "offer";
    public const string Start = "start";
    public const string Survey = "survey";
    public const string Endorsement = "endorsement";
}

/// <summary>A slice that knows who still owes something.</summary>
public interface IRemind
{
    string Ladder { get; }

    /// <summary>
    /// Whom to write to now, or why nobody: read from the state of this moment. The anchor is to be compared with the record's present
    /// one (moved → <c>anchor-moved</c>), and the step with the clock (useless by now → <c>too-late</c>).
    /// </summary>
    Task<Reminding> WhoStillOwesAsync(ReminderDue step, DateTimeOffset now, CancellationToken cancellation);
}

/// <param name="Skipped">A code for the log when the whole step is void; otherwise null.</param>
public sealed record Reminding(IReadOnlyList<MailOwed> Mails, string? Skipped = null)
{
    public static Reminding Skip(string code) => new([], code);
}
