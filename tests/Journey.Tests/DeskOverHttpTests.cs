using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Support;
using Session = Plenary.Access.Session;

namespace Plenary.Journey.Tests;

/// <summary>The desk in the running app, over HTTP and a real store, with a link put there by hand.</summary>
public sealed class DeskOverHttpTests
{
    private const string Path = "/desk/23-IP-10-GE-WSP-A/fiji";

    private static readonly DateTimeOffset Now = new(2023, 7, 20, 9, 0, 0, TimeSpan.Zero);

    private static readonly Desk Gate = new()
    {
        Project = ProjectCode.Parse("23-IP-10-GE-WSP-A"),
        ProjectTitle = "Workshop on Public Service Innovation",
        ProjectVersion = 1,
        Economy = "fiji",
        EconomyName = "Fiji",
        Zone = "Pacific/Fiji",
        ClosesAt = new DateTimeOffset(2023, 7, 31, 15, 0, 0, TimeSpan.Zero),
        ProjectEndsAt = new DateTimeOffset(2023, 8, 16, 9, 0, 0, TimeSpan.Zero),
        MostNominees = 40,
        Generation = 1,
    };

    [Fact]
    public async Task A_liaison_officer_nominates_with_a_document_changes_and_withdraws_without_script()
    {
        Azurite azurite = await Azurite.SharedAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Now);
        string link = await OpenAsync(app.Tables);
        using Web web = new(app.Address);

        WebPage desk = (await web.GetAsync(link)).Expect();
        Assert.EndsWith(Path, desk.Address.AbsolutePath, StringComparison.Ordinal);
        WebPage person = (await desk.Form("/nominees/new/person").SubmitAsync()).Expect();
        WebPage work = (await person.Form("/person").Set("name", "Adi Litia").Set("email", "adi@agency.example").SubmitAsync()).Expect();
        WebPage statement = (await work.Form("/work").Set("position", "Director").Set("organisation", "Office").Set("sector", "government").SubmitAsync()).Expect();
        WebPage documents = (await statement.Form("/statement").Set("statement", "Leads the programme.").SubmitAsync()).Expect();

        WebPage refused = await documents.Form("/documents").Attach("document", "cv.pdf", [.. "MZ"u8, .. new byte[300]], "application/pdf").SubmitAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("This is a program", Assert.Single(refused.Errors), StringComparison.Ordinal);
        byte[] pdf = Encoding.ASCII.GetBytes("%PDF-1.7\n1 0 obj\n<< >>\nendobj\nstartxref\n9\n%%EOF\n");
        documents = (await refused.Form("/documents").Attach("document", "Über mich.pdf", pdf, "application/pdf").SubmitAsync()).Expect();
        WebPage download = (await documents.FollowAsync("Über mich.pdf")).Expect();
        Assert.StartsWith("%PDF-1.7", download.Body, StringComparison.Ordinal);
        Assert.Contains("sandbox", string.Join(' ', download.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("attachment", download.ContentHeaders.ContentDisposition?.DispositionType);

        WebPage check = (await documents.FollowAsync("Continue")).Expect();
        WebPage receipt = (await check.Form("/submit").SubmitAsync()).Expect();
        Assert.Contains("Nomination submitted", receipt.Text, StringComparison.Ordinal);
        Assert.Contains("Über mich.pdf", receipt.Text, StringComparison.Ordinal);

        WebPage withdraw = (await receipt.FollowAsync("withdraw it")).Expect();
        desk = (await withdraw.Form("/withdraw").SubmitAsync()).Expect();
        Assert.Contains("The nomination is withdrawn.", desk.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_forty_is_refused_whole_by_its_cells_then_taken_whole_and_not_twice()
    {
        Azurite azurite = await Azurite.SharedAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Now);
        string link = await OpenAsync(app.Tables);
        using Web web = new(app.Address);
        WebPage bulk = (await (await web.GetAsync(link)).Expect().FollowAsync("Nominate many from a spreadsheet")).Expect();
        WebPage template = (await bulk.FollowAsync("text (CSV)")).Expect();
        Assert.Equal("nominees.csv", template.ContentHeaders.ContentDisposition?.FileName);
        string[] lines =
        [
            template.Body.Trim('\uFEFF', '\r', '\n'),
            .. Enumerable.Range(1, 40).Select(number => $"Nominee {number},n{number}@agency.example,Fiji,Director,Office,other,{number},\"Fits,\nas we think.\","),
        ];
        string[] wrong = [.. lines];
        wrong[3] = wrong[3].Replace("@", "", StringComparison.Ordinal);
        wrong[20] = wrong[20].Replace("other", "pirates", StringComparison.Ordinal);
        wrong[33] = wrong[33].Replace("n33@", "n1@", StringComparison.Ordinal);

        WebPage refused = await bulk.Form("/bulk").Attach("sheet", "nominees.csv", Encoding.UTF8.GetBytes(string.Join('\n', wrong)), "text/csv").SubmitAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.All((string[])["B4", "F21", "B34"], cell => Assert.Contains($"Cell {cell}:", refused.Text, StringComparison.Ordinal));
        Assert.Contains("Nobody has been nominated yet.", (await web.GetAsync(Path)).Expect().Text, StringComparison.Ordinal);

        WebPage plan = (await refused.Form("/bulk").Attach("sheet", "nominees.csv", Encoding.UTF8.GetBytes(string.Join('\n', lines)), "text/csv").SubmitAsync()).Expect();
        Assert.Contains("What the file would make: 40 nominees", plan.Text, StringComparison.Ordinal);
        Assert.Contains("Nobody has been nominated yet.", (await web.GetAsync(Path)).Expect().Text, StringComparison.Ordinal);
        WebPage desk = (await plan.Form("/bulk/apply").SubmitAsync()).Expect();
        Assert.Contains("The nominees of your file are nominated.", desk.Text, StringComparison.Ordinal);
        WebPage again = (await plan.Form("/bulk/apply").SubmitAsync()).Expect();

        Assert.Equal(40, Occurrences(again.Body, "receipt of Nominee"));
    }

    [Fact]
    public async Task A_program_sends_a_sheet_dry_then_for_good()
    {
        Azurite azurite = await Azurite.SharedAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Now);
        string link = await OpenAsync(app.Tables);
        using HttpClient http = new() { BaseAddress = app.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", link["/l/".Length..]);
        string address = $"/api/projects/{Gate.Project}/economies/fiji/bulk-nominations";
        string csv = "Name;E-mail address;Nationality;Position;Organisation;Sector;Statement of relevance\nAdi Litia;adi@agency.example;Fiji;Director;Office;other;Fits.\n";

        JsonNode dry = await PostAsync($"{address}?dryRun=true", csv, HttpStatusCode.OK);
        JsonNode made = await PostAsync(address, csv, HttpStatusCode.Created);
        JsonNode repeated = await PostAsync(address, csv, HttpStatusCode.OK);
        JsonNode refused = await PostAsync(address, csv.Replace("adi@agency.example", "nobody", StringComparison.Ordinal), HttpStatusCode.UnprocessableEntity);

        Assert.Equal((2, 1), ((int)dry["nominations"]![0]!["row"]!, (int)dry["nominations"]![0]!["rank"]!));
        Assert.Equal((string?)made["nominations"]![0]!["reference"], (string?)repeated["nominations"]![0]!["reference"]);
        Assert.Equal("B2", (string?)refused["problems"]![0]!["field"]);

        async Task<JsonNode> PostAsync(string to, string body, HttpStatusCode expected)
        {
            using StringContent content = new(body, Encoding.UTF8, "text/csv");
            using HttpResponseMessage answer = await http.PostAsync(new Uri(to, UriKind.Relative), content);
            Assert.Equal(expected, answer.StatusCode);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        }
    }

    [Fact]
    public async Task A_program_trades_the_link_for_a_session_and_nominates_until_the_closing()
    {
        Azurite azurite = await Azurite.SharedAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Now);
        string link = await OpenAsync(app.Tables);
        using HttpClient http = new() { BaseAddress = app.Address };
        using HttpResponseMessage opened = await http.PostAsJsonAsync(new Uri("/api/sessions", UriKind.Relative), new { token = link["/l/".Length..] });
        JsonNode session = JsonNode.Parse(await opened.Content.ReadAsStringAsync())!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string?)session["session"]);
        string address = (string)session["nominations"]!;

        using HttpResponseMessage created = await NominateAsync(http, address, 1);
        using HttpResponseMessage again = await NominateAsync(http, address, 1);
        await app.MoveToAsync(Gate.ClosesAt);
        using HttpResponseMessage late = await NominateAsync(http, address, 2);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Conflict), (created.StatusCode, again.StatusCode, late.StatusCode));
        Assert.Equal((string?)JsonNode.Parse(await created.Content.ReadAsStringAsync())!["reference"], (string?)JsonNode.Parse(await again.Content.ReadAsStringAsync())!["reference"]);
        Assert.Contains("31 July 2023, 14:59:59 UTC", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_accepted_nomination_sends_two_requests_to_the_store()
    {
        Azurite azurite = await Azurite.SharedAsync();
        CountingPolicy counter = new();
        TableClientOptions options = new();
        options.AddPolicy(counter, HttpPipelinePosition.PerRetry);
        AzureTables tables = new(new TableServiceClient(azurite.ConnectionString, options), Azurite.Unique("t"));
        await OpenAsync(tables);
        NominationTable table = new(tables, new Decisions(tables, new RecordingBus(), NullLogger<Decisions>.Instance), new FakeClock(Now));
        DeskCall call = new(Gate.Project, "fiji", new Session(LinkPurpose.Desk, Gate.Project.ToString(), "fiji", 1, long.MaxValue), Now);
        Nominate nominate = new(new JudgedChange(table, new EarlierProjects(new Unread(), new Unread())));

        // The first one of five minutes marks the partition for the sweep as well.
        Assert.Empty((await nominate.RunAsync(call, "k-1", Somebody(1), "1", default)).Refusals);
        int before = counter.Requests;
        Assert.Empty((await nominate.RunAsync(call, "k-2", Somebody(2), "2", default)).Refusals);

        Assert.Equal(2, counter.Requests - before);
    }

    /// <summary>A project without a rule about earlier projects does not look into any.</summary>
    private sealed class Unread : IProjects, ISelections
    {
        public Task<Project?> FindAsync(ProjectCode code, CancellationToken cancellation) => throw new InvalidOperationException();

        public Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellation) => throw new InvalidOperationException();

        public Task<IReadOnlyList<Participant>> ListParticipantsAsync(ProjectCode code, CancellationToken cancellation) => throw new InvalidOperationException();

        public Task<int?> CountSelectedAsync(ProjectCode code, CancellationToken cancellation) => throw new InvalidOperationException();

        public Task<IReadOnlyList<OfferStanding>> ListOffersAsync(ProjectCode code, CancellationToken cancellation) => throw new InvalidOperationException();

        public Task<IReadOnlyDictionary<OfferState, int>> CountOffersAsync(ProjectCode code, CancellationToken cancellation) => throw new InvalidOperationException();
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    private static TypedNominee Somebody(int number) => new()
    {
        Name = $"Nominee {number}",
        Email = $"n{number}@agency.example",
        Nationality = "Fiji",
        Position = "Director",
        Organisation = "Office",
        Sector = "government",
        Statement = "Fits.",
    };

    private static async Task<HttpResponseMessage> NominateAsync(HttpClient http, string address, int number)
    {
        TypedNominee typed = Somebody(number);
        using HttpRequestMessage request = new(HttpMethod.Post, address)
        {
            Content = JsonContent.Create(new { typed.Name, typed.Email, typed.Nationality, typed.Position, typed.Organisation, typed.Sector, typed.Statement, rank = number }),
        };
        request.Headers.Add("Idempotency-Key", $"key-{number}");
        return await http.SendAsync(request);
    }

    /// <summary>Puts the gate and a link there; what opening a desk does when a project is circulated.</summary>
    private static async Task<string> OpenAsync(ITables tables)
    {
        await tables.CreateAsync([NominationTable.Name, Links.Table, OutboxNames.Markers], default);
        RowKey key = NominationTable.GateKey(Gate.Project, Gate.Economy);
        Assert.True((await tables.Get(NominationTable.Name).CommitAsync(new Batch(key.Partition).Insert(Row.Of(key, Gate)), default)).IsDone);
        Links links = new(tables, Options.Create(new AccessOptions
        {
            BaseUrl = "http://localhost",
            LinkPepper = new string('p', 40),
            Authority = "http://localhost",
            Audience = "plenary",
        }));
        string address = await links.MintAsync(new Link(LinkPurpose.Desk, Gate.Project.ToString(), Gate.Economy, 1, Gate.ProjectEndsAt.AddDays(60)), default);
        return new Uri(address).AbsolutePath;
    }

    private sealed class CountingPolicy : HttpPipelineSynchronousPolicy
    {
        private int requests;

        public int Requests => Volatile.Read(ref requests);

        public override void OnSendingRequest(HttpMessage message) => Interlocked.Increment(ref requests);
    }
}
