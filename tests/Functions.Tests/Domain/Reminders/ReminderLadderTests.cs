using System.Text.Json;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Reminders;

public sealed class ReminderLadderTests
{
    private static readonly DateTimeOffset Closing = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Issued = new(2023, 7, 3, 1, 0, 0, TimeSpan.Zero);
    private static readonly ReminderLadder ClosingLadder = Read(ReminderSubject.Closing);
    private static readonly ReminderLadder StartLadder = Read(ReminderSubject.Start);
    private static readonly ReminderLadder SurveyLadder = Read(ReminderSubject.Survey);

    [Fact]
    public void The_defaults_are_those_of_the_service()
    {
        Assert.Equal([Closing.AddDays(-14), Closing.AddDays(-7), Closing.AddDays(-1)], ClosingLadder.Plan(Closing, Issued).Select(step => step.DueAt));
        Assert.Equal(["closing-14d", "closing-7d", "closing-1d"], ClosingLadder.Plan(Closing, Issued).Select(step => step.Key));
        Assert.Equal(["offerexpiry-2d", "offerexpiry-1d"], Read(ReminderSubject.OfferExpiry).Plan(Closing, Issued).Select(step => step.Key));
        Assert.Equal(["start-7d", "start-1d"], StartLadder.Plan(Closing, Issued).Select(step => step.Key));
        Assert.Equal(["survey+1d", "survey+4d", "survey+8d"], SurveyLadder.Plan(Closing, Issued).Select(step => step.Key));
    }

    [Fact]
    public void Days_of_a_projects_settings_make_the_same_ladders()
    {
        ProjectSettings settings = new();

        Assert.Equal(ClosingLadder, ReminderLadder.OfDays(ReminderSubject.Closing, settings.ClosingReminderDays));
        Assert.Equal(Read(ReminderSubject.OfferExpiry), ReminderLadder.OfDays(ReminderSubject.OfferExpiry, settings.OfferReminderDays));
        Assert.Equal(StartLadder, ReminderLadder.OfDays(ReminderSubject.Start, settings.StartReminderDays));
        Assert.Equal(SurveyLadder, ReminderLadder.OfDays(ReminderSubject.Survey, settings.SurveyReminderDays.Reverse()));
    }

    [Fact]
    public void Who_joins_late_never_gets_a_reminder_of_the_past()
    {
        Assert.Empty(ClosingLadder.Plan(Closing, Closing.AddDays(-1).AddHours(1)));
        Assert.Empty(ClosingLadder.Plan(Closing, Closing.AddDays(-1)));
        Assert.Equal(["closing-1d"], ClosingLadder.Plan(Closing, Closing.AddDays(-1).AddTicks(-1)).Select(step => step.Key));
    }

    [Fact]
    public void A_moved_start_moves_what_is_unsent_and_leaves_what_was_sent()
    {
        DateTimeOffset start = new(2020, 3, 23, 0, 0, 0, TimeSpan.Zero);
        DateTimeOffset now = start.AddDays(-5);

        IReadOnlyList<ReminderStep> steps = StartLadder.Replan(start.AddDays(79), now, new HashSet<string> { "start-7d" });

        ReminderStep step = Assert.Single(steps);
        Assert.Equal("start-1d", step.Key);
        Assert.Equal(start.AddDays(78), step.DueAt);
    }

    [Fact]
    public void A_start_moved_nearer_plans_nothing_in_the_past()
    {
        DateTimeOffset now = Closing.AddDays(-30);

        Assert.Equal(["start-1d"], StartLadder.Replan(now.AddDays(3), now, new HashSet<string>()).Select(step => step.Key));
    }

    [Fact]
    public void It_is_sent_at_its_instant_and_not_before()
    {
        ReminderStep step = ClosingLadder.Plan(Closing, Issued)[0];

        Assert.Equal(ReminderVerdictKind.NotYet, ClosingLadder.StillUseful(step, step.DueAt.AddTicks(-1), Closing).Kind);
        Assert.Equal(ReminderVerdictKind.Send, ClosingLadder.StillUseful(step, step.DueAt, Closing).Kind);
    }

    [Fact]
    public void A_reminder_of_the_closing_is_useless_from_the_closing_instant_on()
    {
        ReminderStep last = ClosingLadder.Plan(Closing, Issued)[2];

        Assert.Equal(ReminderVerdictKind.Send, ClosingLadder.StillUseful(last, Closing.AddTicks(-1), Closing).Kind);
        ReminderVerdict verdict = ClosingLadder.StillUseful(last, Closing, Closing);
        Assert.Equal(ReminderVerdictKind.Skip, verdict.Kind);
        Assert.StartsWith("skipped: too late", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void After_an_interruption_only_the_last_step_due_is_sent()
    {
        IReadOnlyList<ReminderStep> steps = ClosingLadder.Plan(Closing, Issued);
        DateTimeOffset now = Closing.AddDays(-6);

        Assert.Equal(
            [ReminderVerdictKind.Skip, ReminderVerdictKind.Send, ReminderVerdictKind.NotYet],
            steps.Select(step => ClosingLadder.StillUseful(step, now, Closing).Kind));
        Assert.Contains("closing-7d", ClosingLadder.StillUseful(steps[0], now, Closing).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_days_down_skip_yesterdays_reminder_of_the_start_and_still_send_the_surveys()
    {
        DateTimeOffset start = new(2023, 8, 14, 2, 0, 0, TimeSpan.Zero);
        DateTimeOffset back = start.AddDays(1);
        Assert.Equal(ReminderVerdictKind.Skip, StartLadder.StillUseful(StartLadder.Plan(start, Issued)[1], back, start).Kind);

        DateTimeOffset opened = start.AddDays(3);
        ReminderStep first = SurveyLadder.Plan(opened, Issued)[0];
        Assert.Equal(ReminderVerdictKind.Send, SurveyLadder.StillUseful(first, opened.AddDays(3), opened, opened.AddDays(14)).Kind);
        Assert.Equal(ReminderVerdictKind.Skip, SurveyLadder.StillUseful(first, opened.AddDays(14), opened, opened.AddDays(14)).Kind);
    }

    [Theory]
    [InlineData("-14d, -7d, -1d", "-14d, -7d, -1d")]
    [InlineData("-1, -14, -7", "-14d, -7d, -1d")]
    [InlineData("\u22127 -12h", "-7d, -12h")]
    [InlineData("-48h", "-2d")]
    [InlineData("", "")]
    public void Settings_are_read_as_people_write_them(string text, string written)
    {
        Assert.True(ReminderLadder.Parse(ReminderSubject.Closing, text).TryGet(out ReminderLadder? ladder));
        Assert.Equal(written, ladder.ToString());
        Assert.True(ReminderLadder.Parse(ReminderSubject.Closing, ladder.ToString()).TryGet(out ReminderLadder? again));
        Assert.Equal(ladder, again);
    }

    [Fact]
    public void Everything_wrong_with_a_ladder_is_told_at_once() => Assert.Equal(
        ["reminder-wrong-side", "reminder-unreadable", "reminder-unreadable", "reminder-twice", "reminder-unreadable"],
        ReminderLadder.Parse(ReminderSubject.Closing, "3d, soon, -400, -1d, -24h, d").Refusals.Select(refusal => refusal.Code));

    [Fact]
    public void A_survey_cannot_remind_before_it_opens() =>
        Assert.Equal("reminder-wrong-side", Assert.Single(ReminderLadder.Parse(ReminderSubject.Survey, "-1d").Refusals).Code);

    [Fact]
    public void Settings_go_through_JSON_and_name_the_field_that_is_wrong()
    {
        ReminderSettings settings = ReminderSettings.Default with { OfferExpiry = "-1h" };

        Assert.Equal(settings, JsonSerializer.Deserialize<ReminderSettings>(JsonSerializer.Serialize(settings)));
        Assert.Empty(settings.FindProblems());
        Assert.Equal("offerExpiry", Assert.Single((settings with { OfferExpiry = "1h" }).FindProblems()).Field);
    }

    private static ReminderLadder Read(ReminderSubject subject) =>
        ReminderSettings.Default.ReadLadder(subject).TryGet(out ReminderLadder? ladder) ? ladder : throw new InvalidOperationException(subject.ToString());
}
