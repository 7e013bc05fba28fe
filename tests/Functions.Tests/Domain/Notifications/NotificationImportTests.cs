using System.Diagnostics;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Notifications;

public sealed class NotificationImportTests
{
    private const string Seed = "003_eb6f601d1bf868f6.txt";

    [SharedSeedFact(Seed)]
    public void The_real_notification_is_understood_in_every_field()
    {
        string text = File.ReadAllText(SharedSeedFactAttribute.PathOf(Seed));

        NotificationReading reading = Samples.Read(text);

        Assert.Empty(reading.Problems);
        ProjectNotification read = Assert.IsType<ProjectNotification>(reading.Notification);
        AssertFacts(read);
        Assert.Equal(["Ministry of Manpower of the Republic of Indonesia", "APO Secretariat"], read.ImplementingOrganizations);
        Assert.Equal(3, read.Objectives.Count);
        Assert.StartsWith("Discuss the current landscape", read.Objectives[0], StringComparison.Ordinal);
        Assert.StartsWith("explore how innovation solutions", read.Objectives[1], StringComparison.Ordinal);
        Assert.StartsWith("equip participants", read.Objectives[2], StringComparison.Ordinal);
        Assert.EndsWith("to public service innovation", read.Objectives[2], StringComparison.Ordinal);
        Assert.StartsWith("Governments around the world", read.Rationale, StringComparison.Ordinal);
        Assert.EndsWith("socioeconomic innovation.", read.Rationale, StringComparison.Ordinal);
        Assert.StartsWith("<p>The fundamental concept of innovation", read.BackgroundHtml, StringComparison.Ordinal);
        Assert.EndsWith("innovation initiatives in public services.</p>", read.BackgroundHtml, StringComparison.Ordinal);
        Assert.Equal(3, read.BackgroundHtml.Split("<p>").Length - 1);
        Assert.Equal(
            [
                "Understanding of innovation and its challenges and opportunities",
                "Applying innovation in the public sector",
                "Procedures and regulations to support public service innovation",
                "Designing approaches for public service innovation, including procurement and partnerships",
                "Engaging citizens in public service culture, design and planning",
                "Best practices of public-service innovation",
                "Tools to manage risk in innovation",
            ],
            read.Topics);
        Assert.Equal(3, read.Outcomes.Count);
        Assert.StartsWith("Enhanced understanding", read.Outcomes[0], StringComparison.Ordinal);
        Assert.StartsWith("methods/approaches to improve", read.Outcomes[1], StringComparison.Ordinal);
        Assert.StartsWith("lessons are learned", read.Outcomes[2], StringComparison.Ordinal);
        Assert.StartsWith("Policymakers, government officials, and representatives", read.Qualifications, StringComparison.Ordinal);
        UnplacedText stray = Assert.Single(reading.StrayText);
        Assert.StartsWith("Please refer to the implementation procedures", stray.Text, StringComparison.Ordinal);
        Assert.Empty(reading.UnknownLabels);
        Assert.Equal(7, reading.Field(NotificationFields.Reference).FirstLine);
        Assert.Equal(28, reading.Field(NotificationFields.Qualifications).FirstLine);
    }

    [Fact]
    public void The_sample_is_understood_in_every_field()
    {
        NotificationReading reading = Samples.Read(Samples.Text);

        Assert.Empty(reading.Problems);
        ProjectNotification read = Assert.IsType<ProjectNotification>(reading.Notification);
        AssertFacts(read);
        Assert.Equal(["Ministry of Manpower of the Republic of Indonesia", "the Secretariat"], read.ImplementingOrganizations);
        Assert.Equal(3, read.Objectives.Count);
        Assert.StartsWith("People now expect", read.Rationale, StringComparison.Ordinal);
        Assert.Contains("<em>one</em>", read.BackgroundHtml, StringComparison.Ordinal);
        Assert.Equal(7, read.Topics.Count);
        Assert.Equal("Keeping the risks of change in hand", read.Topics[^1]);
        Assert.Equal(3, read.Outcomes.Count);
        Assert.StartsWith("Policymakers", read.Qualifications, StringComparison.Ordinal);
        Assert.Single(reading.StrayText);
    }

    [Fact]
    public void A_notification_survives_JSON()
    {
        ProjectNotification notification = Samples.Notification with { PerEconomyMaximum = 2 };

        string json = JsonSerializer.Serialize(notification, JsonSerializerOptions.Web);
        ProjectNotification? back = JsonSerializer.Deserialize<ProjectNotification>(json, JsonSerializerOptions.Web);

        Assert.Equal(json, JsonSerializer.Serialize(back, JsonSerializerOptions.Web));
        Assert.Equal(notification.Code, back?.Code);
        Assert.Contains("\"code\":\"23-IP-10-GE-WSP-A\"", json, StringComparison.Ordinal);
        Assert.Contains("\"closingOn\":\"2023-07-31\"", json, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Online\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\u2028")]
    public void Any_line_break_reads_the_same(string lineBreak) =>
        AssertSameAsSample("\uFEFF" + Samples.Text.Replace("\n", lineBreak, StringComparison.Ordinal));

    [Theory]
    [InlineData("{0}:\u00A0{1}")]
    [InlineData("{0}：{1}")]
    [InlineData("{0}\u3000{1}")]
    [InlineData("**{0}**\t{1}")]
    [InlineData("**{0}:** {1}")]
    [InlineData("**{0}** {1}")]
    [InlineData("<b>{0}</b>\t{1}")]
    [InlineData("<strong>{0}:</strong> {1}")]
    [InlineData("| {0} | {1} |")]
    [InlineData("- **{0}**: {1}")]
    [InlineData("## {0}\n\n{1}")]
    [InlineData("{0}   {1}")]
    public void A_label_is_known_however_it_is_set(string layout)
    {
        IEnumerable<string> lines = Samples.Text.Split('\n').Select(line =>
            line.Split('\t') is [string label, string value] ? string.Format(null, layout, label, value) : line);

        AssertSameAsSample(string.Join('\n', lines));
    }

    [Fact]
    public void A_label_is_known_under_its_other_names()
    {
        string text = Samples.Text
            .Replace("Hosting Country(ies)", "HOST ECONOMY", StringComparison.Ordinal)
            .Replace("Participating Country(ies)", "Participating Economies", StringComparison.Ordinal)
            .Replace("Implementing Organization(s)", "implementing organisations", StringComparison.Ordinal)
            .Replace("Closing Date", "Deadline for Nominations", StringComparison.Ordinal)
            .Replace("Reference No.:", "Ref. No.", StringComparison.Ordinal)
            .Replace("Outcome\t", "Expected Outcomes\t", StringComparison.Ordinal);

        // "Ref. No. 172" has no separator left, and one blank is none.
        AssertSameAsSample(text.Replace("Ref. No. 172", "Ref. No.\t172", StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_may_run_over_lines()
    {
        string text = Samples.Text
            .Replace("Public Service Innovation in", "Public Service\nInnovation in", StringComparison.Ordinal)
            .Replace("14 August 2023–16", "14 August 2023–\n16", StringComparison.Ordinal)
            .Replace("New ideas inside", "New ideas\n  inside", StringComparison.Ordinal);

        NotificationReading reading = AssertSameAsSample(text);

        ReadField title = reading.Field(NotificationFields.Title);
        Assert.Equal((7, 8), (title.FirstLine, title.LastLine));
        Assert.Equal("Workshop on Public Service Innovation in the New Normal", title.Raw);
    }

    [Fact]
    public void Paragraphs_and_bullets_are_kept_apart()
    {
        string text = Samples.With("Topics", "\n1. First thing\n2. Second thing; with a part\n3. Third thing")
            .Replace("Rationale\tPeople", "Rationale\tBefore.\n\nPeople", StringComparison.Ordinal);

        ProjectNotification read = Assert.IsType<ProjectNotification>(Samples.Read(text).Notification);

        Assert.Equal(["First thing", "Second thing; with a part", "Third thing"], read.Topics);
        Assert.StartsWith("Before.\n\nPeople", read.Rationale, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_dropped_silently()
    {
        string text = Samples.Text
            .Replace("Modality\t", "Fee\tNone at all\nModality\t", StringComparison.Ordinal)
            .Replace("Remarks\tNot Applicable", "Remarks\tNot Applicable\n\nA loose sentence.", StringComparison.Ordinal);

        NotificationReading reading = Samples.Read(text);

        Assert.Empty(reading.Problems);
        UnplacedText unknown = Assert.Single(reading.UnknownLabels);
        Assert.Equal(("Fee", "None at all", 11), (unknown.Label, unknown.Text, unknown.FirstLine));
        Assert.Contains(reading.StrayText, static stray => stray.Text == "A loose sentence.");
    }

    [Fact]
    public void A_repeated_label_is_a_problem_until_it_is_corrected()
    {
        string text = Samples.Text.Replace("Modality\t", "Title\tAnother title\nModality\t", StringComparison.Ordinal);

        NotificationReading reading = Samples.Read(text);

        ReadingProblem problem = Assert.Single(reading.Problems);
        Assert.Equal(("field-repeated", "title", 11), (problem.Refusal.Code, problem.Refusal.Field, problem.Line));
        Assert.Equal("Another title", Assert.Single(reading.UnknownLabels).Text);
        Assert.Equal("Chosen", Correct(reading, NotificationFields.Title, "Chosen").Notification?.Title);
    }

    [Fact]
    public void All_problems_come_at_once_with_line_and_remedy()
    {
        string text = Samples.Text
            .Replace("23-IP-10-GE-WSP-A\n", "23-IP-1O-GE-WSP-A\n", StringComparison.Ordinal)
            .Replace("31 July 2023", "03/04/2023", StringComparison.Ordinal)
            .Replace("Indonesia\nVenue", "Indonesa\nVenue", StringComparison.Ordinal)
            .Replace("\t38", "\t-38", StringComparison.Ordinal)
            .Replace("\t12\n", "\t99,999\n", StringComparison.Ordinal)
            .Replace("Modality\tOnline\n", string.Empty, StringComparison.Ordinal);

        NotificationReading reading = Samples.Read(text);

        Assert.Null(reading.Notification);
        Assert.Equal(
            ["project-code-invalid", "economy-unknown", "field-missing", "places-impossible", "places-impossible", "date-ambiguous"],
            reading.Problems.Select(static problem => problem.Refusal.Code));
        Assert.All(reading.Problems, static problem => Assert.NotNull(problem.Refusal.Remedy));
        Assert.All(reading.Problems, static problem => Assert.NotNull(problem.Refusal.Field));
        Assert.Equal([6, 9, null, 13, 14, 15], reading.Problems.Select(static problem => problem.Line));
        Assert.Contains("Indonesia", reading.Problems[1].Refusal.Remedy, StringComparison.Ordinal);
        Assert.True(reading.ToOutcome().IsRefused);
    }

    [Fact]
    public void Corrections_replace_fields_and_add_up()
    {
        NotificationReading reading = Samples.Read(Samples.Text.Replace("31 July 2023", "31/07/2023", StringComparison.Ordinal).Replace("\t38", "\tmany", StringComparison.Ordinal));
        Assert.Equal(2, reading.Problems.Count);

        NotificationReading once = Correct(reading, NotificationFields.ClosingOn, "31 July 2023");
        NotificationReading twice = Correct(once, NotificationFields.Overseas, "38");

        Assert.Single(once.Problems);
        Assert.True(once.Field(NotificationFields.ClosingOn).IsCorrected);
        Assert.Null(once.Field(NotificationFields.ClosingOn).FirstLine);
        AssertFacts(Assert.IsType<ProjectNotification>(twice.Notification));
    }

    [Fact]
    public void An_empty_correction_takes_a_field_out()
    {
        NotificationReading reading = Samples.Read(Samples.Text);

        Assert.Null(Correct(reading, NotificationFields.IssuedOn, " ").Notification?.IssuedOn);
        Assert.Equal("field-missing", Assert.Single(Correct(reading, NotificationFields.Title, string.Empty).Problems).Refusal.Code);
        Assert.Equal("field-unknown", Assert.Single(Correct(reading, "colour", "red").Problems).Refusal.Code);
    }

    [Theory]
    [InlineData("All Member Countries", true, "", "")]
    [InlineData("all member economies", true, "", "")]
    [InlineData("All APO Member Countries except Fiji and Lao PDR", true, "", "fiji lao-pdr")]
    [InlineData("All Member Countries (except the Republic of China)", true, "", "republic-of-china")]
    [InlineData("All Members excluding Türkiye, Viet Nam and Korea", true, "", "turkiye vietnam republic-of-korea")]
    [InlineData("Bangladesh, Turkey, and Lao People's Democratic Republic", false, "bangladesh turkiye lao-pdr", "")]
    [InlineData("Iran; Viet Nam; ROC and Sri Lanka.", false, "ir-iran vietnam republic-of-china sri-lanka", "")]
    [InlineData("JAPAN; Islamic Republic of Iran; Turkiye", false, "japan ir-iran turkiye", "")]
    [InlineData("All member countries (two per economy)", true, "", "")]
    public void Participating_economies_are_all_or_some_with_exceptions(string text, bool all, string named, string except)
    {
        ParticipatingEconomies read = Assert.IsType<ProjectNotification>(
            Samples.Read(Samples.With("Participating Country(ies)", text)).Notification).Participating;

        Assert.Equal((all, named, except), (read.All, string.Join(' ', read.Named), string.Join(' ', read.Except)));
    }

    [Fact]
    public void Unknown_economies_are_named_together()
    {
        ReadField field = Samples.ReadOne("Participating Country(ies)", "Fiji, Atlantis and Ruritania", NotificationFields.Participating);

        Refusal refusal = Assert.Single(field.Problems).Refusal;
        Assert.Contains("\"Atlantis\", \"Ruritania\"", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_inactive_economy_never_takes_part()
    {
        Economy inactive = Samples.Economies.Single(static economy => economy.Id == "hong-kong");

        Assert.False(ParticipatingEconomies.AllMembers.Includes(inactive));
        Assert.True(ParticipatingEconomies.AllMembers.Includes(inactive with { IsActive = true }));
        Assert.Equal(20, Samples.Economies.Count(ParticipatingEconomies.AllMembers.Includes));
    }

    [Theory]
    [InlineData("Online", ModalityKind.Online)]
    [InlineData("Face-to-Face", ModalityKind.FaceToFace)]
    [InlineData("in person", ModalityKind.FaceToFace)]
    [InlineData("Hybrid", ModalityKind.Hybrid)]
    [InlineData("Digital Multi-country", ModalityKind.DigitalMultiCountry)]
    [InlineData("By post", ModalityKind.Other)]
    public void Modalities_keep_their_words(string text, ModalityKind kind) =>
        Assert.Equal(new Modality(kind, text), Samples.Read(Samples.With("Modality", text)).Notification?.Modality);

    [Theory]
    [InlineData("20 (two per economy)", null, 2)]
    [InlineData("20", "Two participants per member country are expected.", 2)]
    [InlineData("20 (two per economy)", "Each economy may nominate up to two.", 2)]
    [InlineData("20", "Not Applicable", null)]
    public void Places_per_economy_are_found_where_they_stand(string overseas, string? remarks, int? maximum)
    {
        string text = Samples.With("Overseas Participants", overseas).Replace("Remarks\tNot Applicable", $"Remarks\t{remarks ?? "N/A"}", StringComparison.Ordinal);

        Assert.Equal(maximum, Assert.IsType<ProjectNotification>(Samples.Read(text).Notification).PerEconomyMaximum);
    }

    [Fact]
    public void Places_per_economy_that_disagree_are_a_problem()
    {
        string text = Samples.With("Overseas Participants", "20 (two per economy)").Replace("Remarks\tNot Applicable", "Remarks\tThree per economy", StringComparison.Ordinal);

        Assert.Equal(NotificationFields.PerEconomyMaximum, Assert.Single(Samples.Read(text).Problems).Refusal.Field);
        Assert.Equal(2, Correct(Samples.Read(text), NotificationFields.PerEconomyMaximum, "2").Notification?.PerEconomyMaximum);
    }

    [Theory]
    [InlineData("Not Applicable")]
    [InlineData("N/A")]
    [InlineData("-")]
    [InlineData("n.a.")]
    public void Not_applicable_is_an_answer_where_the_field_allows_it(string text)
    {
        Assert.Empty(Assert.IsType<ProjectNotification>(Samples.Read(Samples.With("Venue City(ies)", text)).Notification).Venues);
        Assert.Equal(0, Samples.Read(Samples.With("Local Participants", text)).Notification?.Local.Count);
        Assert.Empty(Assert.IsType<ProjectNotification>(Samples.Read(Samples.With("Hosting Country(ies)", text)).Notification).HostEconomies);
        Assert.Equal("field-missing", Assert.Single(Samples.ReadOne("Title", text, NotificationFields.Title).Problems).Refusal.Code);
    }

    [Theory]
    [InlineData("Workshop\u202Eon innovation", "U+202E", "character 9")]
    [InlineData("\u2066Workshop", "U+2066", "character 1")]
    [InlineData("Work\u0007shop", "U+0007", "character 5")]
    public void An_invisible_character_in_one_line_is_refused_with_its_place(string title, string codePoint, string place)
    {
        ReadingProblem problem = Assert.Single(Samples.ReadOne("Title", title, NotificationFields.Title).Problems);

        Assert.Equal(("character-refused", 7), (problem.Refusal.Code, problem.Line));
        Assert.Contains(codePoint, problem.Refusal.Reason, StringComparison.Ordinal);
        Assert.Contains(place, problem.Refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("การประชุมเชิงปฏิบัติการ")]
    [InlineData("សិក្ខាសាលា")]
    [InlineData("کارگاه نوآوری\u200Cها")]
    [InlineData("\u200Fسمينار\u200E Workshop")]
    [InlineData("👩🏽\u200D💻 innovation")]
    [InlineData("Trần Thị Ánh")]
    [InlineData("SMEs < 50 employees & R&D")]
    public void Any_script_may_stand_in_a_title(string title) =>
        Assert.Equal(title.Normalize(), Samples.Read(Samples.With("Title", title)).Notification?.Title);

    [Fact]
    public void Decomposed_letters_and_curly_quotes_are_brought_into_one_form() =>
        Assert.Equal("Café's \"day\"", Samples.Read(Samples.With("Title", "Cafe\u0301’s “day”")).Notification?.Title);

    [Fact]
    public void Markup_is_refused_outside_the_background()
    {
        foreach (NotificationField field in NotificationFields.All.Where(static field => field.Name != NotificationFields.Background))
        {
            NotificationReading reading = Correct(Samples.Read(Samples.Text), field.Name, "<script>alert(1)</script>");

            Assert.Null(reading.Notification);
            Assert.Contains(reading.Field(field.Name).Problems, static problem => problem.Refusal.Code == "markup-refused");
        }
    }

    [Fact]
    public void What_is_taken_out_of_the_background_is_said()
    {
        NotificationReading reading = Samples.Read(Samples.With("Background", "<p onclick=\"x()\">Kept</p><script>alert(1)</script>"));

        Assert.Equal("<p>Kept</p>", reading.Notification?.BackgroundHtml);
        Assert.Equal(2, reading.Field(NotificationFields.Background).Notes.Count);
        Assert.Equal("field-missing", Assert.Single(Samples.Read(Samples.With("Background", "<script>alert(1)</script>")).Problems).Refusal.Code);
    }

    [Fact]
    public void A_plain_background_becomes_paragraphs() =>
        Assert.Equal(
            "<p>One &lt; two.</p>\n<p>Three &amp; four.</p>",
            Samples.Read(Samples.With("Background", "One < two.\n\nThree & four.")).Notification?.BackgroundHtml);

    [Theory]
    [InlineData("", "notification-empty")]
    [InlineData("  \n\t\n", "notification-empty")]
    [InlineData("PK\u0003\u0004rest", "notification-not-text")]
    [InlineData("%PDF-1.7", "notification-not-text")]
    [InlineData("Title\tA\0B", "notification-not-text")]
    [InlineData("Title\tA\uFFFDB", "notification-not-text")]
    [InlineData("Title\tA\uD800B", "notification-not-text")]
    public void What_is_no_text_is_refused_as_a_whole(string text, string code)
    {
        NotificationReading reading = Samples.Read(text);

        Refusal refusal = Assert.Single(reading.Problems).Refusal;
        Assert.Equal(code, refusal.Code);
        Assert.NotNull(refusal.Remedy);
        Assert.Equal(NotificationFields.All.Count, reading.Fields.Count);
    }

    [Fact]
    public void Too_much_text_is_refused_with_size_and_limit()
    {
        Refusal exact = Assert.Single(Samples.Read(new string('é', 500_001)).Problems).Refusal;
        Refusal huge = Assert.Single(Samples.Read(new string('x', 10_000_000)).Problems).Refusal;

        Assert.Equal("The text is too large: 1,000,002 bytes, and 1,000,000 are allowed.", exact.Reason);
        Assert.Contains("10,000,000", huge.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_cut_off_in_the_middle_names_what_is_missing()
    {
        string half = Samples.Text[..Samples.Text.IndexOf("Rationale", StringComparison.Ordinal)];

        Assert.Equal(
            [NotificationFields.Rationale, NotificationFields.Background, NotificationFields.Topics, NotificationFields.Outcomes, NotificationFields.Qualifications],
            Samples.Read(half).Problems.Select(static problem => problem.Refusal.Field));
    }

    [Theory]
    [InlineData("Timing", "16 August 2023–14 August 2023", "end-before-start")]
    [InlineData("Closing Date", "14 August 2023", "closing-not-before-start")]
    public void Dates_in_the_wrong_order_are_found_beside_other_problems(string label, string value, string code)
    {
        string text = Samples.With(label, value).Replace("\t38", "\tmany", StringComparison.Ordinal);

        Assert.Equal([code, "places-missing"], Samples.Read(text).Problems.Select(static problem => problem.Refusal.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_text_makes_the_reader_throw()
    {
        string[] scraps = ["Title\t", "Timing\t", "14–16 August 2023", "\n", "\n\n", "**", "<b>", ":", "\t", "per economy", "all except", ";", "and ", "\u0301", "𝔸", "1.", "-", "|", "99999999999", "Overseas Participants\t", "Background\t<p"];
        Gen<string> hostile = Gen.Elements(scraps).ListOf(40).Select(static parts => string.Concat(parts));

        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), static text => Samples.Read(text ?? string.Empty).Fields.Count == NotificationFields.All.Count).QuickCheckThrowOnFailure();
        Prop.ForAll(hostile.ToArbitrary(), static text => Samples.Read(text).Fields.Count == NotificationFields.All.Count).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("\t")]
    [InlineData("a\t")]
    [InlineData("a")]
    [InlineData(":")]
    [InlineData("<b>")]
    [InlineData("Title\n")]
    [InlineData("x\n")]
    [InlineData("; and ")]
    [InlineData("a\u0301\u0316")]
    [InlineData("14–")]
    [InlineData("<div><p>")]
    [InlineData("Topics\ta; b\n")]
    public void Ten_times_the_text_takes_about_ten_times_the_time(string scrap)
    {
        // The bound is wide and the best of several runs counts, for shared machines; quadratic time would give a factor of 100.
        string small = Repeat(scrap, 99_000);
        string large = Repeat(scrap, 990_000);
        Samples.Read(small);
        TimeSpan floor = TimeSpan.FromMilliseconds(50);
        TimeSpan forSmall = Enumerable.Range(0, 3).Min(_ => Time(small));
        TimeSpan bound = (forSmall > floor ? forSmall : floor) * 40;

        TimeSpan forLarge = Time(large);
        for (int attempt = 1; attempt < 5 && forLarge >= bound; attempt++)
        {
            forLarge = Time(large);
        }

        Assert.True(forLarge < bound, $"{forSmall.TotalMilliseconds} ms, then {forLarge.TotalMilliseconds} ms.");
    }

    [Fact]
    public void Background_of_hostile_HTML_stays_cheap()
    {
        StringBuilder nested = new();
        for (int i = 0; i < 4_000; i++)
        {
            nested.Append(null, $"<b id={i}><p>");
        }

        NotificationReading reading = Samples.Read(Samples.With("Background", nested.ToString()));

        Assert.NotNull(reading.Notification);
        Assert.DoesNotContain("<b", reading.Notification.BackgroundHtml, StringComparison.Ordinal);
    }

    private static string Repeat(string scrap, int bytes) => new StringBuilder().Insert(0, scrap, bytes / Encoding.UTF8.GetByteCount(scrap)).ToString();

    private static TimeSpan Time(string text)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Samples.Read(text);
        return watch.Elapsed;
    }

    private static NotificationReading Correct(NotificationReading reading, string field, string text) =>
        reading.WithCorrections(new Dictionary<string, string> { [field] = text });

    private static NotificationReading AssertSameAsSample(string text)
    {
        NotificationReading reading = Samples.Read(text);

        Assert.Empty(reading.Problems.Select(static problem => problem.Refusal.Reason));
        Assert.Equal(JsonSerializer.Serialize(Samples.Notification), JsonSerializer.Serialize(reading.Notification));
        return reading;
    }

    private static void AssertFacts(ProjectNotification read)
    {
        Assert.Equal("23-IP-10-GE-WSP-A", read.Code.ToString());
        Assert.Equal("172", read.Reference);
        Assert.Equal(new DateOnly(2023, 7, 3), read.IssuedOn);
        Assert.Equal("Workshop on Public Service Innovation in the New Normal", read.Title);
        Assert.Equal(new DateOnly(2023, 8, 14), read.StartsOn);
        Assert.Equal(new DateOnly(2023, 8, 16), read.EndsOn);
        Assert.Equal(["indonesia"], read.HostEconomies);
        Assert.Empty(read.Venues);
        Assert.Equal(new Modality(ModalityKind.Online, "Online"), read.Modality);
        Assert.True(read.Participating.All);
        Assert.Empty(read.Participating.Except);
        Assert.Equal(new Places(38, false, "38"), read.Overseas);
        Assert.Equal(new Places(12, false, "12"), read.Local);
        Assert.Null(read.PerEconomyMaximum);
        Assert.Equal(new DateOnly(2023, 7, 31), read.ClosingOn);
        Assert.Null(read.Remarks);
        Assert.Equal("Dr. Indra Pradana Singawinata", read.Signatory);
        Assert.Equal("Secretary-General", read.SignatoryTitle);
    }
}
