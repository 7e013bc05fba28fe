namespace Plenary.Domain;

/// <summary>Names are stored; they never change.</summary>
public enum OfferState
{
    Made,
    Accepted,
    Declined,
    Expired,
    Withdrawn,

    /// <summary>Open when the project was cancelled.</summary>
    Voided,
}

/// <summary>A place offered to a nominee. Each change makes a new value; the place is held while the offer is made or accepted.</summary>
/// <param name="ExpiresAt">The first instant at which an answer is too late.</param>
/// <param name="SettledAt">When it left <see cref="OfferState.Made"/>, or was withdrawn after acceptance; null while open.</param>
/// <param name="Note">The reason given for declining or withdrawing, if any.</param>
public sealed record Offer(
    string NominationId,
    string Economy,
    Pool Pool,
    PlaceName Place,
    DateTimeOffset MadeAt,
    DateTimeOffset ExpiresAt,
    OfferState State = OfferState.Made,
    DateTimeOffset? SettledAt = null,
    string? Note = null)
{
    /// <summary>While true, nobody else may have the place. An offer that ran out holds it until somebody calls <see cref="Expire"/>.</summary>
    public bool HoldsPlace => State is OfferState.Made or OfferState.Accepted;

    /// <summary>An expiry at or before the instant of making is refused.</summary>
    public static Outcome<Offer> Make(SelectionDecision decision, PlaceName place, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (expiresAt <= now)
        {
            return new Refusal("offer-expiry-past", $"The offer would expire at {expiresAt:u}, which is not after now.", "expiresAt", "Choose a later expiry.");
        }

        if (decision.Kind is not (DecisionKind.Selected or DecisionKind.Alternate) && !decision.StandsBy)
        {
            return new Refusal("offer-not-selected", "Only a selected nominee, an alternate or one who stands by for the economy can be offered a place.", "nominationId");
        }

        return new Offer(decision.NominationId, decision.Economy, decision.Pool, place, now, expiresAt);
    }

    /// <summary>The instant of expiry itself is already too late.</summary>
    public bool IsOpenAt(DateTimeOffset now) => State == OfferState.Made && now < ExpiresAt;

    /// <summary>Refused from the instant of expiry on, and after any answer.</summary>
    public Outcome<Offer> Accept(DateTimeOffset now) =>
        WhyNotAnswerable(now) is { } refusal ? refusal : this with { State = OfferState.Accepted, SettledAt = now };

    /// <summary>Refused from the instant of expiry on, and after any answer; who has accepted withdraws instead.</summary>
    public Outcome<Offer> Decline(DateTimeOffset now, string? note = null) =>
        WhyNotAnswerable(now) is { } refusal ? refusal : this with { State = OfferState.Declined, SettledAt = now, Note = note };

    /// <summary>Possible from the instant of expiry on, and only while unanswered. Settles at the instant of expiry, however late it is noticed.</summary>
    public Outcome<Offer> Expire(DateTimeOffset now)
    {
        if (State != OfferState.Made)
        {
            return WhySettled();
        }

        return now < ExpiresAt
            ? new Refusal("offer-still-open", $"The offer can be answered until {ExpiresAt:u}.")
            : this with { State = OfferState.Expired, SettledAt = ExpiresAt };
    }

    /// <summary>The place is given back: by the secretariat while the offer is open, or by the participant after accepting.</summary>
    public Outcome<Offer> Withdraw(DateTimeOffset now, string? note = null) =>
        HoldsPlace ? this with { State = OfferState.Withdrawn, SettledAt = now, Note = note } : WhySettled();

    /// <summary>Ends an open offer because the project is cancelled.</summary>
    public Outcome<Offer> Void(DateTimeOffset now) =>
        State == OfferState.Made ? this with { State = OfferState.Voided, SettledAt = now } : WhySettled();

    /// <summary>Ends an open offer at an earlier instant: nobody may answer when the project has begun.</summary>
    public Outcome<Offer> Shorten(DateTimeOffset expiresAt) =>
        State == OfferState.Made ? this with { ExpiresAt = expiresAt < ExpiresAt ? expiresAt : ExpiresAt } : WhySettled();

    private Refusal? WhyNotAnswerable(DateTimeOffset now)
    {
        if (State != OfferState.Made)
        {
            return WhySettled();
        }

        return now < ExpiresAt
            ? null
            : new Refusal(
                "offer-expired",
                $"The offer could be answered until {ExpiresAt:u}; that instant itself is too late.",
                Remedy: "Ask your liaison officer whether a place is still free.");
    }

    private Refusal WhySettled() => State switch
    {
        OfferState.Expired => new Refusal("offer-expired", $"The offer expired at {ExpiresAt:u} without an answer.", Remedy: "Ask your liaison officer whether a place is still free."),
        OfferState.Withdrawn => new Refusal("offer-withdrawn-already", $"The offer was withdrawn at {SettledAt:u}.", Remedy: "Ask your liaison officer."),
        OfferState.Voided => new Refusal("offer-voided-already", $"The project was cancelled at {SettledAt:u}.", Remedy: "Nothing needs to be done."),
        OfferState.Accepted => new Refusal("offer-answered-already", $"The offer was accepted at {SettledAt:u}.", Remedy: "To give the place back, withdraw."),
        _ => new Refusal("offer-answered-already", $"The offer was declined at {SettledAt:u}.", Remedy: "Ask your liaison officer if you changed your mind."),
    };
}
