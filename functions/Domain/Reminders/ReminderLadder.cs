using System.Globalization;

namespace Plenary.Domain;

/// <summary>What a ladder of reminders leads up to, or away from.</summary>
public enum ReminderSubject
{
    /// <summary>To officers who have not submitted or hold drafts; counted from the closing instant.</summary>
    Closing,

    /// <summary>To whoever holds an unanswered offer; counted from its expiry.</summary>
    OfferExpiry,

    /// <summary>To confirmed participants; counted from the start of the first session.</summary>
    Start,

    /// <summary>To whoever has not answered; counted from the opening of the survey.</summary>
    Survey,
}

/// <summary>One rung, at a fixed distance from an anchor: negative before it, positive after.</summary>
/// <param name="DueAt">The first instant at which it may be sent.</param>
public sealed record ReminderStep(ReminderSubject Subject, TimeSpan Offset, DateTimeOffset DueAt)
{
    /// <summary>Names the rung whatever the anchor is, such as <c>closing-14d</c> or <c>survey+4d</c>; part of the id of its mail, so its form never changes.</summary>
    public string Key => $"{Subject.ToString().ToLowerInvariant()}{ReminderLadder.Format(Offset)}";
}

/// <summary>What to do with a step that is looked at.</summary>
public enum ReminderVerdictKind
{
    Send,
    NotYet,
    Skip,
}

/// <param name="Reason">A sentence for the log; empty unless skipped.</param>
public sealed record ReminderVerdict(ReminderVerdictKind Kind, string Reason = "");

/// <summary>The reminders of one subject. A day is 24 hours: steps are counted in instants, not in anybody's calendar.</summary>
/// <param name="Offsets">Distinct and ascending.</param>
public sealed record ReminderLadder(ReminderSubject Subject, IReadOnlyList<TimeSpan> Offsets)
{
    public const int MostSteps = 12;

    private static readonly TimeSpan Farthest = TimeSpan.FromDays(366);

    /// <summary>From a project's settings in days; doubled ones count once.</summary>
    public static ReminderLadder OfDays(ReminderSubject subject, IEnumerable<int> days) =>
        new(subject, [.. days.Distinct().Order().Select(day => TimeSpan.FromDays(day))]);

    /// <summary>
    /// The steps for somebody who comes under the ladder at <paramref name="createdAt"/>. A step due at that instant or before is not
    /// planned: who joins late never gets a reminder of the past.
    /// </summary>
    public IReadOnlyList<ReminderStep> Plan(DateTimeOffset anchor, DateTimeOffset createdAt) =>
        [.. Offsets.Select(offset => new ReminderStep(Subject, offset, anchor + offset)).Where(step => step.DueAt > createdAt)];

    /// <summary>The steps still to come after the anchor has moved. What was sent stays sent; what has become past by the move is not planned.</summary>
    /// <param name="sentKeys">Keys of the steps already sent.</param>
    public IReadOnlyList<ReminderStep> Replan(DateTimeOffset newAnchor, DateTimeOffset now, IReadOnlySet<string> sentKeys)
    {
        ArgumentNullException.ThrowIfNull(sentKeys);
        return [.. Plan(newAnchor, now).Where(step => !sentKeys.Contains(step.Key))];
    }

    /// <summary>
    /// Whether a step should be sent now. The instant <paramref name="usefulUntil"/> itself is too late; and of several steps that are due
    /// together after an interruption only the last is sent.
    /// </summary>
    /// <param name="step">A step of this ladder.</param>
    /// <param name="anchor">Where the ladder is anchored now.</param>
    /// <param name="usefulUntil">The anchor itself for steps that lead up to it; for a survey, the instant it closes.</param>
    public ReminderVerdict StillUseful(ReminderStep step, DateTimeOffset now, DateTimeOffset anchor, DateTimeOffset usefulUntil)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (now < anchor + step.Offset)
        {
            return new ReminderVerdict(ReminderVerdictKind.NotYet);
        }

        if (now >= usefulUntil)
        {
            return new ReminderVerdict(ReminderVerdictKind.Skip, string.Create(CultureInfo.InvariantCulture, $"skipped: too late, {step.Key} was useful until {usefulUntil:u}"));
        }

        foreach (TimeSpan offset in Offsets)
        {
            if (offset > step.Offset && anchor + offset <= now)
            {
                return new ReminderVerdict(ReminderVerdictKind.Skip, $"skipped: too late, {step.Key} is overtaken by {(step with { Offset = offset }).Key}");
            }
        }

        return new ReminderVerdict(ReminderVerdictKind.Send);
    }

    /// <summary>As above, for ladders that lead up to their anchor.</summary>
    public ReminderVerdict StillUseful(ReminderStep step, DateTimeOffset now, DateTimeOffset anchor) => StillUseful(step, now, anchor, anchor);

    /// <summary>Reads what <see cref="ToString"/> writes, and days without a unit, commas or spaces between, any minus sign: <c>-14, -7, -24h</c>. Nothing at all means no reminders.</summary>
    public static Outcome<ReminderLadder> Parse(ReminderSubject subject, string? text, string? field = null)
    {
        field ??= $"{char.ToLowerInvariant(subject.ToString()[0])}{subject.ToString()[1..]}";
        List<Refusal> refusals = [];
        SortedSet<TimeSpan> offsets = [];
        bool leadsUp = subject != ReminderSubject.Survey;
        string[] words = (text ?? string.Empty)
            .Replace('\u2212', '-').Replace('\u2013', '-')
            .Split([',', ';', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > MostSteps)
        {
            return new Refusal("reminders-too-many", $"There are {words.Length} reminders.", field, $"Keep at most {MostSteps}.");
        }

        foreach (string word in words)
        {
            if (ReadOffset(word) is not TimeSpan offset || offset.Duration() > Farthest)
            {
                refusals.Add(new Refusal("reminder-unreadable", $"\u201C{word}\u201D is not a number of days or hours within a year.", field, "Write for example -14d, -7d, -12h."));
            }
            else if (leadsUp ? offset >= TimeSpan.Zero : offset < TimeSpan.Zero)
            {
                refusals.Add(new Refusal(
                    "reminder-wrong-side",
                    $"\u201C{word}\u201D lies {(leadsUp ? "after" : "before")} what it should remind of.",
                    field,
                    leadsUp ? "Put a minus sign before it." : "Leave the minus sign out."));
            }
            else if (!offsets.Add(offset))
            {
                refusals.Add(new Refusal("reminder-twice", $"\u201C{word}\u201D stands there twice.", field, "Keep one of them."));
            }
        }

        return refusals.Count > 0 ? Outcome<ReminderLadder>.Refused(refusals) : new ReminderLadder(subject, [.. offsets]);
    }

    public bool Equals(ReminderLadder? other) => other is not null && other.Subject == Subject && other.Offsets.SequenceEqual(Offsets);

    public override int GetHashCode() => HashCode.Combine(Subject, Offsets.Count, Offsets.Count > 0 ? Offsets[0] : TimeSpan.Zero);

    /// <summary>Such as <c>-14d, -7d, -1d</c>.</summary>
    public override string ToString() => string.Join(", ", Offsets.Select(Format));

    internal static string Format(TimeSpan offset)
    {
        bool isWholeDays = offset.Ticks % TimeSpan.TicksPerDay == 0;
        long amount = offset.Ticks / (isWholeDays ? TimeSpan.TicksPerDay : TimeSpan.TicksPerHour);
        return string.Create(CultureInfo.InvariantCulture, $"{(amount < 0 ? string.Empty : "+")}{amount}{(isWholeDays ? 'd' : 'h')}");
    }

    private static TimeSpan? ReadOffset(string word)
    {
        char unit = char.ToLowerInvariant(word[^1]);
        ReadOnlySpan<char> number = unit is 'd' or 'h' ? word.AsSpan(0, word.Length - 1) : word;
        return int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int amount) && Math.Abs((long)amount) < 10_000
            ? unit == 'h' ? TimeSpan.FromHours(amount) : TimeSpan.FromDays(amount)
            : null;
    }
}
