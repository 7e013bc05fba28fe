using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Nominations;

/// <summary>A change of a desk that the project's rules judge. Earlier projects are looked into where, and only where, a rule speaks of them: all others cost no read more.</summary>
public sealed class JudgedChange(NominationTable table, EarlierProjects earlierProjects)
{
    /// <summary>As the table changes a desk, with what is known of earlier projects.</summary>
    public async Task<Outcome<T>> RunAsync<T>(
        DeskCall call, Func<DeskRows, Batch, IReadOnlyList<EarlierParticipation>, Outcome<T>?> decide, CancellationToken cancellation, bool gateFirst = false)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(decide);
        IReadOnlyList<EarlierParticipation>? earlier = null;
        while (true)
        {
            Desk? unread = null;
            Outcome<T> outcome = await table.ChangeAsync(
                call,
                (desk, batch) =>
                {
                    if (earlier is null && desk.Desk.Eligibility.Participation is not null)
                    {
                        unread = desk.Desk;
                        return SaveNomination.NotFound;
                    }

                    return decide(desk, batch, earlier ?? []);
                },
                cancellation,
                gateFirst);
            if (unread is null)
            {
                return outcome;
            }

            earlier = await earlierProjects.FindAsync(unread, call.ReceivedAt, cancellation);
        }
    }
}
