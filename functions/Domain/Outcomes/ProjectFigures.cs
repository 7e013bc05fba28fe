using System.Globalization;

namespace Plenary.Domain;

/// <summary>One figure as every page and file shows it.</summary>
/// <param name="Key">The JSON member and CSV column; never renamed.</param>
public sealed record Figure(string Key, string Label, string Text, decimal? Value);

/// <summary>What came of a project, in counts. No person can be told from them.</summary>
/// <param name="Attended">Participants present at one session or more.</param>
/// <param name="MemberEconomies">All in the registry, active or not.</param>
public sealed record ProjectFigures(
    string ProjectCode,
    int Places,
    int Nominated,
    int NominatingEconomies,
    int Selected,
    int Confirmed,
    int Attended,
    int EconomiesAttended,
    int Certificates,
    int SurveyInvited,
    int SurveyAnswered,
    int MemberEconomies,
    int ActiveEconomies)
{
    /// <summary>Attended out of places.</summary>
    public Share FillRate => new(Attended, Places);

    /// <summary>Answers out of those invited to answer.</summary>
    public Share ResponseRate => new(SurveyAnswered, SurveyInvited);

    public int EconomiesAbsent => Math.Max(0, MemberEconomies - EconomiesAttended);

    public int ActiveEconomiesAbsent => Math.Max(0, ActiveEconomies - EconomiesAttended);

    /// <summary>In the order in which they are shown.</summary>
    public IReadOnlyList<Figure> ToFigures() =>
    [
        Count("places", "Places", Places),
        Count("nominated", "Nominated", Nominated),
        Count("nominatingEconomies", "Economies that nominated", NominatingEconomies),
        Count("selected", "Selected", Selected),
        Count("confirmed", "Confirmed", Confirmed),
        Count("attended", "Attended", Attended),
        Count("economiesAttended", "Economies that attended", EconomiesAttended),
        Count("economiesAbsent", "Member economies absent", EconomiesAbsent),
        Count("activeEconomiesAbsent", "Active member economies absent", ActiveEconomiesAbsent),
        Rate("fillRate", "Fill rate", FillRate),
        Count("certificates", "Certificates of attendance", Certificates),
        Count("surveyAnswered", "Survey answers", SurveyAnswered),
        Rate("responseRate", "Survey response rate", ResponseRate),
    ];

    /// <summary>Figures that cannot be true together, as sentences; empty when they agree.</summary>
    public IReadOnlyList<string> FindContradictions()
    {
        List<string> contradictions = [];
        AtMost(contradictions, "nominating economies", NominatingEconomies, "nominations", Nominated);
        AtMost(contradictions, "confirmed", Confirmed, "places", Places);
        AtMost(contradictions, "attended", Attended, "confirmed", Confirmed);
        AtMost(contradictions, "economies attended", EconomiesAttended, "attended", Attended);
        AtMost(contradictions, "certificates", Certificates, "attended", Attended);
        AtMost(contradictions, "survey answers", SurveyAnswered, "invited to the survey", SurveyInvited);
        AtMost(contradictions, "active economies", ActiveEconomies, "member economies", MemberEconomies);
        return contradictions;
    }

    private static void AtMost(List<string> contradictions, string part, int partCount, string whole, int wholeCount)
    {
        if (partCount > wholeCount)
        {
            contradictions.Add(string.Create(CultureInfo.InvariantCulture, $"{partCount} {part} cannot come of {wholeCount} {whole}."));
        }
    }

    private static Figure Count(string key, string label, int count) => new(key, label, count.ToString(CultureInfo.InvariantCulture), count);

    private static Figure Rate(string key, string label, Share share) =>
        new(key, label, share.ToString(), share.Percent is decimal percent ? Math.Round(percent, 1, MidpointRounding.AwayFromZero) : null);
}
