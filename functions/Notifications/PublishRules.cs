using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>What stands in the way of issuing beyond the notification's own text: instants, and warnings nobody has answered.</summary>
public static class PublishRules
{
    /// <param name="isClosingKept">See <see cref="Revision.IsClosingKept"/>.</param>
    public static IEnumerable<Refusal> Check(Project project, ProjectChoices choices, IReadOnlyList<Economy> economies, bool isClosingKept, Project? before, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(choices);
        if (project.ClosesAt <= now && !isClosingKept)
        {
            yield return new Refusal(
                "closing-past",
                $"Nominations would have closed already: {ProjectCalendar.LastMoment(project.ClosesAt, project.HostZone)}.",
                NotificationFields.ClosingOn,
                "Correct the closing date.");
        }

        if (project.StartsAt <= project.ClosesAt)
        {
            yield return new Refusal(
                "closing-after-start",
                $"The project would begin ({ProjectCalendar.InZone(project.StartsAt, project.HostZone)}) before nominations close.",
                NotificationFields.ClosingOn,
                "Close earlier, or begin later.");
        }

        foreach (Refusal refusal in WhyNoWindow(project, before, now))
        {
            yield return refusal;
        }

        PublishFindings findings = PublishChecks.Check(project.Notification, ProjectCalendar.DateIn(now, project.HostZone), economies, isClosingKept: isClosingKept);
        foreach (Refusal refusal in findings.Refusals)
        {
            yield return refusal;
        }

        if (findings.Refusals.Count == 0 && !findings.MayIssue(choices.Reason))
        {
            yield return new Refusal(
                "warning-unanswered",
                string.Join(' ', findings.Warnings.Where(warning => warning.NeedsReason).Select(warning => warning.Reason)),
                ProjectChoices.ReasonField,
                "Give the reason why it is to be issued all the same, or correct the dates.");
        }
    }

    /// <summary>A date for replacements lies between closing and start, and is still to come unless it was declared before.</summary>
    private static IEnumerable<Refusal> WhyNoWindow(Project project, Project? before, DateTimeOffset now)
    {
        if (project.ReplacementsCloseFor(project.HostZone) is not { } until)
        {
            yield break;
        }

        string words = ProjectCalendar.LastMoment(until, project.HostZone);
        if (until <= project.ClosesAt)
        {
            yield return new Refusal("replacements-before-closing", $"Replacements would end ({words}) before nominations close.", ProjectChoices.ReplacementsField, "Choose a later day, or leave it empty.");
        }
        else if (until > project.StartsAt)
        {
            yield return new Refusal("replacements-after-start", $"Replacements could be named ({words}) after the project has begun.", ProjectChoices.ReplacementsField, "Choose a day before the first session.");
        }
        else if (until <= now && before?.Settings.ReplacementsUntil != project.Settings.ReplacementsUntil)
        {
            yield return new Refusal("replacements-past", $"The day for replacements is over: {words}.", ProjectChoices.ReplacementsField, "Choose a day that is still to come.");
        }
    }
}
