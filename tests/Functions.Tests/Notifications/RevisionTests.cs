using Plenary.Attendance;
using Plenary.Domain;
using Plenary.Functions.Tests.Domain.Notifications;
using Plenary.Infra.Outbox;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Notifications;

public sealed class RevisionTests
{
    private const string Later = "12 September 2023–14 September 2023";

    private readonly NotificationRig rig = new();

    [Theory]
    [InlineData("2023-07-10")]
    [InlineData("2023-08-01")]
    [InlineData("2023-08-15")]
    public async Task Sessions_move_from_every_state_before_somebody_has_attended_and_the_closing_stays(string day)
    {
        Project first = await CirculateAsync();
        rig.World.Clock.Now = At(day);
        rig.Selections.Selected = 3;

        Project revised = await rig.IssueAsync(Samples.With("Timing", Later), asRevision: true, settings: Because());

        Assert.Equal((2, ProjectState.Circulated, first.ClosesAt, 1), (revised.Version, revised.State, revised.ClosesAt, revised.CalendarSequence));
        Assert.Equal([RevisionKind.Postponed], revised.Changed);
        Assert.Equal(first.StartsAt.AddDays(29), revised.StartsAt);
        Assert.Equal([RevisionKind.Postponed], (await rig.VersionsAsync())[1].Kinds);
    }

    [Fact]
    public async Task A_date_of_issue_after_a_closing_that_stays_is_no_hindrance()
    {
        await CirculateAsync();
        rig.World.Clock.Now = At("2023-08-05");
        string text = Samples.With("Timing", Later).Replace("Date of Issue\t3 July 2023", "Date of Issue\t5 August 2023", StringComparison.Ordinal);

        Assert.Equal(2, (await rig.IssueAsync(text, asRevision: true, settings: Because())).Version);
    }

    [Theory]
    [InlineData("Venue City(ies)", "Jakarta", RevisionKind.VenueChanged)]
    [InlineData("Modality", "Face-to-face", RevisionKind.ModalityChanged)]
    [InlineData("Hosting Country(ies)", "Fiji", RevisionKind.VenueChanged)]
    public async Task Venue_and_modality_change_after_the_closing(string label, string value, RevisionKind expected)
    {
        Project first = await CirculateAsync();
        rig.World.Clock.Now = At("2023-08-05");

        Project revised = await rig.IssueAsync(Samples.With(label, value), asRevision: true, settings: Because());

        Assert.Contains(expected, revised.Changed);
        Assert.Equal((1, first.ClosesAt), (revised.CalendarSequence, revised.ClosesAt));
    }

    [Fact]
    public async Task Words_alone_leave_the_calendar_as_it_is_and_tell_no_participant()
    {
        await CirculateAsync();
        Hold(3, OfferState.Accepted);

        Project revised = await rig.IssueAsync(Samples.With("Remarks", "Bring a laptop."), asRevision: true);

        Assert.Equal((2, 0), (revised.Version, revised.CalendarSequence));
        Assert.DoesNotContain(await rig.World.OwedInAsync(ProjectTable.Name), owed => owed.Queue == Queues.TellParticipants);
    }

    [Fact]
    public async Task Each_thing_that_stands_in_the_way_has_its_code()
    {
        await CirculateAsync();
        rig.World.Clock.Now = At("2023-08-05");
        Assert.Equal(["reason-missing"], await CodesAsync(Samples.With("Timing", Later), settings: []));
        Assert.Equal(["start-past"], await CodesAsync(Samples.With("Timing", "3 August 2023–4 August 2023")));
        Assert.Equal(["closing-over"], await CodesAsync(Samples.With("Closing Date", "8 August 2023")));
        Assert.Empty(await CodesAsync(Samples.With("Closing Date", "8 August 2023"), settings: new(Because()) { [ProjectChoices.ReopenField] = "yes" }));

        rig.Selections.Selected = 3;
        rig.World.Clock.Now = At("2023-08-09");
        Assert.Equal(["closing-selected"], await CodesAsync(Samples.With("Closing Date", "11 August 2023"), settings: new(Because()) { [ProjectChoices.ReopenField] = "yes" }));

        rig.Attendance.Attended["fiji/fiji01"] = 1;
        Assert.Equal(["project-attended"], await CodesAsync(Samples.With("Timing", Later)));
        Assert.Equal("project-attended", Assert.Single((await CancelAsync()).Refusals).Code);

        rig.Attendance.Attended.Clear();
        rig.World.Clock.Now = At("2023-08-17");
        Assert.Equal("project-over", Assert.Single((await CancelAsync()).Refusals).Code);
    }

    [Fact]
    public async Task A_revision_begins_with_what_the_project_has_chosen()
    {
        Dictionary<string, string> chosen = Unusual();
        Project first = await rig.IssueAsync(settings: new(chosen) { [ProjectChoices.ReasonField] = "As agreed." });

        Project revised = await rig.IssueAsync(Samples.With("Remarks", "Bring a laptop."), asRevision: true);

        Assert.Equal(first.Settings, revised.Settings);
        Assert.Equal(first.Sessions, revised.Sessions);
        Assert.Equal(chosen.OrderBy(pair => pair.Key), ProjectChoices.Write(first).Where(pair => chosen.ContainsKey(pair.Key)).OrderBy(pair => pair.Key));

        // A choice that is new has to be written down here, or revisions forget it.
        Assert.Empty(ProjectChoices.Defaults.Keys.Except(chosen.Keys).Except([ProjectChoices.ReasonField, ProjectChoices.ReopenField]));
        Assert.DoesNotContain(chosen, pair => ProjectChoices.Defaults[pair.Key] == pair.Value);
    }

    [Fact]
    public async Task Consequences_name_every_date_every_economy_and_every_mail_and_looking_writes_nothing()
    {
        await CirculateAsync();
        rig.World.Clock.Now = At("2023-08-09");
        rig.World.Nominations.Add(2, "fiji", "indonesia");
        Hold(3, OfferState.Accepted);
        Hold(2, OfferState.Made);
        Hold(4, OfferState.Declined);
        NotificationDraft draft = await rig.ImportAsync(Samples.With("Timing", Later), Because());
        string before = await rig.World.DumpAsync();

        Assert.True((await rig.Issue.PrepareAsync(draft, World.Officer, rig.World.Clock.Now, default)).TryGet(out PreparedVersion? prepared));

        Assert.Equal(before, await rig.World.DumpAsync());
        Consequences after = prepared.Consequences;
        Assert.Equal(
            [new ExpectedMail(CirculationMail.Kind, 20), new ExpectedMail(SelectionMails.ParticipationChanged, 3), new ExpectedMail(SelectionMails.OfferChanged, 2)],
            after.Mails);
        Assert.Equal(9, after.CalendarEntries);
        Assert.Equal(
            [
                ("Nominations close", DateFate.Kept),
                ("First session", DateFate.Moved),
                ("Reminder 7 days before: first session", DateFate.Added),
                ("Reminder 1 day before: first session", DateFate.Moved),
                ("End of the last session, and the survey opens", DateFate.Moved),
            ],
            after.Dates.Where(date => !date.What.Contains(" after: ", StringComparison.Ordinal)).Select(date => (date.What, date.Fate)));
        Assert.Equal(4, after.Economies.Sum(economy => economy.Nominees));
        Assert.Equal((3, 2), (after.Economies.Sum(economy => economy.Participants), after.Economies.Sum(economy => economy.OpenOffers)));
    }

    [Fact]
    public async Task Warnings_in_hours_move_with_the_closing_and_are_listed_beside_the_reminders_in_days()
    {
        await CirculateAsync();
        NotificationDraft draft = await rig.ImportAsync(Samples.With("Closing Date", "7 August 2023"), Because());

        Assert.True((await rig.Issue.PrepareAsync(draft, World.Officer, rig.World.Clock.Now, default)).TryGet(out PreparedVersion? prepared));

        // A week before, the step in days warns as well, so that one is listed once.
        Assert.Equal(
            [
                "Reminder 14 days before: nominations close", "Reminder 7 days before: nominations close", "Warning of incomplete drafts 48 hours before: nominations close",
                "Reminder 1 day before: nominations close", "Warning of incomplete drafts 4 hours before: nominations close",
            ],
            prepared.Consequences.Dates.Where(date => date.What.EndsWith(": nominations close", StringComparison.Ordinal)).Select(date => date.What));
        DateMove warning = Assert.Single(prepared.Consequences.Dates, date => date.What.Contains("48 hours", StringComparison.Ordinal));
        Assert.Equal((DateFate.Moved, TimeSpan.FromDays(7), prepared.Project.ClosesAt.AddHours(-48)), (warning.Fate, warning.After - warning.Before, warning.After));
        Assert.Contains(prepared.Consequences.Owed, owed => owed.DueAt == warning.After && owed.Queue == Queues.SendReminder);
    }

    [Fact]
    public async Task Economies_that_close_at_an_instant_of_their_own_are_listed_with_their_warnings()
    {
        Dictionary<string, string> choices = new(Because()) { [ProjectChoices.ClosingField] = "nominator" };
        await rig.IssueAsync(settings: choices);
        Assert.False((await rig.CirculateAsync()).IsRefused);
        NotificationDraft draft = await rig.ImportAsync(Samples.With("Closing Date", "7 August 2023"), choices);

        Assert.True((await rig.Issue.PrepareAsync(draft, World.Officer, rig.World.Clock.Now, default)).TryGet(out PreparedVersion? prepared));

        DateMove closing = Assert.Single(prepared.Consequences.Dates, date => date.What == "Nominations close in Fiji");
        Assert.Equal((new DateTimeOffset(2023, 8, 7, 12, 0, 0, TimeSpan.Zero), DateFate.Moved), (closing.After, closing.Fate));
        DateMove warning = Assert.Single(prepared.Consequences.Dates, date => date.What == "Warning of incomplete drafts 4 hours before: nominations close in Fiji");
        Assert.Equal((closing.Before?.AddHours(-4), closing.After?.AddHours(-4)), (warning.Before, warning.After));
        Assert.DoesNotContain(prepared.Consequences.Dates, date => date.What.Contains("Türkiye", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_economy_that_is_left_out_is_told_that_alone_and_what_it_submitted_is_shown()
    {
        await CirculateAsync();
        rig.World.Nominations.Add(2, "fiji", "japan");
        Hold(1, OfferState.Accepted);
        NotificationDraft draft = await rig.ImportAsync(Samples.With("Participating Country(ies)", "All Member Countries except Fiji and Nepal"), Because());

        Assert.True((await rig.Issue.PrepareAsync(draft, World.Officer, rig.World.Clock.Now, default)).TryGet(out PreparedVersion? prepared));

        // Nepal has no desk, so nobody there was asked.
        Assert.Equal([new ExpectedMail(CirculationMail.Kind, 18), new ExpectedMail(CirculationMail.NotInvited, 1)], prepared.Consequences.Mails);
        ConcernedEconomy fiji = Assert.Single(prepared.Consequences.Economies, economy => economy.IsLeftOut);
        Assert.Equal(("fiji", 2, 2, 1), (fiji.Economy, fiji.Nominees, fiji.Ineligible, fiji.KeptPlaces));
        Assert.Equal(19, prepared.Consequences.Owed.Count(owed => owed.Queue == Queues.OpenDesk));
        Project revised = await rig.IssueAsync(draft.Text, asRevision: true, settings: Because());
        Assert.Equal(rig.World.Clock.Now, revised.InvitedSince);
        Assert.Equal(revised.InvitedSince, (await rig.IssueAsync(draft.Text.Replace("Dr.", "Dr", StringComparison.Ordinal) + "\n", asRevision: true, settings: Because())).InvitedSince);
    }

    [Fact]
    public async Task What_was_not_seen_is_not_published()
    {
        await CirculateAsync();
        NotificationDraft draft = await rig.ImportAsync(Samples.With("Timing", Later), Because());
        Assert.True((await rig.Issue.PrepareAsync(draft, World.Officer, rig.World.Clock.Now, default)).TryGet(out PreparedVersion? prepared));
        Hold(1, OfferState.Accepted);

        Outcome<Project> outcome = await rig.Issue.RunAsync(draft.Id, true, World.Officer, rig.World.Clock.Now, default, prepared.Consequences.Digest);

        Assert.Equal("consequences-changed-conflict", Assert.Single(outcome.Refusals).Code);
        Assert.True((await rig.Issue.PrepareAsync(draft, World.Officer, rig.World.Clock.Now, default)).TryGet(out prepared));
        Assert.False((await rig.Issue.RunAsync(draft.Id, true, World.Officer, rig.World.Clock.Now, default, prepared.Consequences.Digest)).IsRefused);
    }

    [Fact]
    public async Task An_offer_that_would_outlast_an_earlier_start_ends_with_it()
    {
        await CirculateAsync();
        rig.World.Clock.Now = At("2023-08-01");
        Hold(2, OfferState.Made);
        NotificationDraft draft = await rig.ImportAsync(Samples.With("Timing", "4 August 2023–6 August 2023"), Because());

        Assert.True((await rig.Issue.PrepareAsync(draft, World.Officer, rig.World.Clock.Now, default)).TryGet(out PreparedVersion? prepared));

        Assert.Equal([RevisionKind.BroughtForward], prepared.Consequences.Kinds);
        Assert.All(prepared.Consequences.Places, place => Assert.Equal(PlaceFate.OfferShortened, place.Fate));
    }

    [Fact]
    public async Task Cancelling_makes_a_last_version_that_says_why_and_tells_those_who_were_asked()
    {
        await CirculateAsync();
        rig.World.Nominations.Add(1, "fiji", "japan");
        Hold(1, OfferState.Accepted);
        Hold(2, OfferState.Made);

        Assert.Equal("reason-missing", Assert.Single((await CancelAsync("")).Refusals).Code);
        Assert.True((await CancelAsync()).TryGet(out Project? cancelled));

        Assert.Equal((2, ProjectState.Cancelled, 1), (cancelled.Version, cancelled.State, cancelled.CalendarSequence));
        ProjectVersion version = (await rig.VersionsAsync())[1];
        Assert.Equal(new ClauseChange("State", "To be held", "Cancelled"), Assert.Single(version.Changes));
        Owed[] owed = [.. (await rig.World.OwedInAsync(ProjectTable.Name)).Where(one => one.Id.EndsWith("-2", StringComparison.Ordinal) || one.Queue == Queues.TellParticipants)];
        Assert.Equal(["fiji", "japan"], owed.Where(one => one.Queue == Queues.OpenDesk).Select(one => Envelope.Read<DeskToOpen>(one.Body).Economy).Order(StringComparer.Ordinal));
        Assert.Equal(3, Envelope.Read<ProjectRevised>(Assert.Single(owed, one => one.Queue == Queues.TellParticipants).Body).Candidates.Count);
        Assert.Equal("project-cancelled-already", Assert.Single((await CancelAsync()).Refusals).Code);
        Assert.Equal(["project-cancelled-already"], await CodesAsync(Samples.With("Timing", Later)));
    }

    private static Dictionary<string, string> Because() => new() { [ProjectChoices.ReasonField] = "Borders are closed." };

    /// <summary>Every choice, other than it stands by default.</summary>
    private static Dictionary<string, string> Unusual() => new()
    {
        [ProjectChoices.ClosingField] = "host",
        [ProjectChoices.FromField] = "08:30",
        [ProjectChoices.UntilField] = "12:15",
        [ProjectChoices.CapField] = "4",
        [ProjectChoices.LeastField] = "1",
        [ProjectChoices.FlowField] = "both",
        [ProjectChoices.OfferDaysField] = "5",
        [ProjectChoices.OfferCountField] = "working-days",
        [ProjectChoices.ScoringField] = "Relevance 60; Motivation 40",
        [ProjectChoices.ScoreUseField] = nameof(ScoreUse.WithinRound),
        [ProjectChoices.ReplacementsField] = "10 August 2023",
        [ProjectChoices.DocumentsField] = "2",
        [ProjectChoices.MinimumField] = "75",
        [ProjectChoices.SurveyDaysField] = "10",
        [ProjectChoices.ClosingReminderField] = "-10, -2",
        [ProjectChoices.DraftWarningField] = "-72, -6",
        [ProjectChoices.GraceField] = "5",
        [ProjectChoices.OfferReminderField] = "-3",
        [ProjectChoices.StartReminderField] = "-5, -2",
        [ProjectChoices.SurveyReminderField] = "2, 3",
    };

    private static DateTimeOffset At(string day) => DateTimeOffset.Parse($"{day}T06:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<Project> CirculateAsync()
    {
        Project project = await rig.IssueAsync();
        Assert.False((await rig.CirculateAsync()).IsRefused);
        return project;
    }

    private void Hold(int count, OfferState state)
    {
        for (int number = 1; number <= count; number++)
        {
            rig.Selections.Offers.Add(new OfferStanding("fiji", $"fiji/{state.ToString().ToLowerInvariant()}{number}", state, rig.World.Clock.Now.AddDays(7)));
        }
    }

    private async Task<IReadOnlyList<string>> CodesAsync(string text, Dictionary<string, string>? settings = null)
    {
        NotificationDraft draft = await rig.ImportAsync(text, settings ?? Because());
        Outcome<PreparedVersion> outcome = await rig.Issue.PrepareAsync(draft, World.Officer, rig.World.Clock.Now, default);
        return [.. (outcome.TryGet(out PreparedVersion? prepared) ? prepared.Refusals : outcome.Refusals).Select(refusal => refusal.Code).Where(code => code != "warning-unanswered").Distinct()];
    }

    private Task<Outcome<Project>> CancelAsync(string reason = "Borders are closed.") =>
        rig.Cancel.RunAsync(Samples.Notification.Code, reason, null, World.Officer, rig.World.Clock.Now, default);
}

internal sealed class FakeAttendance : IAttendance
{
    public Dictionary<string, int> Attended { get; } = [];

    public Task<IReadOnlyDictionary<string, int>> ListAttendedAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult<IReadOnlyDictionary<string, int>>(Attended);

    public Task<int> CountCertificatesAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult(0);
}
