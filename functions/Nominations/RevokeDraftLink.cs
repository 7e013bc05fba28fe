using System.Globalization;
using Plenary.Domain;

namespace Plenary.Nominations;

/// <summary>
/// Takes back every link to one draft that has been sent so far, and nothing else of the desk. Whoever has the form open cannot save it any more; what was
/// saved stays, and a new link can be sent.
/// </summary>
public sealed class RevokeDraftLink(NominationTable table)
{
    /// <summary>Again changes nothing. Possible at any time: taking a link back waits for no date.</summary>
    public Task<Outcome<Nominee>> RunAsync(DeskCall call, string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return table.ChangeAsync<Nominee>(
            call,
            (desk, batch) =>
            {
                if (desk.Find(id) is not { } nominee)
                {
                    return SaveNomination.NotFound;
                }

                if (nominee.Invitation is not { IsRevoked: false } invitation)
                {
                    return nominee;
                }

                Nominee revoked = nominee with { Invitation = invitation with { RevokedThrough = invitation.Number, RevokedAt = call.ReceivedAt } };
                desk.ReplaceNominee(batch, revoked);
                DeskRows.Audit(batch, call, "draft-link-revoked", id, ("Number", invitation.Number.ToString(CultureInfo.InvariantCulture)));
                return revoked;
            },
            cancellation);
    }
}
