using System.Globalization;
using Plenary.Access;
using Plenary.Domain;

namespace Plenary.Nominations;

/// <summary>What every mail to a liaison officer needs: who that is today, and a personal link that opens the desk.</summary>
public sealed class DeskLetters(IRegistry registry, ILinks links)
{
    public const string NobodyRegistered = "nobody-registered";

    /// <summary>The officer in post, else who acts, else the head; null when nobody is registered.</summary>
    public async Task<Officer?> FindContactAsync(Desk desk, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(desk);
        return (await registry.FindAsync(desk.Economy, cancellation))?.ContactOn(ProjectCalendar.DateIn(now, desk.Zone));
    }

    public Task<string> MintAsync(Desk desk, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(desk);
        return links.MintAsync(
            new Link(LinkPurpose.Desk, desk.Project.ToString(), desk.Economy, desk.Generation, desk.ProjectEndsAt + Desk.LinksOutlive), cancellation);
    }

    /// <summary>Subject of a mail about one nominee: <c>{economy}/{id}</c>. The economy alone for mails about the desk.</summary>
    public static (string Economy, string Id) ReadSubject(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        int slash = subject.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (subject, "") : (subject[..slash], subject[(slash + 1)..]);
    }

    /// <summary>The economy of an officer's address in the ledger, <c>officer:{economy}</c>.</summary>
    public static string EconomyOf(string person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return person.StartsWith("officer:", StringComparison.Ordinal)
            ? person["officer:".Length..]
            : throw new FormatException("Only an officer has a desk.");
    }

    /// <summary>Labels and values of an entry, for receipts and pages; what was left empty is left out.</summary>
    public static IEnumerable<(string Label, string Value)> Describe(NomineeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return ((string Label, string Value)[])
        [
            ("Name", entry.Name),
            ("E-mail address", entry.Email),
            ("Nationality", entry.Nationality),
            ("Gender", Genders.WordsFor(entry.Gender)),
            ("Position", entry.Position),
            ("Organisation", entry.Organisation),
            ("Sector", Sectors.WordsFor(entry.Sector)),
            ("Years of experience", entry.YearsOfExperience?.ToString(CultureInfo.InvariantCulture) ?? ""),
            .. DescribeAsked(entry),
            ("Statement of relevance", entry.Statement),
            ("Wishes", entry.Wishes),
        ];
    }

    /// <summary>Where an endorsement stands, for pages of the desk.</summary>
    public static string WordsFor(Endorsement? endorsement, Desk desk, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(desk);
        return endorsement switch
        {
            null => "Nobody has been asked yet",
            { State: EndorsementState.Asked } =>
                $"{endorsement.EndorserName} was asked {ProjectCalendar.InZone(endorsement.AskedAt, desk.Zone)}; the answer {(now < endorsement.DueAt ? "is due" : "is overdue since")} {ProjectCalendar.InZone(endorsement.DueAt, desk.Zone)}",
            { State: EndorsementState.Endorsed } => $"Endorsed by {endorsement.EndorserName}, {ProjectCalendar.InZone(endorsement.AnsweredAt ?? endorsement.AskedAt, desk.Zone)}",
            _ => $"Declined by {endorsement.EndorserName}, {ProjectCalendar.InZone(endorsement.AnsweredAt ?? endorsement.AskedAt, desk.Zone)}: {endorsement.Reason}",
        };
    }

    /// <summary>What only some projects ask for.</summary>
    public static IEnumerable<(string Label, string Value)> DescribeAsked(NomineeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return
        [
            ("Date of birth", entry.BirthDate is { } born ? DateText.Display(born) : ""),
            ("Highest qualification", QualificationClasses.WordsFor(entry.Qualification)),
            ("Prerequisite course completed", YesOrNo.WordsFor(entry.CourseCompleted)),
            ("Took part before", YesOrNo.WordsFor(entry.TookPart)),
        ];
    }

    public static string InMegabytes(long bytes) => bytes < 1024 * 1024
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes / 1024)} KB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB");
}
