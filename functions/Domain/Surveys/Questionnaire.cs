using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Plenary.Domain;

/// <summary>The names, in lower case, are those of the JSON file.</summary>
public enum QuestionKind
{
    /// <summary>One of five steps, 1 the lowest.</summary>
    Rated,

    /// <summary>A text in the answerer's own words.</summary>
    Open,
}

/// <param name="Id">Names the form field and the column of the results; never reused for another question.</param>
/// <param name="Labels">The five steps from lowest to highest; empty for an open question.</param>
public sealed record Question(string Id, QuestionKind Kind, string Text, IReadOnlyList<string> Labels, bool IsRequired);

/// <summary>What the participants are asked. Immutable once the survey has opened.</summary>
public sealed record Questionnaire(string Id, string Title, string Introduction, IReadOnlyList<Question> Questions)
{
    public const int Steps = 5;

    public const int MostQuestions = 50;

    private const int MostJsonCharacters = 100_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,

        // People read and edit it.
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    /// <summary>The one that ships with the service, from <c>samples/survey.json</c>.</summary>
    public static Questionnaire Default { get; } = ReadDefault();

    [JsonIgnore]
    public IEnumerable<Question> Rated => Questions.Where(question => question.Kind == QuestionKind.Rated);

    [JsonIgnore]
    public IEnumerable<Question> Open => Questions.Where(question => question.Kind == QuestionKind.Open);

    /// <summary>Reads a questionnaire file. The form of the JSON is told first, with its line; once that is right, everything else wrong is told at once.</summary>
    public static Outcome<Questionnaire> Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > MostJsonCharacters)
        {
            return new Refusal("questionnaire-too-long", $"The file has more than {MostJsonCharacters} characters.", Remedy: "Shorten it.");
        }

        QuestionnaireFile? file;
        try
        {
            file = JsonSerializer.Deserialize<QuestionnaireFile>(json, Json);
        }
        catch (JsonException problem)
        {
            return new Refusal(
                "questionnaire-unreadable",
                $"The file cannot be read at line {(problem.LineNumber ?? 0) + 1}{(problem.Path is null or "$" ? string.Empty : $", member {problem.Path}")}.",
                problem.Path,
                "Compare it with the questionnaire that ships with the service.");
        }

        return file is null
            ? new Refusal("questionnaire-unreadable", "The file is empty.", Remedy: "Start from the questionnaire that ships with the service.")
            : Read(file);
    }

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new QuestionnaireFile(
            Id,
            Title,
            Introduction,
            [.. Questions.Select(question => new QuestionFile(
                question.Id,
                question.Kind == QuestionKind.Rated ? "rated" : "open",
                question.Text,
                question.Kind == QuestionKind.Rated ? question.Labels : null,
                question.IsRequired))]),
        Json);

    private static Outcome<Questionnaire> Read(QuestionnaireFile file)
    {
        List<Refusal> refusals = [];
        string id = ReadId(file.Id, "id", refusals);
        string title = ReadText(file.Title, "title", FreeText.Line, refusals);
        string introduction = string.IsNullOrWhiteSpace(file.Introduction) ? string.Empty : ReadText(file.Introduction, "introduction", FreeText.Paragraph, refusals);
        IReadOnlyList<QuestionFile?> asked = file.Questions ?? [];
        if (asked.Count is 0 or > MostQuestions)
        {
            refusals.Add(new Refusal("questions-count-invalid", $"There are {asked.Count} questions.", "questions", $"Ask between 1 and {MostQuestions} questions."));
        }

        List<Question> questions = [];
        HashSet<string> ids = new(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < Math.Min(asked.Count, MostQuestions); index++)
        {
            string field = $"questions[{index}]";
            if (asked[index] is not QuestionFile one)
            {
                refusals.Add(new Refusal("question-missing", "There is nothing where a question should be.", field, "Remove it or fill it in."));
                continue;
            }

            string questionId = ReadId(one.Id, $"{field}.id", refusals);
            if (questionId.Length > 0 && !ids.Add(questionId))
            {
                refusals.Add(new Refusal("question-id-twice", $"The id \u201C{questionId}\u201D is used twice.", $"{field}.id", "Give each question its own id."));
            }

            string text = ReadText(one.Text, $"{field}.text", 500, refusals);
            QuestionKind? kind = one.Kind?.ToLowerInvariant() switch { "rated" => QuestionKind.Rated, "open" => QuestionKind.Open, _ => null };
            if (kind is null)
            {
                refusals.Add(new Refusal("question-kind-unknown", $"\u201C{one.Kind}\u201D is not a kind of question.", $"{field}.kind", "Write rated or open."));
            }

            IReadOnlyList<string> labels = ReadLabels(one.Labels, kind, $"{field}.labels", refusals);
            questions.Add(new Question(questionId, kind ?? QuestionKind.Open, text, labels, one.Required ?? kind == QuestionKind.Rated));
        }

        return refusals.Count > 0 ? Outcome<Questionnaire>.Refused(refusals) : new Questionnaire(id, title, introduction, questions);
    }

    private static IReadOnlyList<string> ReadLabels(IReadOnlyList<string?>? labels, QuestionKind? kind, string field, List<Refusal> refusals)
    {
        if (kind == QuestionKind.Open && labels is { Count: > 0 })
        {
            refusals.Add(new Refusal("labels-unexpected", "An open question has no labels.", field, "Remove them, or make the question rated."));
            return [];
        }

        if (kind != QuestionKind.Rated)
        {
            return [];
        }

        if (labels?.Count != Steps)
        {
            refusals.Add(new Refusal("labels-count-invalid", $"There are {labels?.Count ?? 0} labels.", field, $"Give {Steps} labels, from the lowest step to the highest."));
            return [];
        }

        return [.. labels.Select((label, index) => ReadText(label, $"{field}[{index}]", 60, refusals))];
    }

    private static string ReadId(string? text, string field, List<Refusal> refusals)
    {
        bool isSound = text is { Length: > 0 and <= 40 } && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');
        if (!isSound)
        {
            refusals.Add(new Refusal("id-malformed", $"\u201C{(text?.Length > 50 ? text[..50] : text)}\u201D cannot be an id.", field, "Use up to 40 lower-case letters, digits and dashes."));
        }

        return isSound ? text ?? string.Empty : string.Empty;
    }

    private static string ReadText(string? text, string field, int mostClusters, List<Refusal> refusals)
    {
        Outcome<FreeText> outcome = FreeText.ParseLine(text, field, mostClusters);
        refusals.AddRange(outcome.Refusals);
        return outcome.TryGet(out FreeText? line) ? line.Text : string.Empty;
    }

    private static Questionnaire ReadDefault()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("survey.json")
            ?? throw new InvalidOperationException("The questionnaire survey.json is not embedded.");
        using StreamReader reader = new(stream);
        Outcome<Questionnaire> outcome = Parse(reader.ReadToEnd());
        return outcome.TryGet(out Questionnaire? questionnaire)
            ? questionnaire
            : throw new InvalidOperationException($"The embedded questionnaire has problems: {string.Join(' ', outcome.Refusals.Select(refusal => refusal.Reason))}");
    }

    private sealed record QuestionnaireFile(string? Id, string? Title, string? Introduction, IReadOnlyList<QuestionFile?>? Questions);

    private sealed record QuestionFile(string? Id, string? Kind, string? Text, IReadOnlyList<string?>? Labels, bool? Required);
}
