using System.Globalization;
using System.Net.Http.Json;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Journey.Tests;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;
using Xunit.Sdk;

namespace Plenary.Faults.Tests;

/// <summary>Races for places, and what the checks are worth: with each safeguard taken away they must find what it was for.</summary>
public sealed class PlaceFaultTests
{
    [Fact]
    public Task F10_five_hundred_racers_for_thirty_places_get_thirty() => new Race(30).HoldsAsync(2);

    [Fact]
    public Task F10_five_hundred_racers_for_the_last_place_have_one_winner() => new Race(1).HoldsAsync(2);

    [Fact]
    public async Task F10_without_the_place_row_the_race_overbooks_and_the_check_says_so()
    {
        Support.Proof.Finding? finding = await new Race(1, tables => new Tampered(tables, write => write.Row.Key.Row.StartsWith(SelectionTable.PlacePrefix, StringComparison.Ordinal) ? null : write)).RunAsync(0, default);
        Assert.NotNull(finding);
        Assert.Contains("I4", finding.Invariant, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F10_without_etags_two_answers_to_one_offer_both_count_and_the_check_says_so()
    {
        await TwoAnswersAsync(tables => tables);
        await Assert.ThrowsAnyAsync<XunitException>(() => TwoAnswersAsync(tables => new Tampered(
            tables, write => write.Kind == WriteKind.Replace ? new Write(WriteKind.Upsert, write.Row) : write)));
    }

    [Fact]
    public async Task F10_without_the_outbox_mails_are_forgotten_and_the_check_says_so()
    {
        await ReceiptsAsync(tables => tables);
        await Assert.ThrowsAnyAsync<XunitException>(() => ReceiptsAsync(tables => new Tampered(
            tables, write => write.Row.Key.Row.StartsWith("outbox-", StringComparison.Ordinal) && write.Row.Text("Queue") == Queues.SendMail ? null : write)));
    }

    [Fact]
    public Task F10_five_hundred_racers_in_two_processes_never_hold_more_places_than_there_are() => new RaceOfProcesses().HoldsAsync(1);

    /// <summary>One person answers twice at once: the decline runs whole between what the acceptance reads and what it writes.</summary>
    private static async Task TwoAnswersAsync(Func<ITables, ITables> tamper)
    {
        InMemoryTables stored = new();
        await using Plant ready = new(stored);
        await ready.OpenAsync();
        await ready.SelectAsync(each: 2);
        OfferRecord open = (await ready.OffersAsync())[0];
        string candidate = CandidateId.Of(open.Economy, open.NominationId);
        await using Plant plant = new(tamper(stored), beside: ready);
        await using Plant other = new(tamper(stored), beside: ready);
        plant.Gate = new Between("Selections.Commit", () => Task.Run(() => other.AnswerAsync(candidate, OfferAnswer.Decline)).GetAwaiter().GetResult());
        await plant.AnswerAsync(candidate, OfferAnswer.Accept);
        await ready.PumpAsync();
        string[] answers = [.. (await ready.RowsAsync(SelectionTable.Name, AuditWrites.RowPrefix)).Where(row => row.Text("Subject") == candidate).Select(row => row.Text("Action")).Where(action => action is "offer-accepted" or "offer-declined")];
        Assert.Single(answers);
        await ready.AssertPlacesAsync(2, 1);
    }

    private static async Task ReceiptsAsync(Func<ITables, ITables> tamper)
    {
        await using Plant plant = new(tamper(new InMemoryTables()));
        await plant.OpenAsync();
        Plant.Good(await plant.NominateAsync("japan", 1));
        await plant.AdvanceToAsync(plant.Clock.Now.AddMinutes(20));
        await plant.AssertReceiptsAsync();
    }

    private sealed class Between(string call, Action act) : ICallGate
    {
        private bool done;

        public Action? Enter(string entered)
        {
            if (entered == call && !done)
            {
                done = true;
                act();
            }

            return null;
        }
    }
}

/// <summary>The stores as a build of the use cases would use them that lacks a safeguard: writes are changed or left out on the way.</summary>
internal sealed class Tampered(ITables inner, Func<Write, Write?> tamper) : ITables
{
    public ITable Get(string name) => new Table(inner.Get(name), tamper);

    public Task CreateAsync(IEnumerable<string> names, CancellationToken cancellation) => inner.CreateAsync(names, cancellation);

    private sealed class Table(ITable inner, Func<Write, Write?> tamper) : ITable
    {
        public string Name => inner.Name;

        public Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) => inner.FindAsync(key, cancellation);

        public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
            inner.ListAsync(partition, rows, cancellation, pageSize);

        public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
            inner.ListPartitionsAsync(partitions, rows, cancellation);

        public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => inner.ScanAllAsync(cancellation);

        public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation)
        {
            Batch tampered = new(batch.Partition) { OperationId = batch.OperationId };
            foreach (Write write in batch.Writes.Select(tamper).OfType<Write>())
            {
                _ = write.Kind switch
                {
                    WriteKind.Insert => tampered.Insert(write.Row),
                    WriteKind.Replace => tampered.Replace(write.Row),
                    WriteKind.Upsert => tampered.Upsert(write.Row),
                    _ => tampered.Delete(write.Row),
                };
            }

            return inner.CommitAsync(tampered, cancellation);
        }
    }
}

/// <summary>
/// All places are given, then some holders decline at once; five hundred messages race to give the places to alternates, on threads, while
/// others decline what they were just given.
/// </summary>
public sealed class Race(int places, Func<ITables, ITables>? tamper = null)
    : Scenario("F10", string.Create(CultureInfo.InvariantCulture, $"500 racers for {places} places"), places == 1 ? 200 : 50, "I4")
{
    private const int Racers = 500;

    public Race()
        : this(1)
    {
    }

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        Random random = new(seed);
        InMemoryTables stored = new();
        await using Plant one = new(tamper?.Invoke(stored) ?? stored);
        await one.OpenAsync(overseas: places, local: 1);
        await one.SelectAsync(each: 20);
        await using Plant two = new(one.Tables, beside: one);
        OfferRecord[] holders = [.. (await one.OffersAsync()).Where(record => record.Offer.Place.Pool == Pool.Overseas)];
        OfferRecord[] decline = [.. holders.Take(Math.Max(1, holders.Length / 2))];

        // Racers: the messages of each place that falls free, many times over, and of places that are still held.
        foreach (OfferRecord record in Enumerable.Range(0, Racers).Select(number => holders[number % holders.Length]))
        {
            PlaceFreed freed = new(one.Code, record.Offer.Place.ToString(), record.Economy, record.Offer.Pool);
            await one.Bus.SendAsync(Queues.PromoteAlternate, [new BusMessage(Guid.NewGuid().ToString("N"), Envelope.Write(freed))], cancellation);
        }

        one.Bus.Disorder = random;
        Task[] work =
        [
            Task.Run(() => one.PumpAsync(8), cancellation),
            Task.Run(() => two.PumpAsync(8), cancellation),
            .. decline.Select(record => Task.Run(() => two.AnswerAsync(CandidateId.Of(record.Economy, record.NominationId), OfferAnswer.Decline), cancellation)),
        ];
        await Task.WhenAll(work);
        await one.PumpAsync(8);
        IReadOnlyList<OfferRecord> offers = await one.OffersAsync();
        story.Add($"{offers.Count} offers made, {offers.Count(record => record.Offer.HoldsPlace)} hold a place of {places} + 1");
        await one.AssertPlacesAsync(places, 1);
        Assert.Equal(holders.Length + decline.Length, offers.Count(record => record.Offer.Place.Pool == Pool.Overseas));
        await one.AdvanceToAsync(one.Clock.Now.AddMinutes(20));
        await one.AssertPlacesAsync(places, 1);
        await one.AssertMailsAsync();
    }
}

/// <summary>Two real processes on one store; racers come by the host's own address for running a queue function, declines by the pages.</summary>
public sealed class RaceOfProcesses() : Scenario("F10", "500 racers in two processes", 200, "I4")
{
    private const string Code = "23-IP-26-GE-WSP-A";
    private const int Racers = 500;
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(3) };

    public override bool IsExclusive => true;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        await using Stage one = await Stage.StartAsync();
        await one.OpenProjectAsync(new NotificationText(Code));
        foreach (string economy in Stage.OfficerOf.Keys)
        {
            string token = await one.DeskTokenAsync(Code, economy);
            for (int rank = 1; rank <= 6; rank++)
            {
                await one.NominateAsync(Code, economy, $"{(char)('A' + rank)}nna {economy.ToUpperInvariant()}", token: token, rank: rank);
            }
        }

        await one.App.AdvanceToAsync(Stage.Closing.AddMinutes(1));
        await one.SelectAsync(Code);
        await using Stage two = await one.StartBesideAsync(new Dictionary<string, string> { ["Local:SoleProcess"] = "false" });
        OfferRecord[] held = await OffersAsync(one);
        Assert.Equal(3, held.Length);

        List<Task> work = [];
        for (int racer = 0; racer < Racers; racer++)
        {
            OfferRecord record = held[racer % held.Length];
            string body = Envelope.Write(new PlaceFreed(Code, record.Offer.Place.ToString(), record.Economy, record.Offer.Pool));
            work.Add(RunAsync(racer % 2 == 0 ? one : two, "PromoteAlternate", body));
            if (racer % 150 == 75)
            {
                work.Add(DeclineAsync(two, held[racer / 150 % held.Length]));
            }
        }

        await Task.WhenAll(work);
        await one.App.SettleAsync();
        await two.App.SettleAsync();
        OfferRecord[] offers = await OffersAsync(one);
        story.Add($"{offers.Length} offers, {offers.Count(record => record.Offer.HoldsPlace)} hold one of 3 places");
        Dictionary<string, string> places = await one.App.Tables.Get(SelectionTable.Name).ScanAllAsync(cancellation)
            .Where(row => row.Key.Row.StartsWith(SelectionTable.PlacePrefix, StringComparison.Ordinal))
            .ToDictionaryAsync(row => row.Key.Row, row => row.Text("Candidate"), cancellationToken: cancellation);
        OfferRecord[] holding = [.. offers.Where(record => record.Offer.HoldsPlace)];
        Assert.Equal(3, holding.Length);
        Assert.Equal(
            holding.Select(record => (record.Offer.Place.ToString(), CandidateId.Of(record.Economy, record.NominationId))).Order(),
            places.Select(place => (place.Key, place.Value)).Order());
        Assert.Equal(6, offers.Length);
        Assert.Equal(6, offers.Select(record => CandidateId.Of(record.Economy, record.NominationId)).Distinct().Count());
    }

    private static async Task<OfferRecord[]> OffersAsync(Stage stage) =>
        await stage.App.Tables.Get(SelectionTable.Name).ScanAllAsync(default)
            .Where(row => row.Key.Row.StartsWith(SelectionTable.OfferPrefix, StringComparison.Ordinal))
            .Select(row => row.Body<OfferRecord>()).ToArrayAsync();

    private static async Task RunAsync(Stage stage, string function, string input)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(stage.App.Address, $"/admin/functions/{function}"))
        {
            Content = JsonContent.Create(new { input }),
            Headers = { { "x-functions-key", "local-master-key" } },
        };
        (await Http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    private static async Task DeclineAsync(Stage stage, OfferRecord record)
    {
        Row nominee = await stage.App.Tables.Get(NominationTable.Name).FindAsync(
            NominationTable.NomineeKey(NominationTable.PartitionOf(ProjectCode.Parse(Code), record.Economy), record.NominationId), default) ?? throw new InvalidOperationException("No nominee.");
        string link = (await stage.Mailbox.NewestAsync(nominee.Body<Nominee>().Entry.Email, "offer-made")).Link;
        WebPage page = (await stage.NewWeb().GetAsync(link)).Expect();
        (await page.Form(page.Address.AbsolutePath).Set("answer", "decline").SubmitAsync()).Expect();
    }
}
