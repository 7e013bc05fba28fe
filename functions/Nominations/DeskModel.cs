using Plenary.Domain;
using Plenary.Mail;

namespace Plenary.Nominations;

/// <summary>What every page of a desk knows.</summary>
/// <param name="Now">When the request was received: times left are counted from it.</param>
/// <param name="Errors">What was refused; the page then shows what was typed.</param>
public sealed record DeskModel(DeskRows Rows, string FormToken, DateTimeOffset Now, IReadOnlyList<Refusal> Errors)
{
    public Desk Desk => Rows.Desk;

    /// <summary>Before the closing: everything can be done.</summary>
    public bool IsOpen => Desk.WhyClosed(Now) is null;

    /// <summary>Somebody new can be nominated, late if need be.</summary>
    public bool CanAdd => Rows.Admit(Now, null).Closed is null;

    /// <summary>Extensions that let something in at this moment, once the closing has come.</summary>
    public IEnumerable<Extension> OpenExtensions => Rows.Extensions.Where(extension => extension.IsOpenAt(Now));

    public string NameOf(Extension extension) => extension.Nominee is { } id && Rows.Find(id) is { } nominee ? nominee.DisplayName : "any nominee";

    public string Path => $"/desk/{Desk.Project}/{Desk.Economy}";

    public string PathOf(string nominee, string step) => $"{Path}/nominees/{nominee}/{step}";

    /// <summary>Such as <c>2 days and 3 hours</c>; never more than there is.</summary>
    public string TimeLeft => Describe(Desk.ClosesAt - Now);

    internal static string Describe(TimeSpan left)
    {
        (int Count, string Unit)[] parts = left switch
        {
            { TotalDays: >= 1 } => [(left.Days, "day"), (left.Hours, "hour")],
            { TotalHours: >= 1 } => [(left.Hours, "hour"), (left.Minutes, "minute")],
            { TotalMinutes: >= 1 } => [(left.Minutes, "minute")],
            _ => [],
        };
        string[] words = [.. parts.Where(part => part.Count > 0).Select(part => $"{part.Count} {part.Unit}{(part.Count == 1 ? "" : "s")}")];
        return words.Length == 0 ? "less than a minute" : string.Join(" and ", words);
    }
}

/// <summary>A page about one nominee.</summary>
/// <param name="Typed">What the fields show: as saved, or as just typed and refused.</param>
/// <param name="Step">One of <see cref="DeskSteps"/>.</param>
/// <param name="ReturnsToCheck">The reader came from check-your-answers and goes back there.</param>
public sealed record NomineeModel(DeskModel Desk, Nominee Nominee, TypedNominee Typed, string Step, bool ReturnsToCheck = false)
{
    /// <summary>The endorser just typed and refused; null otherwise.</summary>
    public (string Name, string Email)? Endorser { get; init; }

    /// <summary>What was just typed beside a file that was refused; null otherwise.</summary>
    public TypedDocument? Document { get; init; }

    public string PathOf(string step) => Desk.PathOf(Nominee.Id, step);

    public IReadOnlyList<NomineeDocument> Documents => Desk.Rows.DocumentsOf(Nominee.Id);

    /// <summary>Drafts and submitted nominations can be changed while the desk is open, and by an extension after that.</summary>
    public bool CanChange => Desk.Rows.Admit(Desk.Now, Nominee.Id).Closed is null && Nominee.State != NomineeState.Withdrawn;

    /// <summary>An extension lets nobody withdraw.</summary>
    public bool CanWithdraw => Desk.Desk.WhyClosedFor(Nominee, Desk.Now) is null && Nominee.State != NomineeState.Withdrawn;

    /// <summary>A draft may be given to the nominee or agency to fill in.</summary>
    public bool CanInvite => Nominee.State == NomineeState.Draft && Desk.Desk.AdmitDrafter(Desk.Now, Nominee.Id, Desk.Rows.Extensions).Closed is null;
}

/// <summary>The desk's first page.</summary>
/// <param name="TypedRanks">Numbers just typed and refused, by nominee.</param>
/// <param name="TypedDate">A national date just typed and refused.</param>
/// <param name="NewKey">Makes the button for a new nominee safe to press twice.</param>
/// <param name="Undelivered">Mails to people of this economy that did not arrive.</param>
public sealed record DeskListModel(
    DeskModel Desk, IReadOnlyDictionary<string, string> TypedRanks, string NewKey, string? Done, string? TypedDate, IReadOnlyList<UndeliveredMail> Undelivered)
{
    /// <summary>Those that still need somebody: nobody has written to the person, or changed the nomination, since the mail came back.</summary>
    public IReadOnlyList<(UndeliveredMail Mail, Nominee? Nominee)> Returned =>
    [
        .. Undelivered.Select(mail => (mail, Nominee: mail.Person.Split('/') is [_, { } id] ? Desk.Rows.Find(id) : null))
            .Where(pair => pair.Nominee is not { } nominee || (nominee.State != NomineeState.Withdrawn && LastTouched(nominee) <= pair.mail.At)),
    ];

    private static DateTimeOffset LastTouched(Nominee nominee) =>
        new[] { nominee.ChangedAt, nominee.Invitation?.At ?? default, nominee.Endorsement?.AskedAt ?? default }.Max();
}

/// <summary>The pages of one nominee, in order. Their names are part of addresses.</summary>
public static class DeskSteps
{
    public const string Tasks = "tasks";
    public const string Person = "person";
    public const string Work = "work";
    public const string Statement = "statement";
    public const string Documents = "documents";
    public const string Endorsement = "endorsement";
    public const string Check = "check";

    public static bool IsForm(string step) => step is Person or Work or Statement;

    public static string After(string step) => step switch
    {
        Person => Work,
        Work => Statement,
        Statement => Documents,
        _ => Check,
    };

    public static string TitleOf(string step) => step switch
    {
        Person => "Who is the nominee?",
        Work => "Where does the nominee work?",
        Statement => "Why this nominee?",
        Documents => "Documents",
        Endorsement => "Endorsement",
        Check => "Check the nomination",
        _ => "Nomination",
    };

    /// <summary>Fields of the step that a submission needs and that are still empty.</summary>
    public static bool IsComplete(string step, NomineeEntry entry, EligibilityRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return !TypedNominee.FindMissing(entry).Concat(rules.FindMissing(entry)).Any(missing => StepOf(missing.Field) == step);
    }

    public static string StepOf(string? field) => field switch
    {
        "name" or "email" or "nationality" or "gender" or "birthDate" => Person,
        "position" or "organisation" or "sector" or "yearsOfExperience" or "qualification" => Work,
        "statement" or "wishes" or "courseCompleted" or "tookPart" => Statement,
        "document" => Documents,
        "endorsement" => Endorsement,
        _ => Check,
    };
}
