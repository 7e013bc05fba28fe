using Plenary.Attendance;
using Plenary.Domain;
using Plenary.Functions.Tests.Surveys;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Attendance;

public sealed class RecordAttendanceTests
{
    private readonly AttendanceRig rig = new();

    [Fact]
    public async Task What_is_ticked_is_kept_by_person_and_session()
    {
        Assert.True((await rig.RecordAsync((0, [true, false, true]), (1, [false, false, false]))).TryGet(out int changed));

        Assert.Equal(2, changed);
        Assert.Equal([1, 3], (await rig.PresenceAsync())[rig.Candidate(0)]);
        Assert.Equal((rig.Candidate(0), 2), Assert.Single((await rig.Read.ListAttendedAsync(rig.Project.Code, default)).Select(entry => (entry.Key, entry.Value))));
    }

    [Fact]
    public async Task What_was_recorded_last_counts_and_what_is_not_mentioned_stays()
    {
        await rig.RecordAsync((0, [true, true, true]), (1, [true, true, true]));
        await rig.RecordAsync((0, [false, true, true]));

        Assert.Equal([2, 3], (await rig.PresenceAsync())[rig.Candidate(0)]);
        Assert.Equal([1, 2, 3], (await rig.PresenceAsync())[rig.Candidate(1)]);

        await rig.Record.RunAsync(
            rig.Project, new Dictionary<string, IReadOnlyDictionary<int, bool>> { [rig.Candidate(1)] = new Dictionary<int, bool> { [2] = false } }, World.Officer, rig.World.Clock.Now, default);
        Assert.Equal([1, 3], (await rig.PresenceAsync())[rig.Candidate(1)]);
    }

    [Fact]
    public async Task The_same_list_twice_writes_once()
    {
        await rig.RecordAsync((0, [true, true, true]));
        int rows = (await rig.World.RowsAsync(AttendanceTable.Name)).Count;

        Assert.True((await rig.RecordAsync((0, [true, true, true]))).TryGet(out int changed));

        Assert.Equal(0, changed);
        Assert.Equal(rows, (await rig.World.RowsAsync(AttendanceTable.Name)).Count);
    }

    [Fact]
    public async Task Somebody_without_a_place_is_refused_and_nobody_else_is_recorded()
    {
        Outcome<int> outcome = await rig.Record.RunAsync(
            rig.Project,
            new Dictionary<string, IReadOnlyDictionary<int, bool>>
            {
                [rig.Candidate(0)] = new Dictionary<int, bool> { [1] = true },
                ["fiji/stranger"] = new Dictionary<int, bool> { [1] = true },
            },
            World.Officer,
            rig.World.Clock.Now,
            default);

        Assert.Equal("participant-unknown", Assert.Single(outcome.Refusals).Code);
        Assert.Empty(await rig.World.RowsAsync(AttendanceTable.Name));
    }

    [Fact]
    public async Task Nobody_was_present_before_the_first_session_began()
    {
        rig.World.Clock.Now = rig.Project.StartsAt.AddTicks(-1);
        Assert.Equal("attendance-early", Assert.Single((await rig.RecordAsync((0, [true, false, false]))).Refusals).Code);

        rig.World.Clock.Now = rig.Project.StartsAt;
        Assert.False((await rig.RecordAsync((0, [true, false, false]))).IsRefused);
    }

    [Fact]
    public async Task More_people_than_one_transaction_takes_are_all_recorded()
    {
        AttendanceRig large = new(participants: 250);

        Assert.True((await large.RecordAsync([.. Enumerable.Range(0, 250).Select(number => (number, new[] { true, true, true }))])).TryGet(out int changed));

        Assert.Equal(250, changed);
        Assert.Equal(250, (await large.Read.ListAttendedAsync(large.Project.Code, default)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_sending_the_page_again_records_the_rest(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            AttendanceRig large = new(participants: 100);
            (int, bool[])[] all = [.. Enumerable.Range(0, 100).Select(number => (number, new[] { true, false, true }))];
            CrashPoints points = new(at, afterEffect);
            try
            {
                await large.RecordOver(points.Around(large.World.Tables)).RunAsync(large.Project, large.Presence(all), World.Officer, large.World.Clock.Now, default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            Assert.False((await large.RecordAsync(all)).IsRefused);

            Assert.Equal(100, (await large.Read.ListAttendedAsync(large.Project.Code, default)).Count(entry => entry.Value == 2));
            if (!points.HasCrashed)
            {
                return;
            }
        }
    }
}

public sealed class IssueCertificatesTests
{
    private readonly AttendanceRig rig = new();

    [Fact]
    public async Task Eighty_percent_of_three_sessions_means_all_three()
    {
        await rig.RecordAsync((0, [true, true, true]), (1, [true, true, false]));

        Assert.True((await rig.IssueAsync()).TryGet(out int count));

        Assert.Equal(1, count);
        Certificate certificate = Assert.Single(await rig.CertificatesAsync());
        Assert.Equal(("Person 1", 3, 3, "The Secretariat"), (certificate.Name, certificate.SessionsAttended, certificate.Sessions, certificate.Organisation));
        Assert.Equal(certificate, await new CertificateTable(rig.World.Tables).FindAsync(certificate.Number, default));
    }

    [Theory]
    [InlineData(66, 2)]
    [InlineData(67, 1)]
    [InlineData(0, 3)]
    [InlineData(100, 1)]
    public async Task The_project_says_what_is_enough(int minimum, int expected)
    {
        AttendanceRig other = new(participants: 3, settings: new ProjectSettings { CertificateMinimum = minimum });
        await other.RecordAsync((0, [true, true, true]), (1, [true, true, false]));

        Assert.True((await other.IssueAsync()).TryGet(out int count));

        Assert.Equal(expected, count);
    }

    [Fact]
    public async Task Issuing_twice_issues_only_what_is_missing_and_no_number_changes()
    {
        await rig.RecordAsync((0, [true, true, true]));
        await rig.IssueAsync();
        Certificate first = Assert.Single(await rig.CertificatesAsync());
        await rig.RecordAsync((1, [true, true, true]));
        rig.World.Clock.Advance(TimeSpan.FromDays(1));

        Assert.True((await rig.IssueAsync()).TryGet(out int count));

        Assert.Equal(2, count);
        Assert.Contains(first, await rig.CertificatesAsync());
        Assert.Equal(2, (await rig.World.OwedInAsync(AttendanceTable.Name)).Count(owed => owed.Queue == Queues.SendMail));
    }

    [Fact]
    public async Task A_certificate_once_issued_stays_though_attendance_is_corrected()
    {
        await rig.RecordAsync((0, [true, true, true]));
        await rig.IssueAsync();
        Certificate issued = Assert.Single(await rig.CertificatesAsync());
        await rig.RecordAsync((0, [false, false, false]));

        await rig.IssueAsync();

        Assert.Equal(issued, Assert.Single(await rig.CertificatesAsync()));
    }

    [Fact]
    public async Task Before_the_last_session_is_over_nothing_is_issued()
    {
        await rig.RecordAsync((0, [true, true, true]));
        rig.World.Clock.Now = rig.Project.EndsAt.AddTicks(-1);

        Assert.Equal("project-not-over", Assert.Single((await rig.IssueAsync()).Refusals).Code);
        Assert.Empty(await rig.CertificatesAsync());
    }

    [Fact]
    public async Task Two_officers_at_once_issue_one_certificate_each_person()
    {
        await rig.RecordAsync([.. Enumerable.Range(0, 12).Select(number => (number, new[] { true, true, true }))]);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(rig.IssueAsync)));

        Assert.Equal(12, (await rig.CertificatesAsync()).Count);
        Assert.Equal(12, (await rig.World.RowsAsync(CertificateTable.Name)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_issuing_again_leaves_one_certificate_that_can_be_checked(bool afterEffect)
    {
        for (int at = 1; ; at++)
        {
            AttendanceRig dying = new(participants: 3);
            await dying.RecordAsync((0, [true, true, true]), (1, [true, true, true]));
            CrashPoints points = new(at, afterEffect);
            try
            {
                await dying.IssueOver(points.Around(dying.World.Tables), points.Around(dying.World.Bus)).RunAsync(dying.Project, World.Officer, dying.World.Clock.Now, default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            Assert.True((await dying.IssueAsync()).TryGet(out int count));

            Assert.Equal(2, count);
            IReadOnlyList<Certificate> certificates = await dying.CertificatesAsync();
            Assert.Equal(2, certificates.Count);
            Assert.Equal(certificates.Select(certificate => certificate.Number).Order(StringComparer.Ordinal), (await dying.World.RowsAsync(CertificateTable.Name)).Select(row => row.Body<Certificate>().Number).Order(StringComparer.Ordinal));
            await dying.World.RelayAsync(AttendanceTable.Name);
            Assert.Equal(
                certificates.Select(certificate => certificate.Number).Order(StringComparer.Ordinal),
                dying.World.Sent<MailOwed>(Queues.SendMail).Select(mail => mail.Version).Distinct().Order(StringComparer.Ordinal));
            if (!points.HasCrashed)
            {
                Assert.True(at > 6, "The crash points were never reached.");
                return;
            }
        }
    }

    [Fact]
    public async Task The_mail_carries_the_address_at_which_anybody_can_check_and_no_more_than_its_own_number()
    {
        rig.World.Nominations.Add(1, "nepal");
        Plenary.Nominations.Nomination nominee = rig.World.Nominations.All[0];
        AttendanceRig own = new(participants: 0, world: rig.World);
        own.Selections.Participants.Add(new Participant(nominee.Economy, nominee.Id, nominee.Name, nominee.Email, Pool.Overseas));
        await own.RecordAsync((0, [true, true, true]));
        await own.IssueAsync();
        Certificate certificate = Assert.Single(await own.CertificatesAsync());
        CertificateMails mails = new(own.World.Nominations, own.Table, World.Access());
        MailOwed owed = new(own.Project.Code.ToString(), CertificateMails.Issued, $"nominee:{own.Candidate(0)}", own.Candidate(0), certificate.Number);

        Composition composition = await mails.ComposeAsync(owed, own.World.Clock.Now, default);

        Assert.Equal(nominee.Email, composition.Draft?.ToAddress);
        Assert.Contains($"https://plenary.example.org/certificates/{certificate.Number}", composition.Draft?.Body.Text, StringComparison.Ordinal);
        Assert.Equal("record-gone", (await mails.ComposeAsync(owed with { Version = "2023-AAAA-BBBB-CCCC" }, own.World.Clock.Now, default)).NotOwed);
    }
}

/// <summary>A project that is over, and who held a place.</summary>
internal sealed class AttendanceRig
{
    public AttendanceRig(int participants = 12, ProjectSettings? settings = null, World? world = null)
    {
        World = world ?? new World();
        Project = World.Projects.Add(FakeProjects.Workshop(settings: settings));
        World.Clock.Now = Project.EndsAt;
        for (int number = 1; number <= participants; number++)
        {
            Selections.Participants.Add(new Participant("nepal", $"n{number:D3}", $"Person {number}", $"p{number}@example.org", Pool.Overseas));
        }
    }

    public World World { get; }

    public Project Project { get; }

    public FakeSelections Selections { get; } = new();

    public AttendanceTable Table => new(World.Tables);

    public IAttendance Read => new ReadAttendance(Table);

    public RecordAttendance Record => RecordOver(World.Tables);

    public string Candidate(int number) => Selections.Participants[number].Candidate;

    public RecordAttendance RecordOver(ITables tables) => new(Selections, new AttendanceTable(tables), World.DecisionsOver(tables, World.Bus));

    public IssueCertificates IssueOver(ITables tables, IBus bus) =>
        new(Selections, new AttendanceTable(tables), new CertificateTable(tables), World.DecisionsOver(tables, bus), World.Organisation);

    public Task<Outcome<int>> IssueAsync() => IssueOver(World.Tables, World.Bus).RunAsync(Project, World.Officer, World.Clock.Now, default);

    public Dictionary<string, IReadOnlyDictionary<int, bool>> Presence((int Number, bool[] Sessions)[] people) => people.ToDictionary(
        person => Candidate(person.Number),
        IReadOnlyDictionary<int, bool> (person) => person.Sessions.Index().ToDictionary(session => session.Index + 1, session => session.Item));

    public Task<Outcome<int>> RecordAsync(params (int Number, bool[] Sessions)[] people) => Record.RunAsync(Project, Presence(people), World.Officer, World.Clock.Now, default);

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<int>>> PresenceAsync() =>
        (await World.RowsAsync(AttendanceTable.Name, AttendanceTable.PresencePrefix)).Select(row => row.Body<PresenceRecord>()).ToDictionary(record => record.Candidate, record => record.Sessions);

    public async Task<IReadOnlyList<Certificate>> CertificatesAsync() =>
        [.. (await World.RowsAsync(AttendanceTable.Name, AttendanceTable.CertificatePrefix)).Select(row => row.Body<Certificate>())];
}
