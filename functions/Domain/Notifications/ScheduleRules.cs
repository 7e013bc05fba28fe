namespace Plenary.Domain;

/// <summary>The order in which a project's dates must come. Unknown dates are passed over.</summary>
internal static class ScheduleRules
{
    internal static IReadOnlyList<Refusal> Check(DateOnly? issuedOn, DateOnly? closingOn, DateOnly? startsOn, DateOnly? endsOn)
    {
        List<Refusal> refusals = [];
        if (startsOn > endsOn)
        {
            refusals.Add(new Refusal(
                "end-before-start",
                $"The project ends on {Display(endsOn)}, before it starts on {Display(startsOn)}.",
                NotificationFields.Timing,
                "Correct the timing."));
        }

        if (closingOn >= startsOn)
        {
            refusals.Add(new Refusal(
                "closing-not-before-start",
                $"Nominations close on {Display(closingOn)}, which is not before the start on {Display(startsOn)}.",
                NotificationFields.ClosingOn,
                "Choose a closing date before the first day."));
        }

        if (issuedOn > closingOn)
        {
            refusals.Add(new Refusal(
                "closing-before-issue",
                $"Nominations close on {Display(closingOn)}, before the issue on {Display(issuedOn)}.",
                NotificationFields.ClosingOn,
                "Correct the closing date or the date of issue."));
        }

        return refusals;
    }

    private static string Display(DateOnly? date) => date is { } known ? DateText.Display(known) : string.Empty;
}
