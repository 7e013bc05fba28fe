using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Nominations;

/// <summary>
/// Begins the nomination of somebody for a place that fell free, or says that nobody will be named. The nomination itself goes the way of all others, and
/// takes the place when it is submitted.
/// </summary>
public sealed class NameReplacement(NominationTable table)
{
    /// <summary>One draft for each vacancy: begun twice, it is the same.</summary>
    public Task<Outcome<Nominee>> StartAsync(DeskCall call, string former, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return table.ChangeAsync(call, (desk, batch) => DecideStart(call, desk, batch, former), cancellation);
    }

    public Task<Outcome<Vacancy>> PassOnAsync(DeskCall call, string former, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return table.ChangeAsync(call, (desk, batch) => DecidePassOn(call, desk, batch, former), cancellation);
    }

    private static Outcome<Nominee>? DecideStart(DeskCall call, DeskRows desk, Batch batch, string former)
    {
        if (desk.Desk.WhyNoReplacement(former, call.ReceivedAt) is { } closed)
        {
            return closed;
        }

        string key = $"replaces-{former}";
        if (desk.FindKey(key) is { } earlier && desk.Find(earlier.Nominee) is { } made)
        {
            return made;
        }

        return Ranking.NextFree(desk.TakenRanks, desk.Desk.MostNominees).Then<Nominee>(rank =>
        {
            Nominee draft = Nominee.Start(Nominee.DrawId(), NomineeEntry.Empty, call.ReceivedAt, former);
            desk.InsertNominee(batch, draft, rank, key, "");
            DeskRows.Audit(batch, call, "replacement-started", draft.Id, ("Former", former));
            return draft;
        });
    }

    private static Outcome<Vacancy>? DecidePassOn(DeskCall call, DeskRows desk, Batch batch, string former)
    {
        if (desk.Desk.FindVacancy(former) is { IsOver: true } done)
        {
            return done;
        }

        if (desk.Desk.WhyNoReplacement(former, call.ReceivedAt) is { } closed)
        {
            return closed;
        }

        Vacancy over = desk.Desk.Vacancies.First(vacancy => vacancy.Former == former) with { IsOver = true };
        desk.ReplaceDesk(batch, desk.Desk.With(over));
        DeskRows.Audit(batch, call, "vacancy-passed-on", former);
        batch.Owe(OpenVacancy.Settled(desk.Desk, over));
        return over;
    }
}
