using Plenary.Access;
using Plenary.Agenda;
using Plenary.Attendance;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Functions.Tests.Domain.Notifications;
using Plenary.Infra.Blobs;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Surveys;

namespace Plenary.Cli.Tests;

/// <summary>The example project with as many nominees as wanted, written by the rules of the tables' owners.</summary>
internal static class Sample
{
    public const string FirstDocument = "d1";

    private const int NomineesPerBatch = 24;

    private static readonly Dictionary<string, string> NoMetadata = [];

    public static DateTimeOffset Now { get; } = new(2023, 9, 1, 0, 0, 0, TimeSpan.Zero);

    public static ProjectCode Code { get; } = ProjectCode.Parse("23-IP-10-GE-WSP-A");

    public static DateTimeOffset ClosesAt { get; } = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<string> Tables { get; } =
    [
        AgendaTable.Name, AttendanceTable.Name, CertificateTable.Name, ClosingTable.Name, DraftTable.Name, Links.Table, MailTable.Name, NominationTable.Name, OutboxNames.Markers, PersonTable.Name,
        Publishing.OutcomeTable.Name, ProjectTable.Name, QuestionnaireTable.Name, RegistryTable.Name, ReminderTable.Name, SelectionTable.Name, SurveyAnswerTable.Name, SurveyRightTable.Name,
    ];

    public static Project Project { get; } = new()
    {
        Code = Code,
        Version = 1,
        State = ProjectState.Circulated,
        Notification = Samples.Notification,
        Settings = new ProjectSettings(),
        HostZone = "Asia/Jakarta",
        Sessions = [new ProjectSession(1, "Day 1", new DateTimeOffset(2023, 8, 14, 2, 0, 0, TimeSpan.Zero), new DateTimeOffset(2023, 8, 14, 10, 0, 0, TimeSpan.Zero))],
        IssuedAt = new DateTimeOffset(2023, 7, 3, 8, 0, 0, TimeSpan.Zero),
        ClosesAt = ClosesAt,
    };

    /// <summary>A small project with something in every table.</summary>
    public static async Task WriteAsync(ITables tables, IBlobs blobs)
    {
        await WriteDesksAsync(tables, ["indonesia", "japan"], each: 3);
        await WriteDocumentAsync(tables, blobs);
        await WriteProjectAsync(tables);
        await WriteSelectionAsync(tables, blobs);
        await WriteAfterwardsAsync(tables);
    }

    public static string PartitionOf(string economy) => NominationTable.PartitionOf(Code, economy);

    public static string NomineeId(string economy, int number) => $"{economy.Replace("-", "", StringComparison.Ordinal)}{number:D6}";

    /// <summary>Desks with their gates, nominees, ranks and indexes; streamed, four batches at once.</summary>
    public static async Task WriteDesksAsync(ITables tables, IReadOnlyList<string> economies, int each, Action<long>? said = null)
    {
        ITable table = tables.Get(NominationTable.Name);
        long written = 0;
        await Parallel.ForEachAsync(economies, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (economy, cancellation) =>
        {
            string partition = PartitionOf(economy);
            Desk desk = new()
            {
                Project = Code,
                ProjectTitle = Project.Notification.Title,
                ProjectVersion = 1,
                Economy = economy,
                EconomyName = economy,
                Zone = "Asia/Tokyo",
                ClosesAt = ClosesAt,
                ProjectEndsAt = Project.EndsAt,
                MostNominees = each,
                Generation = 1,
            };
            Row gate = Row.Of(new RowKey(partition, "gate"), desk, ("ClosesTicks", desk.ClosesAt.UtcTicks), ("Generation", 1L));
            await Done(table.CommitAsync(new Batch(partition).Insert(gate), cancellation));
            DeskRows rows = new(gate, isWhole: true);
            foreach (int[] numbers in Enumerable.Range(1, each).Chunk(NomineesPerBatch))
            {
                Batch batch = new(partition);
                foreach (int number in numbers)
                {
                    rows.InsertNominee(batch, NomineeOf(economy, number), number, $"key-{number}", "hash");
                }

                await Done(table.CommitAsync(batch, cancellation));
                said?.Invoke(Interlocked.Add(ref written, numbers.Length));
            }
        });
    }

    /// <summary>The head, its version and its place in the catalogue.</summary>
    public static async Task WriteProjectAsync(ITables tables)
    {
        ITable table = tables.Get(ProjectTable.Name);
        ProjectVersion version = new(1, Project.IssuedAt, "secretariat:tests", Samples.Text, Project.Notification, [], null);
        await Done(table.CommitAsync(
            new Batch(ProjectTable.PartitionOf(Code))
                .Insert(Row.Of(ProjectTable.HeadOf(Code), Project, ("State", Project.State.ToString()), ("Version", Project.Version), ("ClosesTicks", Project.ClosesAt.UtcTicks)))
                .Insert(Row.Of(ProjectTable.VersionOf(Code, 1), version)),
            CancellationToken.None));
        await InsertAsync(table, Row.Of(ProjectTable.CatalogueOf(Code), ("Code", Code.ToString())));
    }

    public static Task InsertAsync(ITable table, Row row) => Done(table.CommitAsync(new Batch(row.Key.Partition).Insert(row), CancellationToken.None));

    public static MailOwed MailOf(string economy) => new(Code.ToString(), CirculationMail.Kind, $"officer:{economy}", Code.ToString(), "1");

    private static Nominee NomineeOf(string economy, int number)
    {
        NomineeEntry entry = new()
        {
            Name = $"Nominee {number}",
            Email = $"nominee{number}@{economy}.example.org",
            Nationality = economy,
            Position = "Director",
            Organisation = "Ministry of Manpower",
            Sector = "government",
            YearsOfExperience = 7,
            Statement = "Leads the innovation programme of the ministry and will carry what is learnt into its training academy.",
        };
        DateTimeOffset at = ClosesAt.AddDays(-3).AddSeconds(number % 100_000);
        return new Nominee(NomineeId(economy, number), NomineeState.Submitted, entry, new Submission(entry, [], entry.ComputeHash([]), 1, at, at), at, at);
    }

    private static async Task WriteDocumentAsync(ITables tables, IBlobs blobs)
    {
        byte[] content = "%PDF-1.7 of a test"u8.ToArray();
        string id = NomineeId("japan", 1);
        NomineeDocument document = new(
            FirstDocument, id, "cv.pdf", DocumentKind.Pdf, content.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), DocumentState.Clean, ClosesAt.AddDays(-2));
        using MemoryStream stream = new(content);
        await blobs.UploadAsync(DocumentStore.Container, DocumentStore.BlobName(Code, "japan", document), stream, "application/octet-stream", NoMetadata, CancellationToken.None);
        await InsertAsync(tables.Get(NominationTable.Name), Row.Of(NominationTable.DocumentKey(PartitionOf("japan"), id, document.Id), document, ("State", document.State.ToString())));
    }

    private static async Task WriteSelectionAsync(ITables tables, IBlobs blobs)
    {
        Candidate[] candidates = [.. new[] { "indonesia", "japan" }.SelectMany(economy => Enumerable.Range(1, 3).Select(number => new Candidate(CandidateId.Of(economy, NomineeId(economy, number)), economy, number)))];
        SelectionResult result = RoundRobinSelection.Select(SelectionRules.DeclaredBy(Project), candidates);
        string digest = result.ComputeDigest();
        using MemoryStream json = new(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(result, Row.Json));
        await blobs.UploadAsync(SelectionTable.Container, $"{Code}/{digest}.json", json, "application/json", NoMetadata, CancellationToken.None);
        SelectionRecord record = new(SelectionStage.Approved, digest, result.RuleVersion, result.DrawSeed, "", false, false, result.Overseas, result.Local, BalanceReport.Of(result.Decisions, _ => ("government", "")), ClosesAt.AddHours(1), "secretariat:tests", ClosesAt.AddHours(2), "secretariat:tests");
        SelectionDecision decision = result.Decisions.First(one => one.Economy == "japan");
        PlaceName place = decision.Place ?? throw new InvalidOperationException("Nobody was selected.");
        Offer offer = new(decision.NominationId, "japan", decision.Pool, place, ClosesAt.AddHours(3), ClosesAt.AddDays(7), OfferState.Accepted, ClosesAt.AddDays(1));
        (string economy, string id) = CandidateId.Read(decision.NominationId);
        await Done(tables.Get(SelectionTable.Name).CommitAsync(
            new Batch(SelectionTable.PartitionOf(Code))
                .Insert(Row.Of(SelectionTable.SelectionOf(Code), record, ("Stage", record.Stage.ToString())))
                .Insert(Row.Of(SelectionTable.PlaceOf(Code, place), ("Candidate", decision.NominationId)))
                .Insert(Row.Of(SelectionTable.OfferOf(Code, decision.NominationId), new OfferRecord(economy, id, 1, offer), ("State", offer.State.ToString()))),
            CancellationToken.None));
    }

    private static async Task WriteAfterwardsAsync(ITables tables)
    {
        string candidate = CandidateId.Of("japan", NomineeId("japan", 1));
        NominationCounts[] counts = [.. new[] { "indonesia", "japan" }.Select(economy => new NominationCounts(economy, economy, 3, 0, 0, 0, ClosesAt))];
        await InsertAsync(tables.Get(ClosingTable.Name), Row.Of(ClosingTable.KeyOf(Code), new ClosedNominations(Code, ClosesAt, counts), ("ClosedTicks", ClosesAt.UtcTicks), ("Submitted", 6L)));
        Certificate certificate = new("C-1", Code.ToString(), "Title", "Nominee 1", "held", "Plenary", 1, 1, Now);
        await InsertAsync(tables.Get(AttendanceTable.Name), Row.Of(AttendanceTable.PresenceOf(Code, candidate), new PresenceRecord(candidate, [1]), ("Sessions", 1)));
        await InsertAsync(tables.Get(AttendanceTable.Name), Row.Of(AttendanceTable.CertificateOf(Code, candidate), certificate, ("Candidate", candidate)));
        await InsertAsync(tables.Get(CertificateTable.Name), Row.Of(CertificateTable.KeyOf(certificate.Number), certificate));
        Survey survey = new(Code.ToString(), Questionnaire.Default, Project.EndsAt, Project.EndsAt.AddDays(14), 5, 1);
        await InsertAsync(tables.Get(SurveyRightTable.Name), Row.Of(SurveyRightTable.SurveyOf(Code), survey));
        await InsertAsync(tables.Get(SurveyRightTable.Name), Row.Of(SurveyRightTable.RightOf(Code, 1, candidate), new SurveyRight(candidate, true, null), ("IsSpent", true)));
        await InsertAsync(tables.Get(SurveyAnswerTable.Name), Row.Of(new RowKey(SurveyAnswerTable.PartitionOf(Code), "abc"), new SurveyAnswers(new Dictionary<string, int>(), new Dictionary<string, string>())));
        MailIntent sent = MailIntent.Waiting(MailOf("japan"), ClosesAt) with { State = MailState.Sent, Attempts = 1, SentAt = ClosesAt };
        await InsertAsync(tables.Get(MailTable.Name), Row.Of(MailTable.KeyOf(Code.ToString(), sent.Owed.Id), sent, ("Kind", sent.Owed.Kind), ("State", "Sent"), ("PossibleDuplicate", false)));
        Link link = new(LinkPurpose.Offer, Code.ToString(), candidate, 1, Now.AddDays(30));
        await InsertAsync(tables.Get(Links.Table), Row.Of(Links.KeyOf(Links.Hash("a token")), link, ("Purpose", link.Purpose.ToString()), ("Project", link.Project)));
        await InsertAsync(tables.Get(AgendaTable.Name), AgendaTable.ToRow(ReminderDue.Plan(Code.ToString(), Ladders.Survey, "", [1], Now, Now).Single()));
        Economy economy = new("japan", "Japan", true, "Asia/Tokyo", []);
        await InsertAsync(tables.Get(RegistryTable.Name), Row.Of(RegistryTable.KeyOf("japan"), new RegistryEntry(economy, [new Officer(OfficerRole.Officer, "Hana Abe", "hana.abe@example.org", "en", null, null)])));
    }

    /// <summary>Somebody has been asked to endorse the second nominee of Japan, and holds a link.</summary>
    public static async Task WriteEndorsementAsync(ITables tables)
    {
        string candidate = CandidateId.Of("japan", NomineeId("japan", 2));
        MailOwed owed = new(Code.ToString(), EndorsementMails.Asked, $"endorser:{candidate}", candidate, "1");
        MailIntent sent = MailIntent.Waiting(owed, ClosesAt) with { State = MailState.Sent, Attempts = 1, SentAt = ClosesAt };
        await InsertAsync(tables.Get(MailTable.Name), Row.Of(MailTable.KeyOf(Code.ToString(), owed.Id), sent, ("Kind", owed.Kind), ("State", "Sent"), ("PossibleDuplicate", false)));
        Link link = new(LinkPurpose.Endorsement, Code.ToString(), candidate, 1, Now.AddDays(30));
        await InsertAsync(tables.Get(Links.Table), Row.Of(Links.KeyOf(Links.Hash("an endorser's token")), link, ("Purpose", link.Purpose.ToString()), ("Project", link.Project)));
    }

    private static async Task Done(Task<CommitResult> committing) => Assert.True((await committing).IsDone);
}
