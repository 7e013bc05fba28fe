namespace Plenary.Selection;

/// <summary>A list was approved: everybody selected by it is to be offered the place.</summary>
public sealed record SelectionApproved(string Project, string Digest);

/// <summary>An offer has run out. Void when it was answered or its expiry has moved.</summary>
public sealed record OfferDue(string Project, string Candidate, int Number, long ExpiresTicks);

/// <summary>A place fell free. Void when somebody holds it again.</summary>
/// <param name="Place">Such as <c>place-overseas-07</c>.</param>
/// <param name="Economy">Whose place it was.</param>
/// <param name="Pool">The pool of the person who held it.</param>
public sealed record PlaceFreed(string Project, string Place, string Economy, Domain.Pool Pool);
