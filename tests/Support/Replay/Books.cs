using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Plenary.Support.Replay;

/// <summary>One nominee as the story keeps book of them.</summary>
internal sealed class BookedNominee(string economy, int rank, string name, string address)
{
    public string Economy { get; } = economy;

    public int Rank { get; } = rank;

    public string Name { get; } = name;

    public string Address { get; } = address;

    public string Id { get; set; } = "";

    public string Reference { get; set; } = "";

    public string Candidate => $"{Economy}/{Id}";

    public BookedOffer? Offer { get; set; }

    /// <summary>Numbers of the sessions attended.</summary>
    public SortedSet<int> Sessions { get; } = [];

    public DateTimeOffset? AnsweredSurveyAt { get; set; }
}

internal sealed class BookedOffer(DateTimeOffset madeAt, DateTimeOffset expiresAt)
{
    public DateTimeOffset MadeAt { get; } = madeAt;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    public DateTimeOffset? AcceptedAt { get; set; }

    public DateTimeOffset? DeclinedAt { get; set; }

    public DateTimeOffset? WithdrawnAt { get; set; }

    public DateTimeOffset? ExpiredAt { get; set; }

    public bool IsOpen => AcceptedAt is null && DeclinedAt is null && ExpiredAt is null;

    public bool IsConfirmed => AcceptedAt is not null && WithdrawnAt is null;

    /// <summary>When it stopped waiting for an answer.</summary>
    public DateTimeOffset? AnsweredAt => AcceptedAt ?? DeclinedAt ?? ExpiredAt;
}

/// <summary>
/// The story's own book-keeping: what it did, and from that alone, by the rules as published and not by the app's code, what must have come of
/// it. What the app says is held against this.
/// </summary>
internal sealed class Books
{
    private readonly Dictionary<string, DateTimeOffset> unsentSince = [];
    private readonly Dictionary<string, DateTimeOffset> submittedSince = [];

    public List<BookedNominee> Nominees { get; } = [];

    public required IReadOnlyList<string> Circulated { get; init; }

    /// <summary>Desks whose officer changed by the dates of the registry; the new one is written to.</summary>
    public int HandedOver { get; set; }

    public DateTimeOffset ClosesAt { get; } = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

    /// <summary>09:00 in Jakarta.</summary>
    public DateTimeOffset StartsAt { get; } = new(2023, 8, 14, 2, 0, 0, TimeSpan.Zero);

    public DateTimeOffset SurveyOpensAt { get; } = new(2023, 8, 16, 10, 0, 0, TimeSpan.Zero);

    public int Receipts { get; set; }

    public int Withdrawals { get; set; }

    public int Drafts { get; set; }

    public int Certificates { get; set; }

    public List<BookedNominee> Offered => [.. Nominees.Where(nominee => nominee.Offer is not null)];

    public List<BookedNominee> Confirmed => [.. Nominees.Where(nominee => nominee.Offer is { IsConfirmed: true })];

    public List<BookedNominee> Attended => [.. Nominees.Where(nominee => nominee.Sessions.Count > 0)];

    /// <summary>All in the order in which places are given: rounds over the economies, which stand in the order of their draw.</summary>
    private List<BookedNominee> InTurn(bool local)
    {
        const string Seed = "23-IP-10-GE-WSP-A";
        static string Draw(string economy) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"round-robin-1|{Seed}|{economy}")));
        return [.. Nominees
            .Where(nominee => nominee.Economy == Cast.Host == local)
            .GroupBy(nominee => nominee.Economy)
            .SelectMany(group => group.OrderBy(nominee => nominee.Rank).Select((nominee, index) => (nominee, Round: index, Draw: Draw(group.Key))))
            .OrderBy(turn => turn.Round).ThenBy(turn => turn.Draw, StringComparer.Ordinal)
            .Select(turn => turn.nominee)];
    }

    public IReadOnlyList<BookedNominee> Select() => [.. InTurn(local: false).Take(38), .. InTurn(local: true).Take(12)];

    /// <summary>Alternates of the economy before the pool's.</summary>
    public BookedNominee? NextAlternate(BookedNominee left) =>
        InTurn(left.Economy == Cast.Host).Where(nominee => nominee.Offer is null).OrderBy(nominee => nominee.Economy == left.Economy ? 0 : 1).FirstOrDefault();

    /// <summary>Books the offer that a freed place leads to.</summary>
    public BookedNominee? Promote(BookedNominee left, DateTimeOffset now)
    {
        BookedNominee? next = now < StartsAt ? NextAlternate(left) : null;
        if (next is not null)
        {
            next.Offer = OfferAt(now);
        }

        return next;
    }

    public BookedOffer OfferAt(DateTimeOffset now) => new(now, now.AddDays(7) < StartsAt ? now.AddDays(7) : StartsAt);

    /// <summary>Books what runs out up to and including an instant, with the promotions that follow from it, in order of time.</summary>
    public IReadOnlyList<BookedNominee> Expire(DateTimeOffset until)
    {
        List<BookedNominee> expired = [];
        while (Offered.Where(nominee => nominee.Offer is { IsOpen: true } offer && offer.ExpiresAt <= until).MinBy(nominee => nominee.Offer?.ExpiresAt) is { Offer: { } offer } nominee)
        {
            offer.ExpiredAt = offer.ExpiresAt;
            expired.Add(nominee);
            Promote(nominee, offer.ExpiresAt);
        }

        return expired;
    }

    public void NoteSubmitted(string economy, DateTimeOffset at) => submittedSince.TryAdd(economy, at);

    public void NoteDraft(string economy, DateTimeOffset at)
    {
        unsentSince.TryAdd(economy, at);
        Drafts++;
    }

    /// <summary>How many mails of each kind must have been sent.</summary>
    public IReadOnlyDictionary<string, int> CountMails()
    {
        int[] answers = [.. Offered.Select(nominee => (nominee.Offer?.AnsweredAt is null ? 0 : 1) + (nominee.Offer?.WithdrawnAt is null ? 0 : 1))];
        return new SortedDictionary<string, int>(StringComparer.Ordinal)
        {
            ["notification-circulated"] = Circulated.Count + HandedOver,
            ["nomination-receipt"] = Receipts,
            ["nomination-withdrawn"] = Withdrawals,
            ["closing-reminder"] = Steps(ClosesAt, -14, -7, -1).Sum(Owing),
            ["draft-reminder"] = ((int[])[-48, -4]).Sum(hours => unsentSince.Values.Count(unsent => unsent <= ClosesAt.AddHours(hours))),
            ["closing-summary"] = 1,
            ["selection-result"] = Nominees.Select(nominee => nominee.Economy).Distinct().Count(),
            ["offer-made"] = Offered.Count,
            ["offer-reminder"] = Offered.Sum(nominee => nominee.Offer is { } offer
                ? Steps(offer.ExpiresAt, -2, -1).Count(step => step > offer.MadeAt && !(offer.AnsweredAt <= step))
                : 0),
            ["offer-answered"] = answers.Sum(),
            ["offer-receipt"] = answers.Sum(),
            ["start-reminder"] = Steps(StartsAt, -7, -1).Sum(step => Offered.Count(nominee => nominee.Offer?.AcceptedAt <= step && !(nominee.Offer.WithdrawnAt <= step))),
            ["certificate-issued"] = Certificates,
            ["survey-invitation"] = Confirmed.Count,
            ["survey-reminder"] = Steps(SurveyOpensAt, 1, 4, 8).Sum(step => Confirmed.Count(nominee => !(nominee.AnsweredSurveyAt <= step))),
        };
    }

    private static IEnumerable<DateTimeOffset> Steps(DateTimeOffset anchor, params int[] days) => days.Select(day => anchor.AddDays(day));

    private int Owing(DateTimeOffset step) => Circulated.Count(economy =>
        !(submittedSince.TryGetValue(economy, out DateTimeOffset submitted) && submitted <= step) ||
        (unsentSince.TryGetValue(economy, out DateTimeOffset unsent) && unsent <= step));
}

/// <summary>One moment of the replay's time line.</summary>
/// <param name="At">On the project's clock.</param>
/// <param name="Mails">How many mails of which kind have left since the moment before.</param>
public sealed record StoryMoment(DateTimeOffset At, string What, IReadOnlyDictionary<string, int> Mails)
{
    /// <summary>Such as <c>3 offer-made, 1 offer-reminder</c>.</summary>
    public string MailWords => string.Join(", ", Mails.Select(mail => string.Create(CultureInfo.InvariantCulture, $"{mail.Value} {mail.Key}")));
}

/// <summary>One figure, from everywhere it can be had; all that are given must be equal.</summary>
/// <param name="Actual">What the real project's news said; null where it said nothing.</param>
/// <param name="Expected">By the story's own books.</param>
/// <param name="Said">By the app, to whoever asks it.</param>
/// <param name="Stored">Recounted from the tables, past the app.</param>
/// <param name="Received">Counted in the mailbox.</param>
public sealed record FigureLine(string Figure, decimal? Actual, decimal Expected, decimal? Said, decimal? Stored, decimal? Received = null)
{
    public bool IsEqual => new[] { Actual, Said, Stored, Received }.All(value => value is null || value == Expected);
}

/// <summary>How a replay ended.</summary>
/// <param name="Mails">The same for each kind of mail.</param>
/// <param name="People">By economy, for charts: nominated, confirmed, attended.</param>
public sealed record StoryEnd(
    IReadOnlyList<StoryMoment> Moments,
    IReadOnlyList<FigureLine> Figures,
    IReadOnlyList<FigureLine> Mails,
    IReadOnlyList<(string Economy, int Nominated, int Confirmed, int Attended)> People,
    string LateAnswer)
{
    public bool AllEqual => Figures.Concat(Mails).All(line => line.IsEqual);
}
