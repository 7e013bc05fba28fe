using Plenary.Agenda;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Functions.Tests.Domain.Notifications;
using Plenary.Functions.Tests.Surveys;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;
using Plenary.Support;
using Plenary.Surveys;

namespace Plenary.Functions.Tests.Notifications;

public sealed class IssueNotificationTests
{
    private static readonly ProjectCode Code = ProjectCode.Parse("23-IP-10-GE-WSP-A");

    private readonly NotificationRig rig = new();

    [Fact]
    public async Task Issuing_makes_version_1_and_fixes_the_closing_at_the_end_of_the_day_in_Tokyo()
    {
        Project project = await rig.IssueAsync();

        Assert.Equal((Code, 1, ProjectState.Issued, "Asia/Jakarta"), (project.Code, project.Version, project.State, project.HostZone));
        Assert.Equal(new DateTimeOffset(2023, 7, 31, 15, 0, 0, TimeSpan.Zero), project.ClosesAt);
        Assert.Equal(3, project.Sessions.Count);
        Assert.Equal(new DateTimeOffset(2023, 8, 14, 2, 0, 0, TimeSpan.Zero), project.StartsAt);
        Assert.Equal(project.ClosesAt, (await rig.Projects.FindAsync(Code, default))?.ClosesAt);
        Assert.Equal([Code], (await rig.Projects.ListAsync(default)).Select(listed => listed.Code));
    }

    [Theory]
    [InlineData("host", "2023-07-31T17:00:00Z")]
    [InlineData("anywhere-on-earth", "2023-08-01T12:00:00Z")]
    [InlineData("nominator", "2023-07-31T21:00:00Z")]
    [InlineData("Pacific/Fiji", "2023-07-31T12:00:00Z")]
    public async Task The_closing_follows_the_policy_that_was_chosen(string policy, string expected)
    {
        Project project = await rig.IssueAsync(settings: new() { [ProjectChoices.ClosingField] = policy });

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), project.ClosesAt);
    }

    /// <summary>By these names bicep/deploy asks, while no app may be running.</summary>
    [Fact]
    public async Task The_head_row_tells_the_deployment_what_closes_when()
    {
        Project project = await rig.IssueAsync(settings: new() { [ProjectChoices.ClosingField] = "nominator" });

        Row? head = await rig.World.Tables.Get("Projects").FindAsync(new RowKey("project|23-IP-10-GE-WSP-A", "head"), default);
        Assert.NotNull(head);
        Assert.Equal("Issued", head.Text("State"));
        Assert.Equal(project.ClosesAt.UtcTicks, head.Number("ClosesTicks"));
        Assert.Equal(new DateTimeOffset(2023, 7, 31, 10, 0, 0, TimeSpan.Zero).UtcTicks, head.Number("FirstClosesTicks"));
        string script = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "bicep", "deploy"));
        Assert.Contains("PartitionKey ge 'project|' and PartitionKey lt 'project}' and RowKey eq 'head' and State ne 'Cancelled' and FirstClosesTicks le $soon and ClosesTicks ge $lately", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_agenda_has_to_do_is_owed_with_the_version()
    {
        Project project = await rig.IssueAsync();

        Owed[] owed = [.. await rig.World.OwedInAsync(ProjectTable.Name)];
        Assert.Equal(project.ClosesAt, Assert.Single(owed, one => one.Queue == Queues.CloseNominations).DueAt);
        Assert.Equal(new NominationsDue(Code.ToString(), project.ClosesAt.UtcTicks), Envelope.Read<NominationsDue>(owed.Single(one => one.Queue == Queues.CloseNominations).Body));
        Assert.Equal(project.EndsAt, Assert.Single(owed, one => one.Queue == Queues.OpenSurvey).DueAt);
        Assert.Equal(new SurveyDue(Code.ToString(), project.EndsAt.UtcTicks), Envelope.Read<SurveyDue>(owed.Single(one => one.Queue == Queues.OpenSurvey).Body));
        Assert.Equal(
            [("closing", "-1"), ("closing", "-14"), ("closing", "-48h"), ("closing", "-4h"), ("closing", "-7"), ("start", "-1"), ("start", "-7")],
            owed.Where(one => one.Queue == Queues.SendReminder).Select(one => Envelope.Read<ReminderDue>(one.Body)).Select(step => (step.Ladder, step.Step())).Order());
        Assert.DoesNotContain(owed, one => one.Queue == Queues.OpenDesk);
    }

    [Fact]
    public async Task A_step_of_a_ladder_that_is_past_already_is_never_planned()
    {
        rig.World.Clock.Now = new DateTimeOffset(2023, 7, 20, 0, 0, 0, TimeSpan.Zero);

        await rig.IssueAsync(settings: new() { [ProjectChoices.ReasonField] = "The host asked late." });

        string[] steps = [.. (await rig.World.OwedInAsync(ProjectTable.Name)).Where(one => one.Queue == Queues.SendReminder)
            .Select(one => Envelope.Read<ReminderDue>(one.Body)).Where(step => step.Ladder == Ladders.Closing).Select(step => step.Step()).Order(StringComparer.Ordinal)];
        Assert.Equal(["-1", "-48h", "-4h", "-7"], steps);
    }

    [Fact]
    public async Task The_same_draft_posted_twice_is_one_version_and_owes_nothing_twice()
    {
        NotificationDraft draft = await rig.ImportAsync(Samples.Text);
        Outcome<Project> first = await rig.Issue.RunAsync(draft.Id, false, World.Officer, rig.World.Clock.Now, default);
        int rows = (await rig.World.RowsAsync(ProjectTable.Name)).Count;

        Outcome<Project> second = await rig.Issue.RunAsync(draft.Id, false, World.Officer, rig.World.Clock.Now.AddMinutes(1), default);

        Assert.True(first.TryGet(out Project? one) && second.TryGet(out Project? two) && one.Version == two.Version && one.IssuedAt == two.IssuedAt);
        Assert.Equal(rows, (await rig.World.RowsAsync(ProjectTable.Name)).Count);
    }

    [Fact]
    public async Task The_same_text_in_another_draft_is_the_same_version_even_as_a_revision()
    {
        await rig.IssueAsync();
        NotificationDraft again = await rig.ImportAsync(Samples.Text);

        Assert.True((await rig.Issue.RunAsync(again.Id, true, World.Officer, rig.World.Clock.Now, default)).TryGet(out Project? project));

        Assert.Equal(1, project.Version);
        Assert.Single(await rig.VersionsAsync());
    }

    [Fact]
    public async Task Other_hours_of_the_sessions_are_another_version()
    {
        await rig.IssueAsync();

        Project revised = await rig.IssueAsync(asRevision: true, settings: new() { [ProjectChoices.FromField] = "10:00" });

        Assert.Equal((2, new DateTimeOffset(2023, 8, 14, 3, 0, 0, TimeSpan.Zero)), (revised.Version, revised.StartsAt));
    }

    [Fact]
    public async Task A_code_in_use_is_refused_unless_a_revision_is_meant()
    {
        await rig.IssueAsync();
        NotificationDraft changed = await rig.ImportAsync(Samples.With("Closing Date", "4 August 2023"), new() { [ProjectChoices.ReasonField] = "More time was asked for." });
        Outcome<Project> outcome = await rig.Issue.RunAsync(changed.Id, false, World.Officer, rig.World.Clock.Now, default);

        Refusal refusal = Assert.Single(outcome.Refusals);
        Assert.Equal(("project-code-taken", 409), (refusal.Code, Answers.StatusOf(refusal.Code)));
        Assert.Equal(1, (await rig.Projects.FindAsync(Code, default))?.Version);
    }

    [Fact]
    public async Task A_revision_lists_its_changes_plans_anew_and_leaves_version_1_as_it_was()
    {
        await rig.IssueAsync();
        string first = (await rig.VersionRowsAsync())[0].Text("Body");
        rig.World.Clock.Advance(TimeSpan.FromDays(2));

        Project revised = await rig.IssueAsync(Samples.With("Closing Date", "4 August 2023"), asRevision: true, settings: new() { [ProjectChoices.ReasonField] = "More time was asked for." });

        Assert.Equal((2, new DateTimeOffset(2023, 8, 4, 15, 0, 0, TimeSpan.Zero)), (revised.Version, revised.ClosesAt));
        IReadOnlyList<ProjectVersion> versions = await rig.VersionsAsync();
        Assert.Equal([new ClauseChange("Closing date", "31 July 2023", "4 August 2023")], versions[1].Changes);
        Assert.Equal("More time was asked for.", versions[1].Reason);
        Assert.Equal(first, (await rig.VersionRowsAsync())[0].Text("Body"));
        Assert.Equal(
            [new DateTimeOffset(2023, 7, 31, 15, 0, 0, TimeSpan.Zero), revised.ClosesAt],
            (await rig.World.OwedInAsync(ProjectTable.Name)).Where(one => one.Queue == Queues.CloseNominations).Select(one => one.DueAt!.Value).Order());
    }

    [Theory]
    [InlineData(-1, "perEconomy", "4", false)]
    [InlineData(0, "perEconomy", "4", true)]
    [InlineData(0, "flow", "both", true)]
    [InlineData(0, "scoring", "Relevance 60; Motivation 40", false)]
    [InlineData(0, "offerDays", "5", false)]
    public async Task Whoever_changes_what_decides_the_selection_once_nominations_are_known_is_remembered(int ticksAfterClosing, string field, string value, bool isRemembered)
    {
        Project first = await rig.IssueAsync();
        rig.World.Clock.Now = first.ClosesAt.AddTicks(ticksAfterClosing);

        Project revised = await rig.IssueAsync(
            Samples.With("Closing Date", "4 August 2023"), asRevision: true, settings: new() { [field] = value, [ProjectChoices.ReasonField] = "The host asked for it.", [ProjectChoices.ReopenField] = "yes" });

        Assert.Equal(isRemembered ? [World.Officer.Actor] : [], revised.RulesChangedBy);
    }

    [Fact]
    public async Task That_scores_decide_is_declared_with_what_is_scored_and_changing_it_later_is_changing_the_rules()
    {
        Project first = await rig.IssueAsync(settings: new() { [ProjectChoices.ScoringField] = "Relevance 60; Motivation 40", [ProjectChoices.ScoreUseField] = "WithinRound" });
        Assert.Equal(new ScoringPlan([new ScorePhase("Relevance", 60), new ScorePhase("Motivation", 40)], ScoreUse.WithinRound), first.Settings.Scoring);
        Assert.Equal(SelectionRules.ScoredRuleVersion, PublicSelectionRule.Of(first).Version);
        rig.World.Clock.Now = first.ClosesAt;

        Project revised = await rig.IssueAsync(
            Samples.With("Closing Date", "4 August 2023"), asRevision: true, settings: new() { [ProjectChoices.ScoringField] = "Relevance 50; Motivation 50", [ProjectChoices.ScoreUseField] = "WithinRound", [ProjectChoices.ReasonField] = "They weigh the same.", [ProjectChoices.ReopenField] = "yes" });

        Assert.Equal([World.Officer.Actor], revised.RulesChangedBy);
    }

    [Theory]
    [InlineData("Relevance", "Informs", "score-phase-unreadable")]
    [InlineData("Relevance 0", "Informs", "score-phase-unreadable")]
    [InlineData("Relevance 10; relevance 20", "Informs", "score-phase-twice")]
    [InlineData("A 1; B 1; C 1; D 1; E 1; F 1", "Informs", "score-phases-many")]
    [InlineData("", "WithinEconomy", "score-phases-missing")]
    [InlineData("Relevance 10", "Everything", "score-use-unknown")]
    public void What_reviewers_score_is_read_or_refused(string phases, string use, string code) =>
        Assert.Equal(code, Assert.Single(ProjectChoices.Read(new Dictionary<string, string> { [ProjectChoices.ScoringField] = phases, [ProjectChoices.ScoreUseField] = use }).Refusals).Code);

    [Fact]
    public async Task A_revision_of_a_circulated_project_stays_circulated_and_tells_every_desk()
    {
        await rig.IssueAsync();
        await rig.CirculateAsync();

        Project revised = await rig.IssueAsync(Samples.With("Closing Date", "4 August 2023"), asRevision: true, settings: new() { [ProjectChoices.ReasonField] = "More time was asked for." });

        Assert.Equal(ProjectState.Circulated, revised.State);
        Assert.NotNull(revised.CirculatedAt);
        Assert.Equal(40, (await rig.World.OwedInAsync(ProjectTable.Name)).Where(one => one.Queue == Queues.OpenDesk).DistinctBy(one => one.Id).Count());
    }

    [Fact]
    public async Task Every_problem_of_text_and_choices_is_told_at_once_and_nothing_is_issued()
    {
        string text = Samples.With("Closing Date", "31 September 2023").Replace("Overseas Participants\t38", "Overseas Participants\t-3", StringComparison.Ordinal);

        Outcome<Project> outcome = await rig.TryAsync(text, settings: new()
        {
            [ProjectChoices.ClosingField] = "Mars/Olympus",
            [ProjectChoices.FromField] = "9 o'clock",
            [ProjectChoices.MinimumField] = "180",
            [ProjectChoices.FlowField] = "sideways",
        });

        Assert.Contains(outcome.Refusals, refusal => refusal.Field == NotificationFields.ClosingOn);
        Assert.Contains(outcome.Refusals, refusal => refusal.Field == NotificationFields.Overseas);
        Assert.Equal(
            ["closing-policy-unknown", "flow-unknown", "number-out-of-range", "time-unreadable"],
            outcome.Refusals.Select(refusal => refusal.Code).Intersect(["closing-policy-unknown", "flow-unknown", "number-out-of-range", "time-unreadable"]).Order(StringComparer.Ordinal));
        Assert.Empty(await rig.World.RowsAsync(ProjectTable.Name));
    }

    [Fact]
    public async Task A_closing_that_is_past_is_refused()
    {
        rig.World.Clock.Now = new DateTimeOffset(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

        Outcome<Project> outcome = await rig.TryAsync(Samples.Text);

        Assert.Contains(outcome.Refusals, refusal => refusal.Code == "closing-past");
        Assert.Empty(await rig.World.RowsAsync(ProjectTable.Name));
    }

    [Fact]
    public async Task Short_notice_needs_a_reason()
    {
        rig.World.Clock.Now = new DateTimeOffset(2023, 7, 25, 0, 0, 0, TimeSpan.Zero);

        Outcome<Project> silent = await rig.TryAsync(Samples.Text);
        Assert.Equal("warning-unanswered", Assert.Single(silent.Refusals).Code);

        Assert.False((await rig.TryAsync(Samples.Text, settings: new() { [ProjectChoices.ReasonField] = "The host asked late." })).IsRefused);
    }

    [Fact]
    public async Task A_draft_that_is_not_there_is_not_found() =>
        Assert.Equal("draft-not-found", Assert.Single((await rig.Issue.RunAsync(new string('0', 32), false, World.Officer, rig.World.Clock.Now, default)).Refusals).Code);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_issuing_again_leaves_one_version_and_one_plan(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            NotificationRig dying = new();
            NotificationDraft draft = await dying.ImportAsync(Samples.Text);
            CrashPoints points = new(at, afterEffect);
            try
            {
                await dying.IssueOver(points.Around(dying.World.Tables), points.Around(dying.World.Bus)).RunAsync(draft.Id, false, World.Officer, dying.World.Clock.Now, default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            Assert.True((await dying.Issue.RunAsync(draft.Id, false, World.Officer, dying.World.Clock.Now.AddMinutes(1), default)).TryGet(out Project? project));

            Assert.Equal(1, project.Version);
            Assert.Single(await dying.VersionsAsync());
            Assert.Single(await dying.Projects.ListAsync(default));
            Assert.Equal(9, (await dying.World.OwedInAsync(ProjectTable.Name)).Count);
            if (!points.HasCrashed)
            {
                Assert.True(at > 4, "The crash points were never reached.");
                return;
            }
        }
    }
}

public sealed class CirculateNotificationTests
{
    private readonly NotificationRig rig = new();

    [Fact]
    public async Task Every_active_economy_that_takes_part_has_its_desk_opened_once()
    {
        await rig.IssueAsync(Samples.With("Participating Country(ies)", "All Member Countries except Fiji and Nepal"));

        Assert.True((await rig.CirculateAsync()).TryGet(out int count));

        string[] desks = [.. (await rig.World.OwedInAsync(ProjectTable.Name)).Where(one => one.Queue == Queues.OpenDesk).Select(one => Envelope.Read<DeskToOpen>(one.Body).Economy)];
        Assert.Equal(18, count);
        Assert.Equal(rig.World.Registry.Active.Except(["fiji", "nepal"]).Order(StringComparer.Ordinal), desks.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("hong-kong", desks);
    }

    [Fact]
    public async Task Circulating_twice_owes_nothing_twice()
    {
        await rig.IssueAsync();
        await rig.CirculateAsync();
        int rows = (await rig.World.RowsAsync(ProjectTable.Name)).Count;

        Assert.True((await rig.CirculateAsync()).TryGet(out int count));

        Assert.Equal(20, count);
        Assert.Equal(rows, (await rig.World.RowsAsync(ProjectTable.Name)).Count);
    }

    [Fact]
    public async Task Two_officers_at_once_circulate_once()
    {
        await rig.IssueAsync();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(rig.CirculateAsync)));

        Assert.Equal(20, (await rig.World.OwedInAsync(ProjectTable.Name)).Count(one => one.Queue == Queues.OpenDesk));
    }

    [Fact]
    public async Task From_the_instant_of_closing_on_it_is_refused()
    {
        Project project = await rig.IssueAsync();
        rig.World.Clock.Now = project.ClosesAt;

        Assert.Equal("nominations-closed", Assert.Single((await rig.CirculateAsync()).Refusals).Code);

        rig.World.Clock.Now = project.ClosesAt.AddTicks(-1);
        Assert.False((await rig.CirculateAsync()).IsRefused);
    }

    [Fact]
    public async Task Without_anybody_to_write_to_or_a_project_it_is_refused()
    {
        Assert.Equal("project-not-found", Assert.Single((await rig.CirculateAsync()).Refusals).Code);
        await rig.IssueAsync();
        rig.World.Registry.Entries.Clear();

        Assert.Equal("nobody-to-write-to", Assert.Single((await rig.CirculateAsync()).Refusals).Code);
    }
}

public sealed class PublicFormsTests
{
    private readonly NotificationRig rig = new();

    [Fact]
    public async Task The_calendar_keeps_its_ids_and_raises_its_sequence_with_every_version()
    {
        Project first = await rig.IssueAsync();
        Project second = first with { Version = 2, CalendarSequence = 1, Sessions = [.. first.Sessions.Select(session => session with { StartsAt = session.StartsAt.AddHours(1) })] };

        string[] before = Unfold(ProjectCalendarFile.Write(first));
        string[] after = Unfold(ProjectCalendarFile.Write(second));

        Assert.Equal(
            ["UID:23-IP-10-GE-WSP-A-session-1@plenary", "UID:23-IP-10-GE-WSP-A-session-2@plenary", "UID:23-IP-10-GE-WSP-A-session-3@plenary"],
            before.Where(line => line.StartsWith("UID:", StringComparison.Ordinal)));
        Assert.Equal(before.Where(line => line.StartsWith("UID:", StringComparison.Ordinal)), after.Where(line => line.StartsWith("UID:", StringComparison.Ordinal)));
        Assert.All(before.Where(line => line.StartsWith("SEQUENCE:", StringComparison.Ordinal)), line => Assert.Equal("SEQUENCE:0", line));
        Assert.All(after.Where(line => line.StartsWith("SEQUENCE:", StringComparison.Ordinal)), line => Assert.Equal("SEQUENCE:1", line));
        Assert.Contains("DTSTART;TZID=Asia/Jakarta:20230814T090000", before);
        Assert.Contains("DTSTART;TZID=Asia/Jakarta:20230814T100000", after);
        Assert.Equal(("BEGIN:VCALENDAR", "END:VCALENDAR"), (before[0], before[^1]));
        Assert.Equal(3, before.Count(line => line == "BEGIN:VEVENT"));
    }

    [Theory]
    [InlineData("Plain; with, marks\\ and\nlines", "Plain\\; with\\, marks\\\\ and\\nlines")]
    [InlineData("สวัสดีชาวโลกทุกคนในการประชุมเชิงปฏิบัติการด้านนวัตกรรมภาครัฐครั้งนี้", null)]
    [InlineData("🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", null)]
    public async Task Calendar_lines_hold_75_bytes_at_most_and_unfold_to_the_title(string title, string? expected)
    {
        Project project = await rig.IssueAsync();
        string file = ProjectCalendarFile.Write(project with { Notification = project.Notification with { Title = title } });

        Assert.EndsWith("\r\n", file, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', file.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.All(file.Split("\r\n"), line => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(line), 0, 75));
        Assert.DoesNotContain('\uFFFD', file);
        Assert.Contains(Unfold(file), line => line == $"SUMMARY:{expected ?? title} – Day 1");
    }

    [Fact]
    public async Task The_calendar_brings_the_rules_of_the_one_zone_it_names_and_no_abbreviation()
    {
        Project project = await rig.IssueAsync();
        string[] held = Unfold(ProjectCalendarFile.Write(project));
        string[] cancelled = Unfold(ProjectCalendarFile.WriteCancelled(project, project.Sessions, "contact@example.org", 1));

        Assert.All([held, cancelled], lines =>
        {
            Assert.Single(lines, line => line == "TZID:Asia/Jakarta");
            Assert.Equal(6, lines.Count(line => line.StartsWith("DTSTART;TZID=Asia/Jakarta:", StringComparison.Ordinal) || line.StartsWith("DTEND;TZID=Asia/Jakarta:", StringComparison.Ordinal)));
            Assert.True(Array.IndexOf(lines, "END:VTIMEZONE") < Array.IndexOf(lines, "BEGIN:VEVENT"));
            Assert.DoesNotContain(lines, line => line.StartsWith("TZNAME", StringComparison.Ordinal) || line.Contains("WIB", StringComparison.Ordinal));
        });
        Assert.Contains("METHOD:PUBLISH", held);
        Assert.Contains("METHOD:CANCEL", cancelled);
    }

    [Fact]
    public async Task A_cancelled_project_says_so_in_the_calendar()
    {
        Project project = await rig.IssueAsync();

        Assert.DoesNotContain("STATUS:CONFIRMED", ProjectCalendarFile.Write(project with { State = ProjectState.Cancelled }), StringComparison.Ordinal);
    }

    /// <summary>Others read this JSON; members are added, never renamed or removed.</summary>
    [Fact]
    public async Task The_public_JSON_keeps_its_members()
    {
        await rig.IssueAsync();
        ProjectView view = Assert.IsType<ProjectView>(await new ShowProject(rig.Projects, rig.World.Registry, []).FindAsync("23-ip-10-ge-wsp-a", default));

        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(System.Text.Json.JsonSerializer.Serialize(PublicProject.From(view), Answers.Json));

        System.Text.Json.JsonElement root = json.RootElement;
        string[] members =
        [
            "code", "version", "state", "reference", "title", "issuedOn", "issuedAt", "startsOn", "endsOn", "hosts", "venues", "modality", "implementingOrganizations",
            "allMemberEconomies", "participatingEconomies", "except", "overseasPlaces", "localPlaces", "closingOn", "closingPolicy", "closesAt", "objectives", "rationale",
            "backgroundHtml", "topics", "outcomes", "qualifications", "sessions", "revisions", "selection",
        ];
        Assert.Empty(members.Except(root.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(
            ("23-IP-10-GE-WSP-A", 1, "2023-08-14", "2023-08-16", 38, 12, "2023-07-31", "Asia/Tokyo", "indonesia", "Indonesia"),
            (Text("code"), root.GetProperty("version").GetInt32(), Text("startsOn"), Text("endsOn"), root.GetProperty("overseasPlaces").GetInt32(), root.GetProperty("localPlaces").GetInt32(),
                Text("closingOn"), Text("closingPolicy"), root.GetProperty("hosts")[0].GetProperty("id").GetString(), root.GetProperty("hosts")[0].GetProperty("name").GetString()));
        Assert.Equal(new DateTimeOffset(2023, 7, 31, 15, 0, 0, TimeSpan.Zero), root.GetProperty("closesAt").GetDateTimeOffset());
        Assert.Equal("round-robin-1", root.GetProperty("selection").GetProperty("version").GetString());
        Assert.Equal("23-IP-10-GE-WSP-A", root.GetProperty("selection").GetProperty("seed").GetString());
        Assert.False(root.GetProperty("selection").GetProperty("changedAfterClosing").GetBoolean());
        Assert.DoesNotContain("issuedBy", root.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(World.Officer.Id, root.GetRawText(), StringComparison.Ordinal);

        string? Text(string name) => root.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("99-XX-99-XX-XX-X")]
    [InlineData("")]
    public async Task What_was_not_issued_is_not_shown(string code) =>
        Assert.Null(await new ShowProject(rig.Projects, rig.World.Registry, []).FindAsync(code, default));

    private static string[] Unfold(string file) => file.Replace("\r\n ", "", StringComparison.Ordinal).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The secretariat's side of a notification, in memory.</summary>
internal sealed class NotificationRig
{
    public World World { get; } = new();

    public ProjectTable Projects => new(World.Tables);

    public IssueNotification Issue => IssueOver(World.Tables, World.Bus);

    public IssueNotification IssueOver(ITables tables, IBus bus)
    {
        DraftTable drafts = new(tables);
        return new IssueNotification(drafts, new ImportNotification(drafts, World.Registry), new ProjectTable(tables), Around, new VersionWriter(new ProjectTable(tables), World.DecisionsOver(tables, bus)));
    }

    public FakeSelections Selections { get; } = new();

    public FakeAttendance Attendance { get; } = new();

    public CancelProject Cancel => new(Projects, Around, new VersionWriter(Projects, World.DecisionsOver(World.Tables, World.Bus)));

    private ReadSurroundings Around => new(World.Registry, World.Nominations, Selections, Attendance);

    public async Task<NotificationDraft> ImportAsync(string text, Dictionary<string, string>? settings = null)
    {
        DraftTable drafts = new(World.Tables);
        Outcome<NotificationDraft> outcome = await new ImportNotification(drafts, World.Registry).RunAsync(text, World.Officer, World.Clock.Now, default);
        Assert.True(outcome.TryGet(out NotificationDraft? draft), string.Join(' ', outcome.Refusals.Select(refusal => refusal.Reason)));
        NotificationDraft chosen = draft with { Settings = settings ?? [] };
        await drafts.SaveAsync(chosen, default);
        return chosen;
    }

    public async Task<Outcome<Project>> TryAsync(string text, bool asRevision = false, Dictionary<string, string>? settings = null) =>
        await Issue.RunAsync((await ImportAsync(text, settings)).Id, asRevision, World.Officer, World.Clock.Now, default);

    public async Task<Project> IssueAsync(string? text = null, bool asRevision = false, Dictionary<string, string>? settings = null)
    {
        Outcome<Project> outcome = await TryAsync(text ?? Samples.Text, asRevision, settings);
        Assert.True(outcome.TryGet(out Project? project), string.Join(' ', outcome.Refusals.Select(refusal => refusal.Reason)));
        return project;
    }

    public Task<Outcome<int>> CirculateAsync() =>
        new CirculateNotification(Projects, World.Registry, World.DecisionsOver(World.Tables, World.Bus)).RunAsync(Samples.Notification.Code, World.Officer, World.Clock.Now, default);

    public Task<IReadOnlyList<Row>> VersionRowsAsync() => World.RowsAsync(ProjectTable.Name, "version-");

    public async Task<IReadOnlyList<ProjectVersion>> VersionsAsync() => [.. (await VersionRowsAsync()).Select(row => row.Body<ProjectVersion>())];
}
