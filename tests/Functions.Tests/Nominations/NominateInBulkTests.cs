using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;

namespace Plenary.Functions.Tests.Nominations;

public sealed class NominateInBulkTests : IDisposable
{
    private const string Header = "Name,E-mail address,Nationality,Position,Organisation,Sector,Years of experience,Statement of relevance,Wishes";

    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_file_of_forty_with_three_bad_rows_changes_nothing_and_names_every_cell()
    {
        await rig.OpenAsync();
        string[] before = await KeysAsync();
        TypedSheet sheet = Sheet(Enumerable.Range(1, 40).Select(number => number switch
        {
            7 => "Nominee 7,not an address,Indonesia,Director,Office,government,3,Fits.,",
            19 => ",n19@agency.example,Indonesia,Director,Office,pirates,3,Fits.,",
            33 => "Nominee 33,N1@AGENCY.example,Indonesia,Director,Office,government,many,Fits.,",
            _ => Line(number),
        }));

        Outcome<BulkPlan> planned = await rig.Get<NominateInBulk>().PlanAsync(rig.Call(), sheet, default);
        Outcome<BulkReceipt> applied = await rig.Get<NominateInBulk>().ApplyAsync(rig.Call(), sheet, default);

        Assert.True(planned.TryGet(out BulkPlan? plan));
        Assert.Empty(plan.Made);
        Assert.Equal(["A20", "B34", "B8", "F20", "G34"], plan.Problems.Select(problem => problem.Field ?? "").Order(StringComparer.Ordinal));
        Assert.Equal(plan.Problems.Select(problem => (problem.Code, problem.Field)), applied.Refusals.Select(problem => (problem.Code, problem.Field)));
        Assert.Equal(before, await KeysAsync());
    }

    [Fact]
    public async Task A_file_of_forty_is_planned_without_a_write_and_then_nominates_all_behind_those_who_are_there()
    {
        await rig.OpenAsync();
        await rig.NominateAsync(77);
        rig.Projects.Project = rig.Projects.Project with { Settings = rig.Projects.Project.Settings with { MostNomineesPerEconomy = 41 }, Version = 2 };
        await rig.OpenAsync();
        TypedSheet sheet = Sheet(Enumerable.Range(1, 40).Select(Line));
        string[] before = await KeysAsync();

        Outcome<BulkPlan> planned = await rig.Get<NominateInBulk>().PlanAsync(rig.Call(), sheet, default);
        Assert.True(planned.TryGet(out BulkPlan? plan));
        Assert.Equal(Enumerable.Range(2, 40), plan.Made.Select(made => made.Rank));
        Assert.Equal(before, await KeysAsync());

        BulkReceipt receipt = await ApplyAsync(rig, sheet);

        DeskRows rows = await rig.RowsAsync();
        Assert.True(receipt.IsNew);
        Assert.Equal(41, rows.Order.Count);
        Assert.Equal(receipt.Nominees.Select(nominee => nominee.Id), rows.Order.Skip(1));
        Assert.Equal("Nominee 40", rows.Find(rows.Order[40])?.Sent?.Entry.Name);
        Assert.All(receipt.Nominees, nominee => Assert.True(ReferenceNumber.Parse(nominee.Reference).TryGet(out _)));
        Assert.Equal(41, await CountSubmittedAsync());
    }

    [Fact]
    public async Task The_same_file_twice_or_twice_at_once_makes_nobody_twice_and_is_acknowledged_by_one_mail()
    {
        await rig.OpenAsync();
        TypedSheet sheet = Sheet([Line(1), Line(2)]);

        Outcome<BulkReceipt>[] both = await Task.WhenAll(
            rig.Get<NominateInBulk>().ApplyAsync(rig.Call(), sheet, default), rig.Get<NominateInBulk>().ApplyAsync(rig.Call(), sheet, default));
        rig.Clock.Now = DeskRig.ClosesAt.AddDays(1);
        BulkReceipt late = await ApplyAsync(rig, Sheet(["", Line(1), Line(2)]));

        Assert.All(both, outcome => Assert.Empty(outcome.Refusals));
        Assert.False(late.IsNew);
        Assert.Equal(["Nominee 1", "Nominee 2"], late.Nominees.Select(nominee => nominee.DisplayName));
        Assert.Equal(2, await CountSubmittedAsync());
        MailOwed owed = Assert.Single(await rig.OwedAsync(), mail => mail.Kind == NominationMails.BulkReceipt);
        Composition mail = await rig.ComposeAsync(owed);
        Assert.Contains("2 nominations", mail.Draft?.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_closing_instant_is_in_time_and_the_instant_itself_is_not()
    {
        await rig.OpenAsync();
        NominateInBulk bulk = rig.Get<NominateInBulk>();

        Outcome<BulkReceipt> late = await bulk.ApplyAsync(rig.Call(DeskRig.ClosesAt), Sheet([Line(1)]), default);
        Outcome<BulkReceipt> inTime = await bulk.ApplyAsync(rig.Call(DeskRig.ClosesAt.AddMilliseconds(-1)), Sheet([Line(2)]), default);

        Assert.Equal("nominations-closed", Assert.Single(late.Refusals).Code);
        Assert.Empty(inTime.Refusals);
        Assert.Equal(1, await CountSubmittedAsync());
    }

    [Fact]
    public async Task A_crash_between_the_two_transactions_shows_nobody_and_the_same_file_takes_them_up()
    {
        using DeskRig broken = new(services => services.AddSingleton<IDecisions>(provider => new StopsBeforeImports(ActivatorUtilities.CreateInstance<Decisions>(provider))));
        await broken.OpenAsync();
        StopsBeforeImports stops = (StopsBeforeImports)broken.Get<IDecisions>();
        stops.IsBroken = true;

        await Assert.ThrowsAsync<IOException>(() => broken.Get<NominateInBulk>().ApplyAsync(broken.Call(), Sheet([Line(1), Line(2)]), default));
        DeskRows half = await broken.RowsAsync();
        Assert.Empty(half.Nominees);
        Assert.Empty(half.Order);
        stops.IsBroken = false;

        // The address of somebody who is only staged is free.
        await broken.NominateAsync(5);
        BulkReceipt receipt = await ApplyAsync(broken, Sheet([Line(1), Line(2)]));

        Assert.True(receipt.IsNew);
        Assert.Equal(3, (await broken.RowsAsync()).Order.Count);
    }

    [Fact]
    public async Task What_a_crash_left_staged_goes_with_the_next_file_after_an_hour()
    {
        using DeskRig broken = new(services => services.AddSingleton<IDecisions>(provider => new StopsBeforeImports(ActivatorUtilities.CreateInstance<Decisions>(provider))));
        await broken.OpenAsync();
        StopsBeforeImports stops = (StopsBeforeImports)broken.Get<IDecisions>();
        stops.IsBroken = true;
        await Assert.ThrowsAsync<IOException>(() => broken.Get<NominateInBulk>().ApplyAsync(broken.Call(), Sheet([Line(1), Line(2)]), default));
        stops.IsBroken = false;
        broken.Clock.Advance(TimeSpan.FromHours(2));

        await ApplyAsync(broken, Sheet([Line(3)]));

        Assert.Single(await broken.AllRowsAsync(), row => row.Key.Row.StartsWith("nominee-", StringComparison.Ordinal));
        Assert.Single(await broken.AllRowsAsync(), row => row.Key.Row.StartsWith("import-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_than_the_economy_may_put_forward_or_one_file_takes_is_refused_whole()
    {
        rig.Projects.Project = rig.Projects.Project with { Settings = rig.Projects.Project.Settings with { MostNomineesPerEconomy = 3 } };
        await rig.OpenAsync();
        await rig.NominateAsync(77);

        Outcome<BulkReceipt> full = await rig.Get<NominateInBulk>().ApplyAsync(rig.Call(), Sheet([Line(1), Line(2), Line(3)]), default);
        Outcome<BulkReceipt> tooLong = await rig.Get<NominateInBulk>().ApplyAsync(rig.Call(), Sheet(Enumerable.Range(1, 49).Select(Line)), default);

        Refusal refusal = Assert.Single(full.Refusals);
        Assert.Equal(("nominees-full", "A4"), (refusal.Code, refusal.Field));
        Assert.Contains(tooLong.Refusals, problem => problem is { Code: "sheet-too-long", Field: "A50" });
        Assert.Equal(1, await CountSubmittedAsync());
    }

    [Fact]
    public async Task A_file_of_the_most_nominees_there_may_be_fits_into_the_store()
    {
        rig.Projects.Project = rig.Projects.Project with { Settings = rig.Projects.Project.Settings with { MostNomineesPerEconomy = 60 } };
        await rig.OpenAsync();

        await ApplyAsync(rig, Sheet(Enumerable.Range(1, NomineeSheet.MostNominees).Select(Line)));

        Assert.Equal(NomineeSheet.MostNominees, await CountSubmittedAsync());
    }

    [Fact]
    public async Task Where_documents_are_asked_for_the_nominees_become_drafts()
    {
        rig.Projects.Project = rig.Projects.Project with { Settings = rig.Projects.Project.Settings with { RequiredDocuments = 1 } };
        await rig.OpenAsync();

        BulkReceipt receipt = await ApplyAsync(rig, Sheet([Line(1)]));

        Assert.Equal(NomineeState.Draft, Assert.Single(receipt.Nominees).State);
        Assert.DoesNotContain(await rig.OwedAsync(), mail => mail.Kind == NominationMails.BulkReceipt);
        Assert.Equal(0, await CountSubmittedAsync());
    }

    [Fact]
    public async Task Somebody_of_a_file_is_changed_and_withdrawn_like_any_other()
    {
        await rig.OpenAsync();
        Nominee nominee = Assert.Single((await ApplyAsync(rig, Sheet([Line(1)]))).Nominees);

        Assert.Empty((await rig.Get<SaveNomination>().RunAsync(rig.Call(), nominee.Id, typed => typed with { Email = "other@agency.example" }, default)).Refusals);
        Assert.Empty((await rig.Get<SubmitNomination>().RunAsync(rig.Call(), nominee.Id, default)).Refusals);
        await rig.NominateAsync(1);
        Assert.Empty((await rig.Get<WithdrawNomination>().RunAsync(rig.Call(), nominee.Id, default)).Refusals);

        Assert.Equal(1, await CountSubmittedAsync());
    }

    [Fact]
    public async Task A_link_of_an_earlier_generation_learns_nothing()
    {
        await rig.OpenAsync();
        DeskCall old = rig.Call() with { Session = rig.Session(generation: 0) };

        Assert.Equal("link-forbidden", Assert.Single((await rig.Get<NominateInBulk>().PlanAsync(old, Sheet([Line(1)]), default)).Refusals).Code);
        Assert.Equal("link-forbidden", Assert.Single((await rig.Get<NominateInBulk>().ApplyAsync(old, Sheet([Line(1)]), default)).Refusals).Code);
    }

    private static string Line(int number) => string.Create(
        CultureInfo.InvariantCulture, $"Nominee {number},n{number}@agency.example,Indonesia,Director,Office,Government ministry or agency,{number},Fits.,");

    private static TypedSheet Sheet(IEnumerable<string> lines)
    {
        Outcome<TypedSheet> read = SheetFile.ReadCsv(string.Join("\r\n", lines.Prepend(Header)));
        return read.TryGet(out TypedSheet? sheet) ? sheet : throw new InvalidOperationException(read.Refusals[0].Reason);
    }

    private static async Task<BulkReceipt> ApplyAsync(DeskRig desk, TypedSheet sheet)
    {
        Outcome<BulkReceipt> outcome = await desk.Get<NominateInBulk>().ApplyAsync(desk.Call(), sheet, default);
        Assert.Empty(outcome.Refusals);
        return outcome.TryGet(out BulkReceipt? receipt) ? receipt : throw new InvalidOperationException();
    }

    private async Task<string[]> KeysAsync() => [.. (await rig.AllRowsAsync()).Select(row => $"{row.Key.Row} {row.ETag}")];

    private async Task<int> CountSubmittedAsync() => (await rig.Get<INominations>().CountsAsync(rig.Code, default)).Sum(counts => counts.Submitted);

    /// <summary>The process ends at the moment a staged import would be applied.</summary>
    private sealed class StopsBeforeImports(IDecisions inner) : IDecisions
    {
        public bool IsBroken { get; set; }

        public Task<CommitResult> CommitAsync(ITable table, Batch batch, DateTimeOffset now, CancellationToken cancellation) =>
            IsBroken && batch.Writes.Any(write => write.Kind == WriteKind.Replace && write.Row.Key.Row.StartsWith("import-", StringComparison.Ordinal))
                ? throw new IOException("Stopped.")
                : inner.CommitAsync(table, batch, now, cancellation);
    }
}
