using System.CommandLine;
using Plenary.Domain;
using Plenary.Publishing;

namespace Plenary.Cli.Commands;

/// <summary><c>outcome</c>: what came of a project, for the public.</summary>
internal static class OutcomeCommands
{
    public static Command Build(OperationSource source)
    {
        Argument<string> project = new("project") { Description = "The project's code." };
        Command draft = new("draft", "Shows the figures as they stand and the news: as published, or else as drafted from them.") { project };
        source.Reads(draft, Operation.OnProject(project, async (operation, found, cancellation) =>
        {
            (string headline, string text) = await operation.Get<DraftOutcome>().RunAsync(found, cancellation);
            ProjectFigures figures = await operation.Get<CountFigures>().RunAsync(found, cancellation);
            await operation.Paper.TellAsync(new { headline, text, figures }, to =>
            {
                to.WriteLine(headline);
                to.WriteLine();
                to.WriteLine(text);
            });
            return ExitCodes.Done;
        }));

        Option<string> headline = new("--headline") { Description = "One line.", Required = true };
        Option<FileInfo> text = new("--text") { Description = "A file with the news, an empty line between paragraphs.", HelpName = "file", Required = true };
        Command publish = new("publish", "Makes the figures of this moment public, with the news.") { project, headline, text };
        source.Writes(publish, Operation.OnProject(project, async (operation, found, cancellation) => await operation.AnswerAsync(
            await operation.Get<PublishOutcome>().RunAsync(
                found, operation.Value(headline) ?? "", await Operation.ReadAsync(operation.Value(text), cancellation), operation.Caller, operation.Now, cancellation),
            outcome => new { project = found.Code.ToString(), version = outcome.Version, publishedAt = outcome.PublishedAt, figures = outcome.Figures },
            outcome => $"{operation.Would("Published", "publish")} version {outcome.Version} of the outcome.")));

        return new Command("outcome", "What came of a project, for the public.") { draft, publish };
    }
}
