using System.Text.Json.Serialization;
using Plenary.Domain;
using Plenary.Infra.Mail;

namespace Plenary.Mail;

[JsonConverter(typeof(JsonStringEnumConverter<MailState>))]
public enum MailState
{
    /// <summary>Waits for its next attempt.</summary>
    Queued,

    /// <summary>Claimed: an attempt is being made, or broke off.</summary>
    Sending,

    /// <summary>The provider has it.</summary>
    Sent,

    /// <summary>The recipient's server has it.</summary>
    Delivered,

    /// <summary>The recipient's server asked the provider to come again.</summary>
    Deferred,
    Bounced,

    /// <summary>The recipient called it spam.</summary>
    Complained,

    /// <summary>The provider did not pass it on.</summary>
    Dropped,

    /// <summary>Never taken, and no longer tried.</summary>
    Failed,

    /// <summary>Perhaps taken: the answer was lost.</summary>
    Unknown,

    /// <summary>No longer owed when its turn came.</summary>
    Skipped,
}

/// <summary>One line of an intent's history.</summary>
/// <param name="What">What we did, or the provider's name of the event.</param>
/// <param name="MessageId">The provider's id, for its events.</param>
public sealed record MailHappening(DateTimeOffset At, string What, string? MessageId = null);

/// <summary>What a message about an intent should lead to.</summary>
public enum MailStepKind
{
    Nothing,

    /// <summary>Look again at <see cref="MailStep.At"/>.</summary>
    Wait,

    /// <summary>Save <see cref="MailStep.Intent"/>, and if that is a claim, send.</summary>
    Go,
}

/// <inheritdoc cref="MailStepKind" />
public readonly record struct MailStep(MailStepKind Kind, DateTimeOffset At, MailIntent? Intent)
{
    public static MailStep Nothing => default;

    public static MailStep Wait(DateTimeOffset until) => new(MailStepKind.Wait, until, null);

    public static MailStep Go(MailIntent intent) => new(MailStepKind.Go, default, intent);
}

/// <summary>
/// Where one owed mail stands. Holds ids only: never an address, never a text. At most one attempt is made beyond
/// one whose outcome was lost, and it is marked as a possible duplicate.
/// </summary>
public sealed record MailIntent
{
    private const int MostHistory = 20;

    private static readonly int[] BackOffMinutes = [1, 2, 5, 15, 30, 60];

    /// <summary>How long a lost answer, or a broken-off attempt, waits for an event that tells how it went.</summary>
    public static TimeSpan DoubtLasts { get; } = TimeSpan.FromMinutes(10);

    /// <summary>After this the intent fails for everyone to see.</summary>
    public static TimeSpan KeepsTrying { get; } = TimeSpan.FromHours(72);

    public static TimeSpan KeyRefusedLasts { get; } = TimeSpan.FromMinutes(15);

    public required MailOwed Owed { get; init; }

    public required MailState State { get; init; }

    /// <summary>When it was first taken up.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Claims so far.</summary>
    public int Attempts { get; init; }

    /// <summary>How often the provider has put us off.</summary>
    public int Delays { get; init; }

    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>While queued: not before this.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>A message that was asked for by one that came too early comes at this instant.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Of the newest event that decided the state.</summary>
    public DateTimeOffset? EventAt { get; init; }

    public string? ProviderMessageId { get; init; }

    /// <summary>Sent again although the first attempt may have been taken.</summary>
    public bool PossibleDuplicate { get; init; }

    /// <summary>Why it was skipped, failed, bounced or is being put off.</summary>
    public string? Code { get; init; }

    /// <summary>Of what was written.</summary>
    public string? Language { get; init; }

    public IReadOnlyList<MailHappening> History { get; init; } = [];

    /// <summary>Owed, and nobody has taken it up.</summary>
    public static MailIntent Waiting(MailOwed owed, DateTimeOffset now) =>
        new() { Owed = owed, State = MailState.Queued, Since = now, NotBefore = now };

    public MailIntent Claim(DateTimeOffset now) =>
        (this with { State = MailState.Sending, Attempts = Attempts + 1, ClaimedAt = now, NotBefore = null, Code = null }).Note(now, "claimed");

    /// <summary>What to do when a message about this intent arrives, for the first or the fiftieth time.</summary>
    public MailStep Next(DateTimeOffset now) => State switch
    {
        MailState.Queued => NotBefore > now ? MailStep.Wait(NotBefore.Value) : MailStep.Go(Claim(now)),
        MailState.Sending or MailState.Unknown when DoubtEndsAt is { } end && end > now => MailStep.Wait(end),
        MailState.Sending or MailState.Unknown when !PossibleDuplicate && (State is MailState.Sending || Code is null) =>
            MailStep.Go(Claim(now) with { PossibleDuplicate = true }),

        // The second attempt broke off as well: a third might be a third copy.
        MailState.Sending => MailStep.Go((this with { State = MailState.Unknown }).Note(now, "given up")),
        _ => MailStep.Nothing,
    };

    /// <summary>When a doubt is over; null where there is none.</summary>
    [JsonIgnore]
    public DateTimeOffset? DoubtEndsAt => State is MailState.Sending or MailState.Unknown ? ClaimedAt + DoubtLasts : null;

    /// <summary>When this intent wants to be looked at again; null when it is settled.</summary>
    [JsonIgnore]
    public DateTimeOffset? LookAgainAt => State switch
    {
        MailState.Queued => NotBefore,
        MailState.Unknown when !PossibleDuplicate && Code is null => DoubtEndsAt,
        _ => null,
    };

    /// <summary>Whether a message that is still to come, after <paramref name="soon"/>, will look at what is to be done at the instant.</summary>
    public bool WakesFor(DateTimeOffset at, DateTimeOffset soon) => WakeAt > soon && WakeAt <= (at > soon ? at : soon);

    /// <summary>An attempt has been made, and it has not left for certain.</summary>
    [JsonIgnore]
    public bool Lingers => State is MailState.Sending ? Attempts > 1 : State is MailState.Unknown || (State is MailState.Queued && Attempts > 0);

    /// <summary>It came back, was not passed on, or was never taken.</summary>
    [JsonIgnore]
    public bool DidNotArrive => State is MailState.Failed or MailState.Bounced or MailState.Dropped or MailState.Complained;

    /// <summary>It did not arrive, may have arrived twice, or waits for a key that is refused.</summary>
    [JsonIgnore]
    public bool NeedsAPerson => PossibleDuplicate || DidNotArrive || State switch
    {
        MailState.Unknown => LookAgainAt is null,
        MailState.Queued => Code is "key-refused",
        _ => false,
    };

    /// <summary>The composer says that it is no longer owed.</summary>
    public MailIntent NotOwed(string code, DateTimeOffset now)
    {
        if (State is not MailState.Sending)
        {
            return this;
        }

        // What may have been sent before the doubt is not undone by what is owed now.
        return PossibleDuplicate
            ? (this with { State = MailState.Unknown, PossibleDuplicate = false, Code = code }).Note(now, "not sent again")
            : (this with { State = MailState.Skipped, Code = code }).Note(now, "skipped");
    }

    /// <summary>
    /// An operator wants it written once more: as if it had just been owed, with its history kept. Refused while an attempt may be under
    /// way, and for what somebody has called spam; what is with the recipient already is only written again when that is asked for.
    /// </summary>
    public Outcome<MailIntent> Again(string actor, bool evenIfThere, DateTimeOffset now)
    {
        Refusal? refusal = this switch
        {
            { State: MailState.Complained } => new Refusal("mail-complained", "The recipient called it spam; the provider drops anything more.", Remedy: "Ask the person by other means, and clear the address at the provider."),
            { LookAgainAt: { } at } when Code is not "key-refused" => new Refusal("mail-under-way", $"It is being tried; the next look is at {at:u}.", Remedy: "Wait for that."),
            { DoubtEndsAt: { } end } when end > now => new Refusal("mail-under-way", $"How the last attempt went will be known by {end:u}.", Remedy: "Wait for that."),
            { State: MailState.Sent or MailState.Deferred or MailState.Delivered } when !evenIfThere => new Refusal("mail-sent-already", "The provider took it, and nothing says that it did not arrive.", Remedy: "Ask for it with --again if the person has lost it."),
            _ => null,
        };
        return refusal is not null
            ? refusal
            : (this with
            {
                State = MailState.Queued,
                Since = now,
                NotBefore = now,
                ClaimedAt = null,
                Delays = 0,
                PossibleDuplicate = false,
                Code = null,
            }).Note(now, $"asked for again by {actor}");
    }

    /// <summary>The provider's answer to the attempt this claim stands for.</summary>
    public MailIntent After(MailAnswer answer, string language, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(answer);
        MailIntent told = (this with { Language = language }).Note(now, answer.Kind switch
        {
            MailAnswerKind.Accepted => "accepted",
            MailAnswerKind.TryLater => "put off",
            MailAnswerKind.Refused => "refused",
            MailAnswerKind.Unauthorized => "key refused",
            _ => "answer lost",
        });
        if (answer.Kind is MailAnswerKind.Accepted)
        {
            return told with
            {
                State = Rank(State) < Rank(MailState.Sent) ? MailState.Sent : State,
                SentAt = SentAt ?? now,
                ProviderMessageId = answer.MessageId ?? ProviderMessageId,
            };
        }

        if (State is not MailState.Sending)
        {
            // An event was faster than the answer, and knows more.
            return told;
        }

        return answer.Kind switch
        {
            MailAnswerKind.TryLater => told.PutOff(answer, now),
            MailAnswerKind.Refused => told with { State = MailState.Failed, Code = $"refused-{answer.Status}" },
            MailAnswerKind.Unauthorized => told with { State = MailState.Queued, NotBefore = now + KeyRefusedLasts, Code = "key-refused" },
            _ => told with { State = MailState.Unknown },
        };
    }

    /// <summary>
    /// A delivery event, in whatever order and as often as it comes. The state moves forward only; between delivered,
    /// bounced and dropped the later event counts.
    /// </summary>
    public MailIntent After(MailEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        MailHappening line = new(happened.At, happened.Name, happened.MessageId);
        if (happened.State is not { } state || History.Contains(line))
        {
            return this;
        }

        MailIntent told = this with
        {
            History = [.. History.Append(line).TakeLast(MostHistory)],
            SentAt = state is MailState.Dropped ? SentAt : SentAt ?? happened.At,
        };
        int step = Rank(state).CompareTo(Rank(State));
        bool isForward = step > 0 || (step == 0 && Rank(state) == Rank(MailState.Delivered) &&
            (happened.At > EventAt || (happened.At == EventAt && state is not MailState.Delivered)));
        return isForward
            ? told with { State = state, EventAt = happened.At, Code = happened.Code, ProviderMessageId = ProviderMessageId ?? happened.MessageId }
            : told;
    }

    private static int Rank(MailState state) => state switch
    {
        MailState.Queued => 0,
        MailState.Sending => 1,
        MailState.Unknown => 2,
        MailState.Sent or MailState.Failed or MailState.Skipped => 3,
        MailState.Deferred => 4,
        MailState.Delivered or MailState.Bounced or MailState.Dropped => 5,
        MailState.Complained => 6,
        _ => throw new InvalidOperationException($"Unknown state {state}."),
    };

    private MailIntent PutOff(MailAnswer answer, DateTimeOffset now)
    {
        if (now - Since >= KeepsTrying)
        {
            return this with { State = MailState.Failed, Code = "provider-unavailable" };
        }

        TimeSpan backOff = TimeSpan.FromMinutes(BackOffMinutes[Math.Min(Delays, BackOffMinutes.Length - 1)]);
        TimeSpan delay = answer.RetryAfter > backOff ? answer.RetryAfter.Value : backOff;
        return this with { State = MailState.Queued, Delays = Delays + 1, NotBefore = now + delay, Code = "put-off" };
    }

    private MailIntent Note(DateTimeOffset now, string what) =>
        this with { History = [.. History.Append(new MailHappening(now, what)).TakeLast(MostHistory)] };
}
