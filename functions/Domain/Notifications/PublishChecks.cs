namespace Plenary.Domain;

/// <summary>How many days a project should leave. Settings of the secretariat.</summary>
/// <param name="IssueToClosing">From issue to closing, whatever the modality.</param>
/// <param name="OnlineClosingToStart">From closing to start when nobody travels.</param>
/// <param name="InPersonClosingToStart">From closing to start when participants travel: visas, tickets.</param>
/// <param name="InPersonClosingToStartAtMost">Beyond this, nominees' plans change before the project starts.</param>
public sealed record LeadTimes(int IssueToClosing, int OnlineClosingToStart, int InPersonClosingToStart, int InPersonClosingToStartAtMost)
{
    public static LeadTimes Default { get; } = new(28, 14, 39, 57);
}

/// <summary>Something unusual that does not stop the issue.</summary>
/// <param name="Code">Lower-case words with dashes.</param>
/// <param name="Reason">What is unusual, as a sentence.</param>
/// <param name="Field">The field it is about.</param>
/// <param name="NeedsReason">The officer must say why before issuing.</param>
public sealed record PublishWarning(string Code, string Reason, string Field, bool NeedsReason);

/// <summary>All that speaks against issuing a notification as it is.</summary>
public sealed record PublishFindings(IReadOnlyList<Refusal> Refusals, IReadOnlyList<PublishWarning> Warnings)
{
    /// <summary>No refusals, and a reason where a warning needs one.</summary>
    public bool MayIssue(string? reason) =>
        Refusals.Count == 0 && (!Warnings.Any(static warning => warning.NeedsReason) || !string.IsNullOrWhiteSpace(reason));
}

/// <summary>What is checked when a notification is about to be issued.</summary>
public static class PublishChecks
{
    private const int LongestProjectDays = 366;

    /// <param name="notification">What would be issued.</param>
    /// <param name="today">The date in the secretariat's zone; null leaves out what depends on it.</param>
    /// <param name="economies">The registry, inactive economies included; null leaves out whether economies are known and active.</param>
    /// <param name="leadTimes">Null for the defaults.</param>
    /// <param name="isClosingKept">A revision leaves a closing that has passed as it was: nothing is asked of it any more.</param>
    public static PublishFindings Check(
        ProjectNotification notification, DateOnly? today, IReadOnlyList<Economy>? economies = null, LeadTimes? leadTimes = null, bool isClosingKept = false)
    {
        ArgumentNullException.ThrowIfNull(notification);
        List<Refusal> refusals = [.. ScheduleRules.Check(isClosingKept ? null : notification.IssuedOn, notification.ClosingOn, notification.StartsOn, notification.EndsOn)];
        List<PublishWarning> warnings = [];

        CheckPlaces(notification, refusals, warnings);
        if (economies is not null)
        {
            CheckEconomies(notification, economies, refusals);
        }

        CheckTexts(notification, refusals);
        CheckToday(notification, today, isClosingKept, refusals, warnings);
        if (!isClosingKept && !refusals.Any(static refusal => refusal.Field is NotificationFields.ClosingOn or NotificationFields.Timing))
        {
            CheckLeadTimes(notification, today, leadTimes ?? LeadTimes.Default, warnings);
        }

        return new PublishFindings(refusals, warnings);
    }

    private static void CheckPlaces(ProjectNotification notification, List<Refusal> refusals, List<PublishWarning> warnings)
    {
        foreach ((Places places, string field, string pool) in ((Places, string, string)[])
            [(notification.Overseas, NotificationFields.Overseas, "overseas"), (notification.Local, NotificationFields.Local, "local")])
        {
            if (places.Count is < 0 or > PlacesText.MostPlaces)
            {
                refusals.Add(new Refusal(
                    "places-impossible", $"{places.Count} {pool} places cannot be meant.", field, $"Give a number from 0 to {PlacesText.MostPlaces}."));
            }
            else if (places.Count == 0)
            {
                warnings.Add(new PublishWarning("places-none", $"There are no {pool} places.", field, NeedsReason: false));
            }
        }

        if (notification.Overseas.Count == 0 && notification.Local.Count == 0)
        {
            refusals.Add(new Refusal("places-none", "There is no place in either pool.", NotificationFields.Overseas, "Give the number of places."));
        }

        if (notification.PerEconomyMaximum is < 1 or > PlacesText.MostPlaces)
        {
            refusals.Add(new Refusal(
                "places-impossible",
                $"At most {notification.PerEconomyMaximum} places per economy cannot be meant.",
                NotificationFields.PerEconomyMaximum,
                "Give a number from 1, or leave it out."));
        }
        else if (notification.PerEconomyMaximum > notification.Overseas.Count)
        {
            warnings.Add(new PublishWarning(
                "per-economy-without-effect",
                $"At most {notification.PerEconomyMaximum} places per economy has no effect with {notification.Overseas.Count} overseas places.",
                NotificationFields.PerEconomyMaximum,
                NeedsReason: false));
        }
    }

    private static void CheckEconomies(ProjectNotification notification, IReadOnlyList<Economy> economies, List<Refusal> refusals)
    {
        Dictionary<string, Economy> byId = economies.ToDictionary(static economy => economy.Id, StringComparer.Ordinal);
        void CheckNamed(IReadOnlyList<string> ids, string field, bool mustBeActive)
        {
            foreach (string id in ids)
            {
                if (!byId.TryGetValue(id, out Economy? economy))
                {
                    refusals.Add(new Refusal("economy-unknown", $"\"{PlainText.Shorten(id)}\" is not in the registry of economies.", field, "Choose an economy of the registry."));
                }
                else if (mustBeActive && !economy.IsActive)
                {
                    refusals.Add(new Refusal("economy-inactive", $"{economy.Name} is not active.", field, "Choose another economy, or make it active in the registry."));
                }
            }
        }

        CheckNamed(notification.HostEconomies, NotificationFields.HostEconomies, mustBeActive: true);
        CheckNamed(notification.Participating.Named, NotificationFields.Participating, mustBeActive: true);
        CheckNamed(notification.Participating.Except, NotificationFields.Participating, mustBeActive: false);
        if (!economies.Any(notification.Participating.Includes))
        {
            refusals.Add(new Refusal("economies-none", "No active economy may nominate.", NotificationFields.Participating, "Name at least one active economy."));
        }
    }

    private static void CheckTexts(ProjectNotification notification, List<Refusal> refusals)
    {
        (string Field, bool IsMissing)[] texts =
        [
            (NotificationFields.Code, notification.Code.ToString().Length == 0),
            (NotificationFields.Title, string.IsNullOrWhiteSpace(notification.Title)),
            (NotificationFields.ImplementingOrganizations, notification.ImplementingOrganizations.Count == 0),
            (NotificationFields.Objectives, notification.Objectives.Count == 0),
            (NotificationFields.Rationale, string.IsNullOrWhiteSpace(notification.Rationale)),
            (NotificationFields.Background, string.IsNullOrWhiteSpace(notification.BackgroundHtml)),
            (NotificationFields.Topics, notification.Topics.Count == 0),
            (NotificationFields.Outcomes, notification.Outcomes.Count == 0),
            (NotificationFields.Qualifications, string.IsNullOrWhiteSpace(notification.Qualifications)),
        ];
        foreach ((string field, _) in texts.Where(static text => text.IsMissing))
        {
            refusals.Add(new Refusal("field-missing", $"\"{NotificationFields.Named(field).Label}\" is missing.", field, "Fill the field in."));
        }
    }

    private static void CheckToday(ProjectNotification notification, DateOnly? today, bool isClosingKept, List<Refusal> refusals, List<PublishWarning> warnings)
    {
        if (today > notification.ClosingOn && !isClosingKept)
        {
            refusals.Add(new Refusal(
                "closing-past",
                $"The closing date, {DateText.Display(notification.ClosingOn)}, is over.",
                NotificationFields.ClosingOn,
                "Choose a closing date that is still to come."));
        }

        if (notification.IssuedOn > today)
        {
            warnings.Add(new PublishWarning("issue-ahead", "The date of issue is still to come.", NotificationFields.IssuedOn, NeedsReason: false));
        }

        if (notification.EndsOn.DayNumber - notification.StartsOn.DayNumber >= LongestProjectDays)
        {
            warnings.Add(new PublishWarning("project-very-long", "The project takes longer than a year.", NotificationFields.Timing, NeedsReason: true));
        }
    }

    private static void CheckLeadTimes(ProjectNotification notification, DateOnly? today, LeadTimes leadTimes, List<PublishWarning> warnings)
    {
        // A notification that is dated back leaves the economies no more time than one dated today.
        DateOnly? issued = notification.IssuedOn is { } dated && today is { } now ? (dated > now ? dated : now) : notification.IssuedOn ?? today;
        if (issued is { } from && Days(from, notification.ClosingOn) is int toClosing && toClosing < leadTimes.IssueToClosing)
        {
            warnings.Add(new PublishWarning(
                "lead-time-closing-short",
                $"Only {Count(toClosing)} from issue to closing; {leadTimes.IssueToClosing} are usual.",
                NotificationFields.ClosingOn,
                NeedsReason: true));
        }

        int toStart = Days(notification.ClosingOn, notification.StartsOn);
        bool isHeldInPerson = notification.Modality.IsHeldInPerson;
        int least = isHeldInPerson ? leadTimes.InPersonClosingToStart : leadTimes.OnlineClosingToStart;
        string modality = isHeldInPerson ? "in person" : "online";
        if (toStart < least)
        {
            warnings.Add(new PublishWarning(
                "lead-time-start-short",
                $"Only {Count(toStart)} from closing to start; at least {least} are usual for a project held {modality}.",
                NotificationFields.ClosingOn,
                NeedsReason: true));
        }
        else if (isHeldInPerson && toStart > leadTimes.InPersonClosingToStartAtMost)
        {
            warnings.Add(new PublishWarning(
                "lead-time-start-long",
                $"{Count(toStart)} from closing to start; at most {leadTimes.InPersonClosingToStartAtMost} are usual for a project held in person.",
                NotificationFields.ClosingOn,
                NeedsReason: false));
        }
    }

    private static int Days(DateOnly from, DateOnly to) => to.DayNumber - from.DayNumber;

    private static string Count(int days) => days == 1 ? "1 day" : $"{days} days";
}
