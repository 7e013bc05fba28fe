using System.Globalization;

namespace Plenary.Domain;

/// <summary>How many resource persons came from where.</summary>
/// <param name="From">As it stands in a sentence, such as <c>the Philippines</c>.</param>
public sealed record ResourcePersons(string From, int Count);

/// <summary>What a draft is composed from, besides the figures; all of it is public.</summary>
/// <param name="Kind">What the project is, in a sentence: <c>workshop</c>.</param>
/// <param name="Held">How it was held, in a sentence: <c>online</c>, <c>in Jakarta</c>.</param>
/// <param name="Organisers">As they stand in a sentence, such as <c>the Secretariat</c>.</param>
/// <param name="Topics">In lower case, as they stand in a list; may be empty.</param>
/// <param name="OverallMean">Mean of the survey's overall question, if it may be shown.</param>
public sealed record NewsFacts(
    string Title,
    string Kind,
    DateOnly Start,
    DateOnly End,
    string Held,
    IReadOnlyList<string> Organisers,
    IReadOnlyList<ResourcePersons> ResourcePersons,
    IReadOnlyList<string> Topics,
    decimal? OverallMean = null);

/// <summary>A first text for an editor, plain and true to the figures; nothing is published without one.</summary>
/// <param name="Paragraphs">Plain text; encode it wherever it is shown.</param>
public sealed record NewsDraft(string Headline, IReadOnlyList<string> Paragraphs)
{
    public static NewsDraft Compose(NewsFacts facts, ProjectFigures figures)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(figures);

        List<string> paragraphs =
        [
            ComposeOpening(facts),
            ComposeParticipation(facts, figures),
        ];
        string sessions = ComposeSessions(facts);
        if (sessions.Length > 0)
        {
            paragraphs.Add(sessions);
        }

        string results = ComposeResults(facts, figures);
        if (results.Length > 0)
        {
            paragraphs.Add(results);
        }

        return new NewsDraft($"{Capital(facts.Title)}: what came of it", paragraphs);
    }

    private static string ComposeOpening(NewsFacts facts) =>
        $"The {facts.Kind} \u201C{facts.Title}\u201D was held {facts.Held} {WriteDates(facts.Start, facts.End)}"
        + (facts.Organisers.Count > 0 ? $", organised by {JoinWords(facts.Organisers)}." : ".");

    private static string ComposeParticipation(NewsFacts facts, ProjectFigures figures)
    {
        if (figures.Attended == 0)
        {
            return $"Nobody took part. {NumberWords.AtStart(figures.Nominated)} {Plural(figures.Nominated, "person", "people")} had been nominated for {Counted(figures.Places, "place", "places")}.";
        }

        string text = $"{NumberWords.AtStart(figures.Attended)} {Plural(figures.Attended, "participant", "participants")} from {Counted(figures.EconomiesAttended, "economy", "economies")} took part";
        text += figures.FillRate.Percent is not null
            ? $" in the {facts.Kind}, filling {figures.FillRate} of the {Counted(figures.Places, "place", "places")}."
            : $" in the {facts.Kind}.";
        return figures.Nominated > 0
            ? $"{text} {NumberWords.AtStart(figures.NominatingEconomies)} {Plural(figures.NominatingEconomies, "economy", "economies")} had nominated {Counted(figures.Nominated, "person", "people")}; {NumberWords.Within(figures.Confirmed)} confirmed {Plural(figures.Confirmed, "a place", "their places")}."
            : text;
    }

    private static string ComposeSessions(NewsFacts facts)
    {
        List<ResourcePersons> persons = [.. facts.ResourcePersons.Where(group => group.Count > 0)];
        string covered = facts.Topics.Count > 0 ? $"The sessions dealt with {JoinWords(facts.Topics)}." : string.Empty;
        if (persons.Count == 0)
        {
            return covered;
        }

        List<string> groups =
        [
            .. persons.Select((group, index) => index == 0
                ? $"{NumberWords.AtStart(group.Count)} {Plural(group.Count, "resource person", "resource persons")} from {group.From}"
                : $"{NumberWords.Within(group.Count)} from {group.From}"),
        ];
        return $"{JoinWords(groups)} led the sessions. {covered}".TrimEnd();
    }

    private static string ComposeResults(NewsFacts facts, ProjectFigures figures)
    {
        List<string> sentences = [];
        if (figures.Certificates > 0)
        {
            sentences.Add($"{NumberWords.AtStart(figures.Certificates)} {Plural(figures.Certificates, "participant", "participants")} received a certificate of attendance.");
        }

        if (figures.SurveyAnswered > 0)
        {
            string mean = facts.OverallMean is decimal overall
                ? $", and gave the {facts.Kind} {overall.ToString("0.0", CultureInfo.InvariantCulture)} out of {Questionnaire.Steps} on the whole"
                : string.Empty;
            sentences.Add($"{NumberWords.AtStart(figures.SurveyAnswered)} answered the survey afterwards ({figures.ResponseRate} of those asked){mean}.");
        }

        return string.Join(' ', sentences);
    }

    private static string WriteDates(DateOnly start, DateOnly end)
    {
        string last = end.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        if (start == end)
        {
            return $"on {last}";
        }

        string first = start.ToString(start.Year != end.Year ? "d MMMM yyyy" : start.Month != end.Month ? "d MMMM" : "%d", CultureInfo.InvariantCulture);
        return $"from {first} to {last}";
    }

    private static string JoinWords(IReadOnlyList<string> words) => words.Count switch
    {
        0 => string.Empty,
        1 => words[0],
        _ => $"{string.Join(", ", words.Take(words.Count - 1))} and {words[^1]}",
    };

    private static string Counted(int number, string one, string several) => $"{NumberWords.Within(number)} {Plural(number, one, several)}";

    private static string Plural(int number, string one, string several) => number == 1 ? one : several;

    private static string Capital(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;
}
