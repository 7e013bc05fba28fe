using System.Collections.Concurrent;
using Azure;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Faults.Tests;

/// <summary>What a table service may do to a client: on a real wire, with the product's own client behind a proxy that fails.</summary>
public sealed class TableFaultTests
{
    [Theory]
    [InlineData(1, 500)]
    [InlineData(2, 503)]
    [InlineData(3, 500)]
    public Task F02_every_table_write_may_fail_three_times_in_a_row_and_no_user_sees_it(int failures, int status) => new EveryWriteFails(failures, status).HoldsAsync(1);

    [Fact]
    public Task F02_a_tenth_of_all_calls_failing_at_random_loses_and_doubles_nothing() => new RandomFailures().HoldsAsync(2);

    [Fact]
    public Task F03_a_committed_insert_whose_answer_was_lost_is_success_not_conflict() => new LostInserts().HoldsAsync(2);

    [Fact]
    public Task F04_a_committed_update_whose_answer_was_lost_is_not_taken_for_somebody_elses() => new LostUpdates().HoldsAsync(2);

    [Fact]
    public Task F05_every_list_sees_every_row_once_however_the_pages_come() => new OddPages().HoldsAsync(4);

    [Fact]
    public async Task F06_what_a_transaction_cannot_take_is_refused_before_the_wire()
    {
        await using Stores stores = await Stores.StartAsync(0, "T");
        ITable table = stores.Tables.Get("T");
        Batch full = Rows("p", Batch.MostWrites);

        Assert.Throws<InvalidOperationException>(() => full.Insert(One("p", "one-too-many")));
        Assert.Throws<ArgumentException>(() => new Batch("p").Insert(One("q", "r")));
        Assert.Throws<ArgumentException>(() => new Batch("p").Insert(One("p", "r")).Upsert(One("p", "r")));
        Batch heavy = new("p");
        for (int number = 0; number < 10; number++)
        {
            heavy.Insert(Row.Of(new RowKey("p", $"r{number}"), [.. Enumerable.Range(0, 14).Select(part => ($"Part{part}", (object)new string('x', 32_000)))]));
        }

        await Assert.ThrowsAnyAsync<Exception>(() => table.CommitAsync(heavy, default));
        Assert.Empty(stores.TableProxy.Requests);
        Assert.True((await table.CommitAsync(full, default)).IsDone);
    }

    [Fact]
    public Task F07_a_transaction_that_fails_at_any_row_writes_nothing_and_names_the_row() => new FailingRow().HoldsAsync(20);

    [Fact]
    public Task F33_a_burst_above_what_a_partition_takes_is_slower_and_loses_nothing() => new Burst().HoldsAsync(1);

    private static Batch Rows(string partition, int count)
    {
        Batch batch = new(partition);
        for (int number = 0; number < count; number++)
        {
            batch.Insert(One(partition, $"r{number:D3}"));
        }

        return batch;
    }

    internal static Row One(string partition, string row) => Row.Of(new RowKey(partition, row), ("Name", row));
}

/// <summary>Each table write of an intake, with its relay and mails, fails so often before it succeeds.</summary>
public sealed class EveryWriteFails(int failures, int status) : Scenario("F02", $"every table write fails {failures} times with {status}", 1000, "I1 I2 I14")
{
    public EveryWriteFails()
        : this(3, 503)
    {
    }

    public override string Unit => "writes";

    public override int CasesPerRun => 12;

    public override bool IsReal => true;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        await using Stores stores = await Stores.StartAsync(seed);
        await using Plant plant = new(stores.Tables, stores.Blobs);
        await plant.OpenAsync();
        ConcurrentDictionary<string, int> tries = new();
        stores.TableProxy.Add(new FaultRule(FaultMode.FailBefore)
        {
            Status = status,

            // The same write comes again with the same bytes; each is counted by itself.
            Where = request => request.IsWrite && tries.AddOrUpdate($"{request.Method} {request.Target} {request.Body.GetHashCode(StringComparison.Ordinal)}", 1, (_, seen) => seen + 1) <= failures,
        });
        Assert.True(Plant.Good(await plant.NominateAsync("japan", 1)).IsNew);
        Assert.True(Plant.Good(await plant.NominateAsync("japan", 2, rank: "2")).IsNew);
        await plant.PumpAsync();
        stores.TableProxy.Heal();
        await plant.AdvanceToAsync(plant.Clock.Now.AddMinutes(15));
        await plant.AssertNominationsAsync(2);
        await plant.AssertMailsAsync();
    }
}

/// <summary>Lost lines, lost answers and busy servers, a tenth of all calls, while officers nominate and repeat what they got no answer to.</summary>
public sealed class RandomFailures() : Scenario("F02", "a tenth of all calls fails at random", 10_000, "I1 I2 I14")
{
    public override string Unit => "submissions";

    public override int CasesPerRun => 24;

    public override bool IsReal => true;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        await using Stores stores = await Stores.StartAsync(seed);
        await using Plant plant = new(stores.Tables, stores.Blobs);
        await plant.OpenAsync();
        stores.TableProxy.Add(
            new FaultRule(FaultMode.CommitThenDrop) { Chance = 0.025 },
            new FaultRule(FaultMode.CommitThenFail) { Chance = 0.025 },
            new FaultRule(FaultMode.FailBefore) { Chance = 0.025, Status = 503 },
            new FaultRule(FaultMode.DropWithin) { Chance = 0.025 },

            // One for certain: about every hundredth seed draws none.
            new FaultRule(FaultMode.CommitThenDrop) { Skip = seed % 20, Times = 1 });
        Dictionary<int, string> acknowledged = [];
        for (int number = 1; number <= 24; number++)
        {
            string economy = Plant.Economies[number % Plant.Economies.Length];
            for (int tries = 1; !acknowledged.ContainsKey(number); tries++)
            {
                try
                {
                    acknowledged[number] = Plant.Good(await plant.NominateAsync(economy, number)).Nominee.Reference;
                }
                catch (RequestFailedException failure) when (tries < 5)
                {
                    story.Add($"submission {number} got no answer ({failure.Status}) and is sent again");
                }
            }
        }

        story.Add($"{stores.TableProxy.Faults} faults in {stores.TableProxy.Requests.Count} calls");
        Assert.True(stores.TableProxy.Faults > 0);
        stores.TableProxy.Heal();
        await plant.AdvanceToAsync(plant.Clock.Now.AddMinutes(30));
        Nominee[] stored = [.. (await plant.RowsAsync(NominationTable.Name, "nominee-")).Select(row => row.Body<Nominee>())];
        Assert.Equal(acknowledged.Values.Order(), stored.Select(nominee => nominee.Reference).Order());
        await plant.AssertNominationsAsync(24);
        await plant.AssertMailsAsync();
    }
}

/// <summary>Every insert of an intake in turn: it goes in and its answer gets lost.</summary>
public sealed class LostInserts() : Scenario("F03", "each insert committed, its answer lost", 50 * 12, "I2")
{
    public override string Unit => "inserts";

    public override int CasesPerRun => 12;

    public override bool IsReal => true;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        FaultMode mode = seed % 2 == 0 ? FaultMode.CommitThenDrop : FaultMode.CommitThenFail;
        await using Stores stores = await Stores.StartAsync(seed);
        await using Plant plant = new(stores.Tables, stores.Blobs);
        await plant.OpenAsync();
        int number = 0;
        for (int faults = 1; faults > 0; number++)
        {
            story.Add($"{mode} at write {number + 1}");
            stores.TableProxy.Add(new FaultRule(mode) { Skip = number, Times = 1 }.OnWrites());
            int before = stores.TableProxy.Faults;
            Receipt receipt = Plant.Good(await plant.NominateAsync("japan", number + 1, rank: number % 2 == 0 ? $"{number + 1}" : ""));
            Assert.True(receipt.IsNew, "Its own insert was taken for an earlier one.");
            await plant.PumpAsync();
            faults = stores.TableProxy.Faults - before;
            stores.TableProxy.Heal();
        }

        Assert.True(number > 5, $"{number} writes");
        await plant.AdvanceToAsync(plant.Clock.Now.AddMinutes(30));
        await plant.AssertNominationsAsync(number);
        await plant.AssertMailsAsync();
        Assert.DoesNotContain(await plant.LedgerAsync(), intent => intent.PossibleDuplicate);
    }
}

/// <summary>Every write of changes, withdrawals and answers in turn: it goes in and its answer gets lost.</summary>
public sealed class LostUpdates() : Scenario("F04", "each update and delete committed, its answer lost", 50 * 30, "I4 I7 I14")
{
    public override string Unit => "updates";

    public override int CasesPerRun => 30;

    public override bool IsReal => true;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        FaultMode mode = seed % 2 == 0 ? FaultMode.CommitThenDrop : FaultMode.CommitThenFail;
        await using Stores stores = await Stores.StartAsync(seed);
        await using Plant plant = new(stores.Tables, stores.Blobs);
        await plant.OpenAsync(overseas: 6, local: 1);
        await plant.SelectAsync(each: 5);
        foreach (OfferAnswer answer in (OfferAnswer[])[OfferAnswer.Accept, OfferAnswer.Decline])
        {
            int faults = 1;
            for (int skip = 0; faults > 0; skip++)
            {
                OfferRecord? open = (await plant.OffersAsync()).FirstOrDefault(record => record.Offer.State == OfferState.Made);
                if (open is null)
                {
                    break;
                }

                string candidate = CandidateId.Of(open.Economy, open.NominationId);
                story.Add($"{mode} at write {skip + 1} of {answer} by {candidate}");
                stores.TableProxy.Add(new FaultRule(mode) { Skip = skip, Times = 1 }.OnWrites());
                int before = stores.TableProxy.Faults;
                Offer settled = Plant.Good(await plant.AnswerAsync(candidate, answer)).Offer;
                Assert.Equal(answer == OfferAnswer.Accept ? OfferState.Accepted : OfferState.Declined, settled.State);
                await plant.PumpAsync();
                faults = stores.TableProxy.Faults - before;
                stores.TableProxy.Heal();
                await plant.AssertPlacesAsync(6, 1);
            }
        }

        await plant.AdvanceToAsync(plant.Clock.Now.AddMinutes(30));
        await plant.AssertPlacesAsync(6, 1);
        await plant.AssertMailsAsync();

        // One audit entry for each answer, whatever was repeated on the wire.
        int answered = (await plant.OffersAsync()).Count(record => record.Offer.State is OfferState.Accepted or OfferState.Declined);
        Assert.Equal(answered, (await plant.RowsAsync(SelectionTable.Name, AuditWrites.RowPrefix)).Count(row => row.Text("Action") is "offer-accepted" or "offer-declined"));
    }
}

/// <summary>Empty pages, pages of one row, of 999, and an error in the middle, over every kind of list.</summary>
public sealed class OddPages() : Scenario("F05", "empty, short and broken pages over every list", 400, "I3 I14")
{
    private static readonly int[] Sizes = [3, 7, 999, 1000];

    public override bool IsReal => true;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        await using Stores stores = await Stores.StartAsync(seed);
        await using Plant plant = new(stores.Tables, stores.Blobs);
        await plant.OpenAsync();
        for (int number = 1; number <= 12; number++)
        {
            Plant.Good(await plant.NominateAsync(Plant.Economies[number % 4], number));
        }

        await plant.PumpAsync();
        await WaitingAsync(stores, 1005 + (seed * 97 % 300), plant.Clock.Now.AddMinutes(-1));
        int size = Sizes[seed % Sizes.Length];
        story.Add($"pages of {size}, empty ones between");
        stores.TableProxy.Add(
            new FaultRule(FaultMode.EmptyPage) { Chance = 0.2, Times = 200 }.OnQueries(),
            new FaultRule(FaultMode.CommitThenFail) { Chance = 0.05, Times = 20 }.OnQueries(),
            new FaultRule(FaultMode.ShortPage) { PageSize = size }.OnQueries());

        // The export, the counts of the closing, and one desk.
        Nomination[] exported = await plant.UseAsync(async (INominations nominations) => await nominations.ListSubmittedAsync(plant.Project, default).ToArrayAsync());
        Assert.Equal(12, exported.Length);
        Assert.Equal(12, exported.Select(nomination => nomination.Reference).Distinct().Count());
        Assert.Equal(12, (await plant.UseAsync((INominations nominations) => nominations.CountsAsync(plant.Project, default))).Sum(count => count.Submitted));
        Assert.Equal(3, (await plant.UseAsync((NominationTable table) => table.FindAsync(plant.Project, "japan", default)))?.Nominees.Count());

        // An agenda with more than a page, read while its rows are being deleted.
        int waiting = plant.Bus.Waiting.Count;
        await plant.TickAsync();
        stores.TableProxy.Heal();
        string[] posted = [.. plant.Bus.Waiting.Skip(waiting).Select(message => message.Id)];
        Assert.Equal(1005 + (seed * 97 % 300), posted.Length);
        Assert.Equal(posted.Length, posted.Distinct().Count());
        Assert.DoesNotContain(await plant.RowsAsync(AgendaTable.Name), row => row.Text("MessageId").StartsWith("page-", StringComparison.Ordinal));
    }

    private static async Task WaitingAsync(Stores stores, int count, DateTimeOffset due)
    {
        foreach (int[] chunk in Enumerable.Range(0, count).Chunk(100))
        {
            Batch batch = new(AgendaTable.Partition);
            foreach (int number in chunk)
            {
                batch.Upsert(AgendaTable.ToRow(new Owed("nobody-listens", $"page-{number:D5}", "{}", due.AddTicks(number))));
            }

            await stores.Direct.Get(AgendaTable.Name).CommitAsync(batch, default);
        }
    }
}

/// <summary>A conflicting row at each place of a transaction.</summary>
public sealed class FailingRow() : Scenario("F07", "a transaction fails at each of its rows", 100, "I12")
{
    public override bool IsReal => true;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        int count = 2 + (seed * 7 % 99);
        int at = seed * 31 % count;
        await using Stores stores = await Stores.StartAsync(seed, "T");
        ITable table = stores.Tables.Get("T");
        await table.CommitAsync(new Batch("p").Insert(TableFaultTests.One("p", $"r{at:D3}")), cancellation);
        if (seed % 2 == 1)
        {
            // And the answer that names the row is lost the first time.
            stores.TableProxy.Add(new FaultRule(FaultMode.CommitThenDrop) { Times = 1 }.OnWrites());
        }

        Batch batch = new("p");
        for (int number = 0; number < count; number++)
        {
            batch.Insert(TableFaultTests.One("p", $"r{number:D3}"));
        }

        CommitResult result = await table.CommitAsync(batch, cancellation);

        Assert.False(result.IsDone);
        Assert.Equal((ConflictKind.Exists, $"r{at:D3}"), (result.Kind, result.Conflict?.Row.Key.Row));
        Assert.Single(await table.ListAsync("p", KeyRange.All, cancellation).ToArrayAsync(cancellation));
    }
}

/// <summary>Forty officers at once at a partition that takes a tenth of what they send.</summary>
public sealed class Burst() : Scenario("F33", "burst above the rate of a partition", 4000, "I1 I2")
{
    public override string Unit => "submissions";

    public override int CasesPerRun => 40;

    public override bool IsReal => true;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        await using Stores stores = await Stores.StartAsync(seed);

        // The waits between tries of production: they are what a burst is answered with.
        await using Plant plant = new(stores.Patient, stores.Blobs);
        await plant.OpenAsync();
        stores.TableProxy.LimitWrites(60);
        Task<Outcome<Receipt>>[] submissions = [.. Enumerable.Range(1, 40).Select(number => Task.Run(() => SubmitAsync(plant, number), cancellation))];
        Outcome<Receipt>[] outcomes = await Task.WhenAll(submissions);
        int busy = stores.TableProxy.Faults;
        stores.TableProxy.Heal();
        story.Add($"{busy} of {stores.TableProxy.Requests.Count} calls were told that the server is busy");
        Assert.True(busy > 0, "The burst never met the limit.");
        Assert.All(outcomes, outcome => Assert.Empty(outcome.Refusals));
        await plant.AdvanceToAsync(plant.Clock.Now.AddMinutes(15));
        await plant.AssertNominationsAsync(40);
        await plant.AssertMailsAsync();
    }

    /// <summary>As a person does who is told that the list is busy, or that something went wrong: sends it once more.</summary>
    private static async Task<Outcome<Receipt>> SubmitAsync(Plant plant, int number)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                Outcome<Receipt> outcome = await plant.NominateAsync(Plant.Economies[number % 4], number, rank: $"{1 + (number / 4)}");
                if (!outcome.IsRefused || tries == 5)
                {
                    return outcome;
                }
            }
            catch (RequestFailedException) when (tries < 5)
            {
                // A page that says "something went wrong, send it again".
            }
        }
    }
}
