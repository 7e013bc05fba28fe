using System.CommandLine;
using Plenary.Domain;
using Plenary.Surveys;

namespace Plenary.Cli.Commands;

/// <summary><c>survey</c>: its questions before it opens, its results after it closed.</summary>
internal static class SurveyCommands
{
    public static Command Build(OperationSource source)
    {
        Argument<string> project = new("project") { Description = "The project's code." };
        Option<int?> part = new("--part") { Description = "Of the answers that this filter keeps; its number, as part printed it.", HelpName = "number" };
        Command results = new("results", "Shows the response rate and, once the survey has closed, what it says; small groups are kept back.") { project, part };
        source.Reads(results, Operation.OnProject(project, async (operation, found, cancellation) =>
        {
            ReadSurveys surveys = operation.Get<ReadSurveys>();
            SurveyResults? said = operation.Value(part) is not { } number ? await surveys.FindResultsAsync(found.Code, cancellation)
                : (await surveys.ListFiltersAsync(found.Code, cancellation)).ElementAtOrDefault(number - 1) is { } filter ? await surveys.FindPartAsync(found.Code, filter, cancellation)
                : null;
            if (said is null)
            {
                return await operation.RefuseAsync(new Refusal("survey-not-found", "There is no such survey, or no such part of it."));
            }

            await operation.Paper.TellAsync(said, text => Write(said, text));
            return ExitCodes.Done;
        }));

        Option<string> question = new("--question") { Description = "Id of a rated question.", Required = true };
        Option<string> from = new("--from") { Description = "Lowest step, from 1.", DefaultValueFactory = _ => "1" };
        Option<string> to = new("--to") { Description = "Highest step, to 5.", DefaultValueFactory = _ => "5" };
        Command keep = new("part", "Opens a part of a closed survey's answers, unless that would tell what a few people said; which parts were opened is kept.") { project, question, from, to };
        source.Writes(keep, async (operation, cancellation) => await operation.AnswerAsync(
            await operation.Get<FilterSurvey>().RunAsync(
                Operation.CodeOf(operation.Value(project)),
                new Dictionary<string, string?> { [AnswerFilter.QuestionField] = operation.Value(question), [AnswerFilter.FromField] = operation.Value(from), [AnswerFilter.ToField] = operation.Value(to) },
                operation.Caller,
                operation.Now,
                cancellation),
            number => new { part = number },
            number => $"{operation.Would("Opened", "open")} part {number}. Look at plenary survey results --part {number}."));

        Argument<FileInfo> file = new("file") { Description = "The questionnaire as JSON, in the form that the survey's page shows." };
        Command replace = new("replace", "Puts another questionnaire in the place of the present one, before the survey opens.") { project, file };
        source.Writes(replace, Operation.OnProject(project, async (operation, found, cancellation) => await operation.AnswerAsync(
            await operation.Get<ReplaceQuestionnaire>().RunAsync(found.Code, await Operation.ReadAsync(operation.Value(file), cancellation), cancellation),
            questionnaire => new { rated = questionnaire.Rated.Count(), open = questionnaire.Open.Count() },
            questionnaire => $"{operation.Would("Replaced", "replace")} the questionnaire: {questionnaire.Rated.Count()} rated and {questionnaire.Open.Count()} open questions.")));

        return new Command("survey", "The survey of a project: its questions before it opens, its results after it closed.") { results, keep, replace };
    }

    private static void Write(SurveyResults said, TextWriter text)
    {
        text.WriteLine($"{said.Answered} of {said.Invited} answered.{(said.IsSuppressed ? " Nothing more can be told." : "")}");
        foreach (RatedResult rated in said.Rated)
        {
            text.WriteLine($"  {rated.Question.Id,-20} {(rated.IsSuppressed ? "kept back" : $"mean {rated.Mean}, of {rated.Count}")}");
        }
    }
}
