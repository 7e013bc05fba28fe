namespace Plenary.Domain;

/// <summary>A field of the notification's layout.</summary>
/// <param name="Name">The name in forms, refusals and JSON; never changes.</param>
/// <param name="Label">As the layout prints it.</param>
/// <param name="IsLong">Its value may hold paragraphs; otherwise it is one line, however it was wrapped.</param>
/// <param name="IsRequired">Without it there is no notification. "Not Applicable" is an answer where the field allows it.</param>
public sealed record NotificationField(string Name, string Label, bool IsLong, bool IsRequired);

/// <summary>The fields of a notification, in the order of its layout, and the labels under which texts give them.</summary>
public static class NotificationFields
{
    public const string Reference = "reference";
    public const string IssuedOn = "issuedOn";
    public const string Code = "code";
    public const string Title = "title";
    public const string Timing = "timing";
    public const string HostEconomies = "hostEconomies";
    public const string Venues = "venues";
    public const string Modality = "modality";
    public const string ImplementingOrganizations = "implementingOrganizations";
    public const string Participating = "participating";
    public const string Overseas = "overseas";
    public const string Local = "local";
    public const string PerEconomyMaximum = "perEconomyMaximum";
    public const string ClosingOn = "closingOn";
    public const string Remarks = "remarks";
    public const string Objectives = "objectives";
    public const string Rationale = "rationale";
    public const string Background = "background";
    public const string Topics = "topics";
    public const string Outcomes = "outcomes";
    public const string Qualifications = "qualifications";
    public const string Eligibility = "eligibility";
    public const string Signatory = "signatory";
    public const string SignatoryTitle = "signatoryTitle";

    public static IReadOnlyList<NotificationField> All { get; } =
    [
        new(Reference, "Reference No.", IsLong: false, IsRequired: false),
        new(IssuedOn, "Date of Issue", IsLong: false, IsRequired: false),
        new(Code, "Project Code", IsLong: false, IsRequired: true),
        new(Title, "Title", IsLong: false, IsRequired: true),
        new(Timing, "Timing", IsLong: false, IsRequired: true),
        new(HostEconomies, "Hosting Country(ies)", IsLong: false, IsRequired: true),
        new(Venues, "Venue City(ies)", IsLong: false, IsRequired: false),
        new(Modality, "Modality", IsLong: false, IsRequired: true),
        new(ImplementingOrganizations, "Implementing Organization(s)", IsLong: false, IsRequired: true),
        new(Participating, "Participating Country(ies)", IsLong: false, IsRequired: true),
        new(Overseas, "Overseas Participants", IsLong: false, IsRequired: true),
        new(Local, "Local Participants", IsLong: false, IsRequired: true),
        new(PerEconomyMaximum, "Maximum per Country", IsLong: false, IsRequired: false),
        new(ClosingOn, "Closing Date", IsLong: false, IsRequired: true),
        new(Remarks, "Remarks", IsLong: false, IsRequired: false),
        new(Objectives, "Objectives", IsLong: true, IsRequired: true),
        new(Rationale, "Rationale", IsLong: true, IsRequired: true),
        new(Background, "Background", IsLong: true, IsRequired: true),
        new(Topics, "Topics", IsLong: true, IsRequired: true),
        new(Outcomes, "Outcome", IsLong: true, IsRequired: true),
        new(Qualifications, "Qualifications", IsLong: true, IsRequired: true),
        new(Eligibility, "Eligibility", IsLong: true, IsRequired: false),
        new(Signatory, "Signatory", IsLong: false, IsRequired: false),
        new(SignatoryTitle, "Title of Signatory", IsLong: false, IsRequired: false),
    ];

    /// <summary>Words that count as the same in a label, after folding.</summary>
    private static readonly Dictionary<string, string> SameWords = new(StringComparer.Ordinal)
    {
        ["countries"] = "country",
        ["economy"] = "country",
        ["economies"] = "country",
        ["cities"] = "city",
        ["venues"] = "venue",
        ["organisation"] = "organization",
        ["organisations"] = "organization",
        ["organizations"] = "organization",
        ["agencies"] = "agency",
        ["participants"] = "participant",
        ["nominations"] = "nomination",
        ["applications"] = "nomination",
        ["application"] = "nomination",
        ["number"] = "no",
        ["remark"] = "remarks",
        ["objective"] = "objectives",
        ["topic"] = "topics",
        ["outcomes"] = "outcome",
        ["qualification"] = "qualifications",
        ["host"] = "hosting",
        ["maximum"] = "max",
        ["dates"] = "date",
        ["candidates"] = "participant",
        ["nominees"] = "participant",
    };

    private static readonly Dictionary<string, string> ByLabel = Labels();

    /// <summary>The field a label means, whatever its case, plural or spelling; null when none.</summary>
    public static NotificationField? Find(string label)
    {
        string folded = FoldLabel(label);
        return ByLabel.TryGetValue(folded, out string? name) ? Named(name) : null;
    }

    internal static NotificationField Named(string name) => All.First(field => field.Name == name);

    private static string FoldLabel(string label)
    {
        string singular = label
            .Replace("(ies)", string.Empty, StringComparison.OrdinalIgnoreCase)
            .Replace("(s)", string.Empty, StringComparison.OrdinalIgnoreCase)
            .Replace("(es)", string.Empty, StringComparison.OrdinalIgnoreCase);
        return string.Join(' ', PlainText.Fold(singular).Split(' ').Select(word => SameWords.GetValueOrDefault(word, word)));
    }

    private static Dictionary<string, string> Labels()
    {
        (string Name, string[] Labels)[] labels =
        [
            (Reference, ["reference", "reference no", "ref", "ref no", "notification no"]),
            (IssuedOn, ["date of issue", "issue date", "date issued", "issued on"]),
            (Code, ["project code", "code", "code of project"]),
            (Title, ["project title", "title of project"]),
            (Timing, ["timing", "duration", "project date", "date of project", "period", "project period", "implementation period"]),
            (HostEconomies, ["hosting country", "hosting"]),
            (Venues, ["venue city", "venue", "city"]),
            (Modality, ["mode", "mode of implementation", "mode of delivery", "mode of project"]),
            (ImplementingOrganizations, ["implementing organization", "implementing agency"]),
            (Participating, ["participating country", "eligible country", "participating member country", "eligible member country"]),
            (Overseas, ["overseas participant", "no of overseas participant", "overseas places", "overseas"]),
            (Local, ["local participant", "no of local participant", "local places", "local"]),
            (PerEconomyMaximum, ["max per country", "places per country", "participant per country", "max participant per country", "max no per country"]),
            (ClosingOn, ["closing date", "closing", "closing date for nomination", "deadline", "deadline for nomination", "nomination deadline", "nomination close", "last date for nomination"]),
            (Remarks, []),
            (Objectives, ["project objectives"]),
            (Rationale, []),
            (Background, ["background information"]),
            (Topics, ["topics to be covered", "tentative topics", "scope and topics", "main topics"]),
            (Outcomes, ["outcome", "expected outcome"]),
            (Qualifications, ["qualifications of participant", "participant qualifications", "required qualifications"]),
            (Eligibility, ["eligibility rules", "eligibility requirements", "eligibility criteria"]),
            (Signatory, ["signed by"]),
            (SignatoryTitle, ["signatory title", "title of signatory", "position of signatory"]),
        ];

        Dictionary<string, string> byLabel = new(StringComparer.Ordinal);
        foreach ((string name, string[] more) in labels)
        {
            foreach (string label in (string[])[Named(name).Label, .. more])
            {
                byLabel[FoldLabel(label)] = name;
            }
        }

        return byLabel;
    }
}
