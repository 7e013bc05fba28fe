using System.Globalization;
using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>What an officer sets for a project beside its notification: read from form fields, all problems at once.</summary>
public sealed record ProjectChoices(
    ProjectSettings Settings, TimeOnly SessionsFrom, TimeOnly SessionsUntil, string? Reason, bool Reopens = false)
{
    public const string ClosingField = "closingPolicy";
    public const string FromField = "sessionsFrom";
    public const string UntilField = "sessionsUntil";
    public const string CapField = "perEconomy";
    public const string LeastField = "perEconomyLeast";
    public const string FlowField = "flow";
    public const string OfferDaysField = "offerDays";
    public const string OfferCountField = "offerCounts";
    public const string ScoringField = "scoring";
    public const string ScoreUseField = "scoreUse";
    public const string DocumentsField = "requiredDocuments";
    public const string MinimumField = "certificateMinimum";
    public const string SurveyDaysField = "surveyDays";
    public const string ClosingReminderField = "closingReminders";
    public const string DraftWarningField = "draftWarnings";
    public const string GraceField = "graceMinutes";
    public const string OfferReminderField = "offerReminders";
    public const string StartReminderField = "startReminders";
    public const string SurveyReminderField = "surveyReminders";
    public const string ReplacementsField = "replacementsUntil";
    public const string ReasonField = "reason";
    public const string ReopenField = "reopen";

    /// <summary>Shown before an officer has chosen; nothing is taken that was not shown.</summary>
    public static IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        [ClosingField] = ClosingPolicy.Default.ToString(),
        [FromField] = "09:00",
        [UntilField] = "17:00",
        [CapField] = "",
        [LeastField] = "",
        [FlowField] = "none",
        [OfferDaysField] = "7",
        [OfferCountField] = "all-days",
        [ScoringField] = "",
        [ScoreUseField] = nameof(ScoreUse.Informs),
        [DocumentsField] = "0",
        [MinimumField] = "80",
        [SurveyDaysField] = "14",
        [ClosingReminderField] = "-14, -7, -1",
        [DraftWarningField] = "-168, -48, -4",
        [GraceField] = "0",
        [OfferReminderField] = "-2, -1",
        [StartReminderField] = "-7, -1",
        [SurveyReminderField] = "1, 4, 8",
        [ReplacementsField] = "",
        [ReasonField] = "",
        [ReopenField] = "no",
    };

    /// <summary>What an issued project has chosen, as the fields of the form: where a revision begins.</summary>
    public static IReadOnlyDictionary<string, string> Write(Project project)
    {
        ArgumentNullException.ThrowIfNull(project);
        ProjectSettings settings = project.Settings;
        ProjectSession first = project.Sessions[0];
        return new Dictionary<string, string>(Defaults)
        {
            [ClosingField] = settings.Closing.ToString(),
            [FromField] = ClockOf(first.StartsAt),
            [UntilField] = ClockOf(first.EndsAt),
            [CapField] = settings.PerEconomyMaximum is { } cap ? Digits(cap) : "",
            [LeastField] = settings.PerEconomyMinimum is { } least ? Digits(least) : "",
            [FlowField] = (settings.LocalMayFlowToOverseas, settings.OverseasMayFlowToLocal) switch
            {
                (true, true) => "both",
                (true, false) => "local-to-overseas",
                (false, true) => "overseas-to-local",
                _ => "none",
            },
            [OfferDaysField] = Digits((int)settings.OfferStands.TotalDays),
            [OfferCountField] = settings.OffersCountWorkingDays ? "working-days" : "all-days",
            [ScoringField] = settings.Scoring.WritePhases(),
            [ScoreUseField] = settings.Scoring.Use.ToString(),
            [ReplacementsField] = settings.ReplacementsUntil is { } day ? ClauseChanges.Day(day) : "",
            [DocumentsField] = Digits(settings.RequiredDocuments),
            [MinimumField] = Digits((int)settings.CertificateMinimum),
            [SurveyDaysField] = Digits((int)settings.SurveyOpen.TotalDays),
            [ClosingReminderField] = List(settings.ClosingReminderDays),
            [DraftWarningField] = List(settings.DraftWarningHours),
            [GraceField] = Digits(settings.GraceMinutes),
            [OfferReminderField] = List(settings.OfferReminderDays),
            [StartReminderField] = List(settings.StartReminderDays),
            [SurveyReminderField] = List(settings.SurveyReminderDays),
        };

        string ClockOf(DateTimeOffset instant) =>
            TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(project.HostZone)).ToString("HH:mm", CultureInfo.InvariantCulture);

        static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);

        static string List(IReadOnlyList<int> days) => string.Join(", ", days.Select(Digits));
    }

    /// <param name="before">What a revision follows: whatever the form does not mention stays as it is there. Null for a first version.</param>
    public static Outcome<ProjectChoices> Read(IReadOnlyDictionary<string, string> fields, Project? before = null)
    {
        List<Refusal> refusals = [];
        IReadOnlyDictionary<string, string> unsaid = before is null ? Defaults : Write(before);
        string Text(string name) => fields.TryGetValue(name, out string? text) ? text.Trim() : unsaid[name];

        if (!ClosingPolicy.TryParse(Text(ClosingField), out ClosingPolicy? closing))
        {
            refusals.Add(new Refusal(
                "closing-policy-unknown", $"“{Text(ClosingField)}” is no way to close.", ClosingField,
                "Choose a zone such as Asia/Tokyo, or host, nominator, or anywhere-on-earth."));
        }

        TimeOnly from = Time(FromField);
        TimeOnly until = Time(UntilField);
        int? cap = Text(CapField).Length == 0 ? null : Number(CapField, 1, 1000, "persons");
        int? least = Text(LeastField).Length == 0 ? null : Number(LeastField, 0, 1000, "persons");
        if (least > cap)
        {
            refusals.Add(new Refusal("economy-minimum-invalid", $"The fewest places for one economy, {least}, are more than the most, {cap}.", LeastField, "Enter a number that is not above it, or leave it empty."));
        }

        int offerDays = Number(OfferDaysField, 1, 60, "days");
        int surveyDays = Number(SurveyDaysField, 1, 90, "days");
        int documents = Number(DocumentsField, 0, 10, "documents");
        int minimum = Number(MinimumField, 0, 100, "percent");
        IReadOnlyList<int> closingDays = Days(ClosingReminderField, -90, -1);
        IReadOnlyList<int> draftHours = Days(DraftWarningField, -2160, -1, "hours");
        int grace = Number(GraceField, 0, 60, "minutes");
        IReadOnlyList<int> offerReminderDays = Days(OfferReminderField, -90, -1);
        IReadOnlyList<int> startDays = Days(StartReminderField, -90, -1);
        IReadOnlyList<int> surveyReminderDays = Days(SurveyReminderField, 1, 90);
        string flow = Text(FlowField);
        if (flow is not ("none" or "local-to-overseas" or "overseas-to-local" or "both"))
        {
            refusals.Add(new Refusal("flow-unknown", "Unused places cannot go that way.", FlowField, "Choose one of the four ways."));
        }

        string offerCounts = Text(OfferCountField);
        if (offerCounts is not ("all-days" or "working-days"))
        {
            refusals.Add(new Refusal("offer-days-unknown", "An offer's days cannot be counted that way.", OfferCountField, "Choose all days, or working days."));
        }

        Outcome<IReadOnlyList<ScorePhase>> phases = ScoringPlan.ReadPhases(Text(ScoringField), ScoringField);
        refusals.AddRange(phases.Refusals);
        if (!Enum.TryParse(Text(ScoreUseField), ignoreCase: true, out ScoreUse scoreUse) || !Enum.IsDefined(scoreUse))
        {
            refusals.Add(new Refusal("score-use-unknown", "Scores cannot decide in that way.", ScoreUseField, "Choose one of the four ways."));
        }
        else if (scoreUse != ScoreUse.Informs && phases.TryGet(out IReadOnlyList<ScorePhase>? some) && some.Count == 0)
        {
            refusals.Add(new Refusal("score-phases-missing", "Scores are to decide, but nothing is scored.", ScoringField, "Name what reviewers score, or let scores decide nothing."));
        }

        DateOnly? replacements = null;
        if (Text(ReplacementsField) is { Length: > 0 } named)
        {
            Outcome<DateOnly> read = DateText.Read(named, ReplacementsField);
            refusals.AddRange(read.Refusals);
            replacements = read.TryGet(out DateOnly day) ? day : null;
        }

        if (refusals.Count > 0 || closing is null || !phases.TryGet(out IReadOnlyList<ScorePhase>? scored))
        {
            return Outcome<ProjectChoices>.Refused(refusals);
        }

        string reason = Text(ReasonField);
        return new ProjectChoices(
            (before?.Settings ?? new ProjectSettings()) with
            {
                Closing = closing,
                PerEconomyMaximum = cap,
                PerEconomyMinimum = least,
                LocalMayFlowToOverseas = flow is "local-to-overseas" or "both",
                OverseasMayFlowToLocal = flow is "overseas-to-local" or "both",
                OfferStands = TimeSpan.FromDays(offerDays),
                OffersCountWorkingDays = offerCounts == "working-days",
                Scoring = new ScoringPlan(scored, scoreUse),
                ReplacementsUntil = replacements,
                RequiredDocuments = documents,
                CertificateMinimum = minimum,
                SurveyOpen = TimeSpan.FromDays(surveyDays),
                ClosingReminderDays = closingDays,
                DraftWarningHours = draftHours,
                GraceMinutes = grace,
                OfferReminderDays = offerReminderDays,
                StartReminderDays = startDays,
                SurveyReminderDays = surveyReminderDays,
            },
            from,
            until,
            reason.Length == 0 ? null : reason,
            Text(ReopenField) == "yes");

        TimeOnly Time(string name)
        {
            if (TimeOnly.TryParseExact(Text(name), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time))
            {
                return time;
            }

            refusals.Add(new Refusal("time-unreadable", $"“{Text(name)}” is not a time of day.", name, "Write it as 09:30."));
            return default;
        }

        IReadOnlyList<int> Days(string name, int least, int most, string unit = "days")
        {
            List<int> days = [];
            foreach (string word in Text(name).Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
            {
                if (!int.TryParse(word.Replace('−', '-'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int day) || day < least || day > most || days.Contains(day))
                {
                    refusals.Add(new Refusal("reminder-days-unreadable", $"“{word}” is no step of this ladder.", name, $"Write {unit} from {least} to {most}, each once, such as {Defaults[name]}; leave it empty for none."));
                    break;
                }

                days.Add(day);
            }

            if (days.Count > 10)
            {
                refusals.Add(new Refusal("reminder-days-many", "A ladder has ten steps at the most.", name, "Take some out."));
            }

            return days;
        }

        int Number(string name, int least, int most, string unit)
        {
            if (int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
            {
                return number;
            }

            refusals.Add(new Refusal("number-out-of-range", $"“{Text(name)}” does not fit here.", name, $"Write {least} to {most} {unit}."));
            return least;
        }
    }
}
