using System.Text.Json.Nodes;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Support;
using Plenary.Surveys;

namespace Plenary.Cli.Tests;

/// <summary>What the secretariat does on its pages, done at a terminal; every command is rehearsed first.</summary>
public sealed class SecretariatCommandTests : IAsyncDisposable
{
    private const string Code = "23-IP-10-GE-WSP-A";

    private readonly Terminal terminal = new();
    private readonly string folder = Directory.CreateTempSubdirectory("plenary-").FullName;

    private static string Notification => Path.Combine(Repository.Root, "samples", $"{Code}.notification.txt");

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        await terminal.DisposeAsync();
    }

    [Fact]
    public async Task A_notification_is_read_in_corrected_issued_and_circulated_with_the_operator_on_the_record()
    {
        await IssueAsync();

        JsonNode circulated = await DoAsync("projects", "circulate", Code);

        Assert.Equal(20, circulated["economies"]!.GetValue<int>());
        Project project = await ProjectAsync();
        Assert.Equal((ProjectState.Circulated, 1, 6), (project.State, project.Version, project.Settings.PerEconomyMaximum));
        Assert.Equal(Sample.ClosesAt, project.ClosesAt);
        Assert.Equal(["notification-circulated", "notification-issued"], await ActionsAsync(ProjectTable.Name));
    }

    [Fact]
    public async Task A_postponement_shows_what_follows_and_is_issued_only_while_that_is_still_so()
    {
        await IssueAsync();
        await DoAsync("projects", "circulate", Code);
        string draft = await ImportAsync();
        await DoAsync("notifications", "correct", draft, "--field", "timing=13-15 September 2023", "--choice", "reason=The venue is being repaired.");

        JsonNode check = (await terminal.RunAsync("notifications", "check", draft, "--json")).Json;
        string name = check["consequences"]!["name"]!.GetValue<string>();
        Printed unasked = await terminal.RunAsync("notifications", "issue", draft, "--json");
        Printed other = await terminal.RunAsync("notifications", "issue", draft, "--revision", "--consequences", "others", "--json");
        JsonNode issued = await DoAsync("notifications", "issue", draft, "--revision", "--consequences", name);

        Assert.Contains("Postponed", check["consequences"]!["kinds"]!.AsArray().Select(kind => kind!.GetValue<string>()));
        Assert.NotEmpty(check["changes"]!.AsArray());
        Assert.Equal(("project-code-taken", "consequences-changed-conflict"), (CodeOf(unasked), CodeOf(other)));
        Assert.Equal(2, issued["version"]!.GetValue<int>());
        Assert.Equal(new DateOnly(2023, 9, 13), (await ProjectAsync()).Notification.StartsOn);
    }

    [Fact]
    public async Task A_draft_that_cannot_be_issued_says_every_reason_and_what_is_no_field_is_no_correction()
    {
        await RegisterAsync();
        string draft = await ImportAsync();
        await DoAsync("notifications", "correct", draft, "--field", "timing=someday", "--choice", "offerDays=never");

        Printed check = await terminal.RunAsync("notifications", "check", draft, "--json");
        Printed words = await terminal.RunAsync("notifications", "check", draft);
        Printed unknown = await terminal.RunAsync("notifications", "correct", draft, "--field", "colour=blue");

        Assert.Equal((ExitCodes.Findings, ExitCodes.Findings, ExitCodes.Usage), (check.Exit, words.Exit, unknown.Exit));
        Assert.True(check.Json["refusals"]!.AsArray().Count >= 2, check.Output);
        Assert.Contains("cannot be issued yet", words.Output, StringComparison.Ordinal);
        Assert.NotEqual(ExitCodes.Done, (await terminal.RunAsync("notifications", "issue", draft)).Exit);
    }

    [Fact]
    public async Task A_cancellation_lists_whom_it_concerns_before_it_is_done()
    {
        await IssueAsync();
        await DoAsync("projects", "circulate", Code);

        JsonNode rehearsed = (await terminal.RunAsync("projects", "cancel", Code, "--reason", "Too few.", "--dry-run", "--json")).Json;
        string name = rehearsed["consequences"]!["name"]!.GetValue<string>();
        Printed other = await terminal.RunAsync("projects", "cancel", Code, "--reason", "Too few.", "--consequences", "others", "--json");
        await DoAsync("projects", "cancel", Code, "--reason", "Too few.", "--consequences", name);

        Assert.Equal("consequences-changed-conflict", CodeOf(other));
        Assert.Equal(ProjectState.Cancelled, (await ProjectAsync()).State);
    }

    [Fact]
    public async Task An_extension_is_granted_listed_and_taken_back()
    {
        await IssueAsync();
        await Sample.WriteDesksAsync(terminal.Tables, ["japan"], each: 2);

        JsonNode granted = await DoAsync("extensions", "grant", Code, "japan", "--reason", "Flood.", "--until", "2023-08-02 18:00", "--uses", "2");
        string id = granted["extension"]!["id"]!.GetValue<string>();
        JsonNode list = (await terminal.RunAsync("extensions", "list", Code, "--json")).Json;
        await DoAsync("extensions", "end", Code, "japan", id);
        JsonNode after = (await terminal.RunAsync("extensions", "list", Code, "--json")).Json;

        Assert.Equal("operator:tester", granted["extension"]!["grantedBy"]!.GetValue<string>());
        Assert.Null(Assert.Single(list.AsArray())!["extension"]!["endedAt"]);
        Assert.NotNull(after[0]!["extension"]!["endedAt"]);
        Assert.Equal(["extension-ended", "extension-granted"], await ActionsAsync(Nominations.NominationTable.Name));
        Assert.Equal("until-unreadable", CodeOf(await terminal.RunAsync("extensions", "grant", Code, "japan", "--reason", "Flood.", "--until", "soon", "--json")));
    }

    [Fact]
    public async Task Reviewers_are_appointed_and_dismissed_and_a_list_is_proposed_and_tried_with_other_rules()
    {
        await IssueAsync("scoring=Motivation 60; Experience 40");
        await Sample.WriteDesksAsync(terminal.Tables, ["indonesia", "japan"], each: 3);
        JsonNode appointed = await DoAsync("reviewers", "appoint", Code, "--name", "Lee Chan", "--email", "lee.chan@example.org", "--economy", "japan");
        JsonNode listed = (await terminal.RunAsync("reviewers", "list", Code, "--json")).Json;
        await DoAsync("reviewers", "dismiss", Code, appointed["reviewer"]!.GetValue<string>());

        Assert.Equal("nominations-still-open", CodeOf(await terminal.RunAsync("selection", "propose", Code, "--json")));
        terminal.Now = Sample.ClosesAt;
        JsonNode proposed = await DoAsync("selection", "propose", Code);
        JsonNode shown = (await terminal.RunAsync("selection", "show", Code, "--json")).Json;
        JsonNode moved = (await terminal.RunAsync("selection", "what-if", Code, "--overseas", "1", "--json")).Json;
        Printed unmoved = await terminal.RunAsync("selection", "what-if", Code);

        Assert.Single(listed.AsArray());
        SelectionRecord record = (await terminal.Tables[SelectionTable.Name].FindAsync(SelectionTable.SelectionOf(ProjectCode.Parse(Code)), CancellationToken.None))!.Body<SelectionRecord>();
        Assert.Equal((SelectionStage.Proposed, "operator:tester", proposed["digest"]!.GetValue<string>()), (record.Stage, record.ProposedBy, record.Digest));
        Assert.Equal(6, shown.AsArray().Count);
        Assert.Equal(2, moved.AsArray().Count);
        Assert.StartsWith("Nobody moves.", unmoved.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_questions_of_a_survey_are_replaced_until_it_opens()
    {
        await IssueAsync();
        string file = Path.Combine(Repository.Root, "samples", "survey.json");

        await DoAsync("survey", "replace", Code, file);
        await Sample.InsertAsync(
            terminal.Tables[SurveyRightTable.Name],
            Row.Of(SurveyRightTable.SurveyOf(Sample.Code), new Survey(Code, Questionnaire.Default, Sample.Project.EndsAt, Sample.Project.EndsAt.AddDays(14), 5, 1)));

        Assert.Equal("survey-opened-already", CodeOf(await terminal.RunAsync("survey", "replace", Code, file, "--json")));
    }

    [Fact]
    public async Task A_part_of_the_answers_is_opened_only_where_it_tells_nobody()
    {
        await Sample.WriteAsync(terminal.Tables, terminal.Blobs);
        terminal.Now = Sample.Project.EndsAt.AddDays(20);
        Dictionary<string, int> happy = new() { ["overall"] = 5 };
        foreach (int number in Enumerable.Range(0, 11))
        {
            await Sample.InsertAsync(
                terminal.Tables[SurveyAnswerTable.Name],
                Row.Of(
                    new RowKey(SurveyAnswerTable.PartitionOf(Sample.Code), $"b{number:D2}"),
                    new SurveyAnswers(number < 6 ? happy : new Dictionary<string, int> { ["overall"] = 2 }, new Dictionary<string, string>())));
        }

        Printed narrow = await terminal.RunAsync("survey", "part", Code, "--question", "overall", "--from", "3", "--to", "4", "--json");
        JsonNode part = await DoAsync("survey", "part", Code, "--question", "overall", "--from", "5");
        JsonNode results = (await terminal.RunAsync("survey", "results", Code, "--part", $"{part["part"]}", "--json")).Json;

        Assert.Equal(ExitCodes.Findings, narrow.Exit);
        Assert.Equal(6, results["answered"]!.GetValue<int>());
    }

    [Fact]
    public async Task Presence_certificates_and_the_outcome_are_kept_as_their_pages_keep_them()
    {
        await Sample.WriteAsync(terminal.Tables, terminal.Blobs);
        string id = await AddParticipantAsync();
        string reference = ReferenceNumber.Parse(id).TryGet(out ReferenceNumber? number) ? number.Text : "";
        string presence = await FileAsync("presence.csv", $"reference,session-1\n{reference},yes\n");
        string news = await FileAsync("news.txt", "One paragraph.\n\nAnother.");

        JsonNode recorded = await DoAsync("attendance", "record", Code, presence);
        JsonNode certificates = await DoAsync("attendance", "certificates", Code);
        JsonArray participants = (await terminal.RunAsync("attendance", "list", Code, "--json")).Json.AsArray();
        JsonNode published = await DoAsync("outcome", "publish", Code, "--headline", "It was held", "--text", news);
        JsonNode draft = (await terminal.RunAsync("outcome", "draft", Code, "--json")).Json;

        Assert.Equal(1, recorded["changed"]!.GetValue<int>());
        Assert.Equal(2, certificates["certificates"]!.GetValue<int>());
        Assert.All(participants, participant => Assert.NotNull(participant!["certificate"]));
        Assert.Equal(1, published["version"]!.GetValue<int>());
        Assert.Equal("It was held", draft["headline"]!.GetValue<string>());
        Assert.Equal("presence-column-unknown", CodeOf(await terminal.RunAsync("attendance", "record", Code, await FileAsync("bad.csv", "reference,session-9\n"), "--json")));
    }

    [Fact]
    public async Task One_economy_is_edited_without_its_neighbours()
    {
        await RegisterAsync();
        string people = await FileAsync("people.csv", "economy,role,name,email\njapan,acting,Ren Ito,ren.ito@example.org\n");

        await DoAsync("officers", "edit", "japan", "--officers", people);
        await DoAsync("officers", "edit", "fiji", "--active", "false");
        JsonArray entries = (await terminal.RunAsync("officers", "list", "--json")).Json.AsArray();

        JsonNode japan = entries.Single(entry => entry!["economy"]!["id"]!.GetValue<string>() == "japan")!;
        JsonNode fiji = entries.Single(entry => entry!["economy"]!["id"]!.GetValue<string>() == "fiji")!;
        Assert.Equal("Ren Ito", Assert.Single(japan["officers"]!.AsArray())!["name"]!.GetValue<string>());
        Assert.False(fiji["economy"]!["isActive"]!.GetValue<bool>());
        Assert.NotEmpty(fiji["officers"]!.AsArray());
        Assert.Equal(ExitCodes.Findings, (await terminal.RunAsync("officers", "edit", "japan", "--officers", await FileAsync("other.csv", "economy,role,name,email\nfiji,officer,Ren Ito,ren.ito@example.org\n"))).Exit);
    }

    private static string CodeOf(Printed printed) => printed.Json["refused"]![0]!["code"]!.GetValue<string>();

    private async Task<string> FileAsync(string name, string text)
    {
        string path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    /// <summary>Somebody with a reference as the app draws them, who has accepted.</summary>
    private async Task<string> AddParticipantAsync()
    {
        string id = Nominee.DrawId();
        string partition = Sample.PartitionOf("japan");
        InMemoryTable desks = terminal.Tables[Nominations.NominationTable.Name];
        Nominee nominee = (await desks.FindAsync(Nominations.NominationTable.NomineeKey(partition, Sample.NomineeId("japan", 2)), CancellationToken.None))!.Body<Nominee>();
        await Sample.InsertAsync(desks, Row.Of(Nominations.NominationTable.NomineeKey(partition, id), nominee with { Id = id }));
        await Sample.InsertAsync(desks, Row.Of(Nominations.NominationTable.RankKey(partition, 4), ("Nominee", id)));
        string candidate = CandidateId.Of("japan", id);
        Offer offer = new(candidate, "japan", Pool.Overseas, new PlaceName(Pool.Overseas, 30), Sample.ClosesAt, Sample.ClosesAt.AddDays(7), OfferState.Accepted, Sample.ClosesAt.AddDays(1));
        await Sample.InsertAsync(terminal.Tables[SelectionTable.Name], Row.Of(SelectionTable.OfferOf(Sample.Code, candidate), new OfferRecord("japan", id, 1, offer), ("State", offer.State.ToString())));
        return id;
    }

    private async Task RegisterAsync()
    {
        terminal.Now = Sample.Project.IssuedAt;
        string samples = Path.Combine(Repository.Root, "samples");
        await DoAsync("officers", "import", "--economies", Path.Combine(samples, "economies.csv"), "--officers", Path.Combine(samples, "officers.csv"));
    }

    private async Task<string> ImportAsync() => (await DoAsync("notifications", "import", Notification))["draft"]!.GetValue<string>();

    private async Task IssueAsync(string choice = "flow=none")
    {
        await RegisterAsync();
        string draft = await ImportAsync();
        await DoAsync("notifications", "correct", draft, "--choice", "perEconomy=6", "--choice", choice);
        await DoAsync("notifications", "issue", draft);
    }

    private async Task<Project> ProjectAsync() =>
        (await terminal.Tables[ProjectTable.Name].FindAsync(ProjectTable.HeadOf(Sample.Code), CancellationToken.None))!.Body<Project>();

    /// <summary>What the operator did there, in the order of the alphabet.</summary>
    private async Task<IReadOnlyList<string>> ActionsAsync(string table) =>
        await terminal.Tables[table].ScanAllAsync(CancellationToken.None)
            .Where(row => row.Text("Actor") == "operator:tester").Select(row => row.Text("Action")).Order().ToListAsync();

    /// <summary>Rehearses, which writes nothing, then does it.</summary>
    private async Task<JsonNode> DoAsync(params string[] line)
    {
        string before = await terminal.DumpAsync();
        Printed words = await terminal.RunAsync([.. line, "--dry-run"]);
        Printed rehearsed = await terminal.RunAsync([.. line, "--dry-run", "--json"]);
        Assert.True((words.Exit, rehearsed.Exit) == (ExitCodes.Done, ExitCodes.Done), words.Output + words.Error);
        Assert.StartsWith("Dry run: would ", words.Output, StringComparison.Ordinal);
        Assert.True(rehearsed.Json["dryRun"]!.GetValue<bool>());
        Assert.Equal(before, await terminal.DumpAsync());

        Printed done = await terminal.RunAsync([.. line, "--json"]);
        Assert.True((done.Exit, done.Error) == (ExitCodes.Done, ""), done.Output + done.Error);
        Assert.False(done.Json["dryRun"]!.GetValue<bool>());
        Assert.NotEqual(before, await terminal.DumpAsync());
        return done.Json;
    }
}
