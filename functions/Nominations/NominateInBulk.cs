using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared.Telemetry;

namespace Plenary.Nominations;

/// <summary>A nominee whom a file would make.</summary>
public sealed record PlannedNominee(int Row, int Rank, NomineeEntry Entry);

/// <summary>What would come of a file now.</summary>
/// <param name="State">Drafts where the project asks for documents, which no sheet can bring.</param>
/// <param name="Made">Empty when anything stands in the way.</param>
/// <param name="Problems">All at once; fields are addresses of cells.</param>
public sealed record BulkPlan(Desk Desk, NomineeState State, IReadOnlyList<PlannedNominee> Made, IReadOnlyList<Refusal> Problems);

/// <summary>What came of a file.</summary>
/// <param name="IsNew">False when the very same file had been applied before, so nothing was written.</param>
public sealed record BulkReceipt(Desk Desk, IReadOnlyList<Nominee> Nominees, bool IsNew);

/// <summary>All nominees of a sheet at once or none of them, behind those who are there. The same sheet twice makes nobody twice.</summary>
public sealed class NominateInBulk(NominationTable table, EarlierProjects earlierProjects)
{
    /// <summary>What a crash left staged is thrown away when the next file comes this much later.</summary>
    private static readonly TimeSpan StagedLasts = TimeSpan.FromHours(1);

    /// <summary>Changes nothing.</summary>
    public async Task<Outcome<BulkPlan>> PlanAsync(DeskCall call, TypedSheet typed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        Judged judged = await ReadAsync(call, typed, cancellation);
        return await table.ChangeAsync<BulkPlan>(call, (desk, _) => Plan(call, desk, judged), cancellation);
    }

    public async Task<Outcome<BulkReceipt>> ApplyAsync(DeskCall call, TypedSheet typed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        Judged judged = await ReadAsync(call, typed, cancellation);
        NomineeSheet sheet = judged.Sheet;

        // First the people, unseen; then the one transaction that makes them count. A crash in between changes nothing that anybody
        // sees, and the same file takes them up again.
        Outcome<BulkReceipt> outcome = await table.ChangeAsync(call, (desk, batch) => Stage(call, desk, batch, judged), cancellation);
        if (outcome.TryGet(out BulkReceipt? staged) && staged.IsNew)
        {
            outcome = await table.ChangeAsync(call, (desk, batch) => Apply(call, desk, batch, judged), cancellation);
            if (outcome.IsRefused)
            {
                await ForgetAsync(call, import => import.Id == sheet.ContentHash, cancellation);
            }

            await ForgetAsync(call, import => call.ReceivedAt - import.StagedAt > StagedLasts, cancellation);
        }

        Measures.NominationsAccepted.Add(outcome.TryGet(out BulkReceipt? receipt) && receipt.IsNew ? receipt.Nominees.Count(nominee => nominee.State == NomineeState.Submitted) : 0);
        foreach (Refusal refusal in outcome.Refusals)
        {
            Measures.CountRefusal(refusal.Code);
        }

        return outcome;
    }

    private static BulkPlan Plan(DeskCall call, DeskRows desk, Judged judged)
    {
        NomineeSheet sheet = judged.Sheet;
        NomineeState state = desk.Desk.NeedsMoreThanWords ? NomineeState.Draft : NomineeState.Submitted;
        if (FindApplied(desk, sheet) is { AppliedAt: { } appliedAt })
        {
            Refusal already = new(
                "sheet-applied-already",
                $"This very file was applied before, {ProjectCalendar.InZone(appliedAt, desk.Desk.Zone)}.",
                Remedy: "Nothing needs to be done. To nominate others, send a file with them alone.");
            return new BulkPlan(desk.Desk, state, [], [already]);
        }

        List<Refusal> problems = [];
        if (desk.Desk.WhyClosed(call.ReceivedAt) is { } closed)
        {
            problems.Add(closed);
        }

        problems.AddRange(sheet.Problems);
        problems.AddRange(sheet.Nominees.SelectMany(nominee => desk.Desk.Eligibility.FindFailures(nominee.Entry, desk.Desk.Terms, judged.Earlier).Select(failure => sheet.At(nominee, failure))));
        problems.AddRange(sheet.Nominees.Where(nominee => desk.HolderOf(nominee.Entry.Email) is not null).Select(nominee => sheet.At(nominee, Nominate.EmailTaken)));
        HashSet<int> taken = [.. desk.TakenRanks];
        List<PlannedNominee> made = [];
        foreach (SheetNominee nominee in sheet.Nominees)
        {
            Outcome<int> rank = Ranking.NextFree(taken, desk.Desk.MostNominees);
            if (!rank.TryGet(out int place))
            {
                problems.AddRange(rank.Refusals.Select(full => sheet.At(nominee, full)));
                break;
            }

            taken.Add(place);
            made.Add(new PlannedNominee(nominee.Row, place, nominee.Entry));
        }

        return new BulkPlan(desk.Desk, state, problems.Count > 0 ? [] : made, problems);
    }

    private static Outcome<BulkReceipt>? Stage(DeskCall call, DeskRows desk, Batch batch, Judged judged)
    {
        NomineeSheet sheet = judged.Sheet;

        // Before anything is refused: a repeat of what was accepted in time is answered as it was then.
        if (FindApplied(desk, sheet) is { } applied)
        {
            return new BulkReceipt(desk.Desk, [.. applied.Nominees.Select(desk.Find).OfType<Nominee>()], IsNew: false);
        }

        BulkPlan plan = Plan(call, desk, judged);
        if (plan.Problems.Count > 0)
        {
            return Outcome<BulkReceipt>.Refused(plan.Problems);
        }

        List<Nominee> people = [];
        foreach ((int index, SheetNominee nominee) in sheet.Nominees.Index())
        {
            Nominee draft = Nominee.Start(IdOf(call, sheet, index), nominee.Entry, call.ReceivedAt);
            Outcome<Nominee> made = plan.State == NomineeState.Draft ? draft : draft.Submit([], call.ReceivedAt);
            if (!made.TryGet(out Nominee? person))
            {
                return Outcome<BulkReceipt>.Refused([.. made.Refusals.Select(refusal => sheet.At(nominee, refusal))]);
            }

            people.Add(person);
        }

        if (desk.FindImport(sheet.ContentHash) is null)
        {
            desk.StageImport(batch, new NomineeImport(sheet.ContentHash, [.. people.Select(person => person.Id)], call.ReceivedAt), people);
        }

        return new BulkReceipt(desk.Desk, people, IsNew: true);
    }

    private static Outcome<BulkReceipt>? Apply(DeskCall call, DeskRows desk, Batch batch, Judged judged)
    {
        NomineeSheet sheet = judged.Sheet;
        if (desk.FindImport(sheet.ContentHash) is not { } import)
        {
            return new Refusal("desk-busy-conflict", "The same file was sent twice at the same moment.", Remedy: "Send it once more.");
        }

        if (import.AppliedAt is not null)
        {
            return new BulkReceipt(desk.Desk, [.. import.Nominees.Select(desk.Find).OfType<Nominee>()], IsNew: false);
        }

        BulkPlan plan = Plan(call, desk, judged);
        if (plan.Problems.Count > 0)
        {
            return Outcome<BulkReceipt>.Refused(plan.Problems);
        }

        IReadOnlyList<Nominee> people = desk.StagedOf(import);
        desk.ApplyImport(batch, import with { AppliedAt = call.ReceivedAt }, [.. plan.Made.Select(nominee => nominee.Rank)]);
        DeskRows.Audit(
            batch,
            call,
            "nominated-in-bulk",
            desk.Desk.Economy,
            ("Import", import.Id),
            ("Count", people.Count.ToString(CultureInfo.InvariantCulture)),
            ("Nominees", string.Join(' ', import.Nominees)));
        if (plan.State == NomineeState.Submitted)
        {
            batch.Owe(new MailOwed(desk.Desk.Project.ToString(), NominationMails.BulkReceipt, $"officer:{desk.Desk.Economy}", $"{desk.Desk.Economy}/{import.Id}", "1").ToOwed());
            batch.Owe(new PeopleToIndex(desk.Desk.Project.ToString(), desk.Desk.Economy, import.Nominees).ToOwed(import.Id));
        }

        return new BulkReceipt(desk.Desk, people, IsNew: true);
    }

    private static NomineeImport? FindApplied(DeskRows desk, NomineeSheet sheet) =>
        sheet.Nominees.Count > 0 && desk.FindImport(sheet.ContentHash) is { AppliedAt: not null } import ? import : null;

    private static string IdOf(DeskCall call, NomineeSheet sheet, int index) => Nominee.IdOf(ReferenceNumber.Of(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{call.Project}|{call.Economy}|{sheet.ContentHash}|{index}")))));

    /// <summary>The sheet as this project's rules ask for it.</summary>
    private async Task<Judged> ReadAsync(DeskCall call, TypedSheet typed, CancellationToken cancellation)
    {
        Desk? desk = (await table.FindGateAsync(call.Project, call.Economy, cancellation))?.Desk;
        return new Judged(
            NomineeSheet.Read(typed, desk?.Eligibility), desk is null ? [] : await earlierProjects.FindAsync(desk, call.ReceivedAt, cancellation));
    }

    private async Task ForgetAsync(DeskCall call, Func<NomineeImport, bool> which, CancellationToken cancellation)
    {
        bool isThereMore = true;
        while (isThereMore)
        {
            Outcome<NomineeImport> forgotten = await table.ChangeAsync<NomineeImport>(
                call,
                (desk, batch) =>
                {
                    if (desk.Imports.FirstOrDefault(import => import.AppliedAt is null && which(import)) is not { } staged)
                    {
                        return SaveNomination.NotFound;
                    }

                    desk.ForgetImport(batch, staged);
                    return staged;
                },
                cancellation);
            isThereMore = !forgotten.IsRefused;
        }
    }

    private sealed record Judged(NomineeSheet Sheet, IReadOnlyList<EarlierParticipation> Earlier);
}
