namespace Plenary.Selection;

/// <summary>A list was approved: everybody selected by it is to be offered the place.</summary>
public sealed record SelectionApproved(string Project, string Digest);

/// <summary>An offer has run out. Void when it was answered or its expiry has moved.</summary>
public sealed record OfferDue(string Project, string Candidate, int Number, long ExpiresTicks);

/// <summary>A place fell free. Void when somebody holds it again.</summary>
/// <param name="Place">Such as <c>place-overseas-07</c>.</param>
/// <param name="Economy">Whose place it was.</param>
/// <param name="Pool">The pool of the person who held it.</param>
/// <param name="Former">Id of the nomination that gave the accepted place back, for whom the economy may name somebody; null for every other end.</param>
public sealed record PlaceFreed(string Project, string Place, string Economy, Domain.Pool Pool, string? Former = null);

/// <summary>An economy has named somebody for a place that was kept for it, or names nobody.</summary>
/// <param name="NominationId">Null when the place goes on.</param>
public sealed record PlaceToFill(string Project, string Place, string Economy, string Former, string? NominationId)
{
    public Infra.Outbox.Owed ToOwed() => new(Shared.Queues.FillPlace, $"fill-{Project}-{Place}-{Infra.Tables.Keys.Escape(Economy)}-{Former}", Shared.Envelope.Write(this));
}
