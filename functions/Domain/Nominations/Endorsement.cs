using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>Names are stored; they never change.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndorsementState>))]
public enum EndorsementState
{
    Asked,
    Endorsed,
    Declined,
}

/// <summary>What the head of a nominee's agency is asked and says of a nomination.</summary>
/// <param name="Number">1 and up: every asking is one of its own, and the links of an earlier one open nothing.</param>
/// <param name="NomineeName">Of whom it is.</param>
/// <param name="Organisation">The agency it is for.</param>
/// <param name="DueAt">When an answer is hoped for; it can be given until the desk closes.</param>
/// <param name="Reason">Why it was declined.</param>
/// <param name="WrongCodes">How often a code was typed that is not the one in the mail.</param>
public sealed record Endorsement(
    int Number,
    string EndorserName,
    string EndorserEmail,
    string NomineeName,
    string Organisation,
    DateTimeOffset AskedAt,
    DateTimeOffset DueAt,
    EndorsementState State = EndorsementState.Asked,
    DateTimeOffset? AnsweredAt = null,
    string? Reason = null,
    int WrongCodes = 0)
{
    /// <summary>So many wrong codes lock an asking: a billion codes cannot be tried ten at a time.</summary>
    public const int MostWrongCodes = 10;

    /// <summary>No code opens this asking any more, the right one included.</summary>
    public static Refusal Locked { get; } = new(
        "code-tries-forbidden", $"A wrong code was typed {MostWrongCodes} times, so no answer is taken by this link.", Remedy: "Ask the liaison officer to ask you again: the new mail brings a new link and a new code.");

    /// <summary>Who presses the button twice asks once.</summary>
    private static readonly TimeSpan SameAsking = TimeSpan.FromMinutes(10);

    [JsonIgnore]
    public bool IsLocked => State == EndorsementState.Asked && WrongCodes >= MostWrongCodes;

    /// <summary>What was endorsed is still what is nominated: the same person of the same agency.</summary>
    public bool Covers(NomineeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return NomineeName == entry.Name && Organisation == entry.Organisation;
    }

    /// <summary>Asks somebody about the entry as it is now; asking the same again within minutes is the same asking.</summary>
    /// <param name="name">As typed.</param>
    /// <param name="email">As typed.</param>
    public static Outcome<Endorsement> Ask(Endorsement? before, string name, string email, NomineeEntry entry, DateTimeOffset now, DateTimeOffset dueAt)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Outcome<PersonName> person = PersonName.Parse(name, "endorserName");
        Outcome<EmailAddress> address = EmailAddress.Parse(email, "endorserEmail");
        List<Refusal> problems = [.. person.Refusals, .. address.Refusals];
        if (address.TryGet(out EmailAddress? parsed) && EmailAddress.Parse(entry.Email).TryGet(out EmailAddress? own) && own.Normal == parsed.Normal)
        {
            problems.Add(new Refusal("endorser-is-nominee", "This is the nominee\u2019s own address.", "endorserEmail", "Enter the address of the head of the agency."));
        }

        if (entry.Name.Length == 0 || entry.Organisation.Length == 0)
        {
            problems.Add(new Refusal("endorsement-too-early", "The nominee\u2019s name and organisation are what is endorsed, and one of them is missing.", Remedy: "Fill them in first."));
        }

        if (problems.Count > 0 || !person.TryGet(out PersonName? endorser) || parsed is null)
        {
            return Outcome<Endorsement>.Refused(problems);
        }

        Endorsement asked = new((before?.Number ?? 0) + 1, endorser.Text, parsed.Text, entry.Name, entry.Organisation, now, dueAt);
        bool isSame = before is { State: EndorsementState.Asked, IsLocked: false } && before.Covers(entry) && now - before.AskedAt < SameAsking &&
            before.EndorserName == asked.EndorserName && before.EndorserEmail == asked.EndorserEmail;
        return isSame && before is not null ? before : asked;
    }

    /// <summary>The same question about what is nominated now.</summary>
    public Endorsement AskAgain(NomineeEntry entry, DateTimeOffset now, DateTimeOffset dueAt)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new Endorsement(Number + 1, EndorserName, EndorserEmail, entry.Name, entry.Organisation, now, dueAt);
    }

    /// <summary>The same answer twice is one answer; of two different ones the first counts.</summary>
    /// <param name="reason">Needed to decline.</param>
    public Outcome<Endorsement> Answer(bool endorses, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(reason);
        EndorsementState answer = endorses ? EndorsementState.Endorsed : EndorsementState.Declined;
        if (State != EndorsementState.Asked)
        {
            return State == answer
                ? this
                : new Refusal("endorsement-answered-already", $"This was answered at {AnsweredAt:u}.", Remedy: "Write to the liaison officer if the answer was wrong: you can be asked again.");
        }

        if (endorses)
        {
            return this with { State = answer, AnsweredAt = now };
        }

        return reason.Length == 0
            ? new Refusal("endorsement-reason-missing", "Declining needs a reason.", "reason", "Say in a sentence why.")
            : FreeText.ParseOptionalLines(reason, "reason", 500).Then<Endorsement>(lines => this with { State = answer, AnsweredAt = now, Reason = lines.Text });
    }

    /// <summary>Why a nomination that needs an endorsement cannot be submitted; null when it can.</summary>
    public static Refusal? WhyNotEndorsed(Endorsement? endorsement, NomineeEntry entry) => endorsement switch
    {
        null => Missing("The head of the nominee\u2019s agency has not been asked to endorse this nomination.", "Ask on the page for the endorsement, and submit once it is given."),
        { State: EndorsementState.Declined } => new Refusal(
            "endorsement-declined", $"{endorsement.EndorserName} declined to endorse this nomination: {endorsement.Reason}", "endorsement", "Nominate somebody else, or clear it up and ask again."),
        { State: EndorsementState.Asked } => Missing($"{endorsement.EndorserName} has not endorsed this nomination yet.", "Submit once it is endorsed, or ask again on the page for the endorsement."),
        _ when endorsement.Covers(entry) => null,
        _ => Missing("The name or the organisation is another than the one endorsed.", "Save the change on its form: that asks for the endorsement again."),
    };

    private static Refusal Missing(string reason, string remedy) => new("endorsement-missing", reason, "endorsement", remedy);
}
