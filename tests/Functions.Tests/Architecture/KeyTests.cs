using Plenary.Access;
using Plenary.Agenda;
using Plenary.Attendance;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Publishing;
using Plenary.Selection;
using Plenary.Surveys;

namespace Plenary.Functions.Tests.Architecture;

/// <summary>Names of tables and keys of rows as they lie in the store. Rows written years ago are found by these, so a change here loses them.</summary>
public sealed class KeyTests
{
    private static readonly ProjectCode Code = ProjectCode.Parse("23-IP-10-GE-WSP-A");
    private static readonly DateTimeOffset Instant = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string> TableNames { get; } = new()
    {
        { "Projects", ProjectTable.Name },
        { "Drafts", DraftTable.Name },
        { "Nominations", NominationTable.Name },
        { "People", PersonTable.Name },
        { "Closings", ClosingTable.Name },
        { "Selections", SelectionTable.Name },
        { "Agenda", AgendaTable.Name },
        { "Reminders", ReminderTable.Name },
        { "Mail", MailTable.Name },
        { "Attendance", AttendanceTable.Name },
        { "Certificates", CertificateTable.Name },
        { "SurveyRights", SurveyRightTable.Name },
        { "SurveyAnswers", SurveyAnswerTable.Name },
        { "Questionnaires", QuestionnaireTable.Name },
        { "Outcomes", OutcomeTable.Name },
        { "Registry", RegistryTable.Name },
        { "Links", Links.Table },
        { "OutboxMarkers", OutboxNames.Markers },
    };

    [Theory]
    [MemberData(nameof(TableNames))]
    public void The_table_is_called_as_ever(string expected, string name) => Assert.Equal(expected, name);

    [Fact]
    public void Projects_lie_in_a_partition_each_with_head_and_versions_and_one_lists_them_all()
    {
        Assert.Equal(new RowKey("project|23-IP-10-GE-WSP-A", "head"), ProjectTable.HeadOf(Code));
        Assert.Equal(new RowKey("project|23-IP-10-GE-WSP-A", "version-0007"), ProjectTable.VersionOf(Code, 7));
        Assert.Equal(new RowKey("catalogue", "23-IP-10-GE-WSP-A"), ProjectTable.CatalogueOf(Code));
        Assert.Equal(new RowKey("draft", "0123"), DraftTable.KeyOf("0123"));
    }

    [Fact]
    public void A_desk_is_the_partition_of_one_economy_in_one_project()
    {
        Assert.Equal("23-IP-10-GE-WSP-A|lao-pdr", NominationTable.PartitionOf(Code, "lao-pdr"));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A|lao-pdr", "gate"), NominationTable.GateKey(Code, "lao-pdr"));
        Assert.Equal(new RowKey("p", "nominee-abc"), NominationTable.NomineeKey("p", "abc"));
        Assert.Equal(new RowKey("p", "rank-003"), NominationTable.RankKey("p", 3));
        Assert.Equal(new RowKey("p", "key-a=2Fb"), NominationTable.SubmissionKey("p", "a/b"));
        Assert.Equal(new RowKey("p", "extension-K7QF-2M9X"), NominationTable.ExtensionKey("p", "K7QF-2M9X"));
        Assert.Equal(new RowKey("p", "doc-abc-d1"), NominationTable.DocumentKey("p", "abc", "d1"));
        Assert.StartsWith("mail-", NominationTable.MailKey("p", "a@example.org").Row, StringComparison.Ordinal);
    }

    [Fact]
    public void People_are_found_by_hashes_and_lead_to_ids()
    {
        Assert.Equal("name-ebb18a030bf15174f5714e24d63af1a8", PersonTable.PartitionOf("name", "a@b.example"));
        Assert.Equal(new RowKey("mail-0f", "23-IP-10-GE-WSP-A|lao-pdr|k7"), PersonTable.KeyOf("mail-0f", new PersonSeen(Code, "lao-pdr", "k7")));
    }

    [Fact]
    public void Selection_offers_and_places_share_the_partition_of_the_project()
    {
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "selection"), SelectionTable.SelectionOf(Code));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "offer-lao-pdr=2Fk7"), SelectionTable.OfferOf(Code, CandidateId.Of("lao-pdr", "k7")));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "kept-lao-pdr=2Fk7"), SelectionTable.KeptOf(Code, CandidateId.Of("lao-pdr", "k7")));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "place-overseas-07"), SelectionTable.PlaceOf(Code, new PlaceName(Pool.Overseas, 7)));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "reviewer-k7"), SelectionTable.ReviewerOf(Code, "k7"));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "score-k7-lao-pdr=2Fk9"), SelectionTable.ScoreOf(Code, "k7", CandidateId.Of("lao-pdr", "k9")));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "closing"), ClosingTable.KeyOf(Code));
    }

    [Fact]
    public void Attendance_and_certificates_are_found_by_person_and_by_number()
    {
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "presence-fiji=2Fk7"), AttendanceTable.PresenceOf(Code, "fiji/k7"));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "certificate-fiji=2Fk7"), AttendanceTable.CertificateOf(Code, "fiji/k7"));
        Assert.Equal(new RowKey("2023-K7QF-2M9X-B4TD", "certificate"), CertificateTable.KeyOf("2023-K7QF-2M9X-B4TD"));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "outcome"), OutcomeTable.KeyOf(Code));
    }

    [Fact]
    public void Rights_and_answers_of_a_survey_lie_apart()
    {
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "survey"), SurveyRightTable.SurveyOf(Code));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A|0002", "right-fiji=2Fk7"), SurveyRightTable.RightOf(Code, 2, "fiji/k7"));
        Assert.Equal("23-IP-10-GE-WSP-A", SurveyAnswerTable.PartitionOf(Code));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "questionnaire"), QuestionnaireTable.KeyOf(Code));
    }

    [Fact]
    public void What_waits_is_in_order_of_time()
    {
        Assert.Equal(new RowKey("due", "0638264124000000000|close-x"), AgendaTable.KeyOf(Instant, "close-x"));
        Assert.Equal(
            new RowKey("23-IP-10-GE-WSP-A", "closing|fiji|-48h|0638264124000000000"),
            ReminderTable.KeyOf(new ReminderDue(Code.ToString(), "closing", "fiji", 0, Instant.UtcTicks, null, -48)));
        Assert.Equal(
            new RowKey("23-IP-10-GE-WSP-A", "offer|fiji=2Fk7|-2|0638264124000000000"),
            ReminderTable.KeyOf(new ReminderDue(Code.ToString(), "offer", "fiji/k7", -2, Instant.UtcTicks)));
        Assert.Equal(new RowKey("marker", "0638264124000000000|Mail|p"), OutboxNames.MarkerKey(Instant, OutboxNames.Place("Mail", "p")));
    }

    [Fact]
    public void People_links_and_mails_are_found_by_id_or_hash_alone()
    {
        Assert.Equal(new RowKey("economy", "lao-pdr"), RegistryTable.KeyOf("lao-pdr"));
        Assert.Equal(new RowKey("2c", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"), Links.KeyOf(Links.Hash("foo")));
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "0f"), MailTable.KeyOf(Code.ToString(), "0f"));
        MailOwed owed = new(Code.ToString(), "kind", "secretariat", "subject", "1");
        Assert.Equal(new RowKey("lingering", $"0638264124000000000|{owed.Id}"), MailTable.LingeringOf(MailIntent.Waiting(owed, Instant)));
        Assert.Equal(new RowKey("beat", "agenda"), AgendaTable.BeatKey);
    }
}
