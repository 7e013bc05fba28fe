using Plenary.Domain;

namespace Plenary.Nominations;

/// <summary>Puts the nominees of one economy into another order, all ranks in one transaction.</summary>
public sealed class RankNominees(NominationTable table)
{
    /// <param name="reorder">From the present order, first rank first, to the wanted one; it must name the same nominees.</param>
    public Task<Outcome<string[]>> RunAsync(
        DeskCall call, Func<IReadOnlyList<string>, Outcome<string[]>> reorder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(reorder);
        return table.ChangeAsync(
            call,
            (desk, batch) =>
            {
                if (desk.Desk.WhyClosed(call.ReceivedAt) is { } closed)
                {
                    return closed;
                }

                IReadOnlyList<string> present = desk.Order;
                Outcome<string[]> wanted = reorder(present).Then(order => Ranking.FromOrder(present, order));
                if (wanted.TryGet(out string[]? order))
                {
                    desk.WriteOrder(batch, order);
                    if (batch.Writes.Count > 0)
                    {
                        DeskRows.Audit(batch, call, "nominees-ranked", desk.Desk.Economy, ("Order", string.Join(' ', order)));
                    }
                }

                return wanted;
            },
            cancellation);
    }
}
