using System.CommandLine;
using Plenary.Selection;

namespace Plenary.Cli.Commands;

/// <summary><c>reviewers</c>: who scores the nominees of a project.</summary>
internal static class ReviewerCommands
{
    public static Command Build(OperationSource source)
    {
        Argument<string> project = new("project") { Description = "The project's code." };
        Command list = new("list", "Lists the reviewers of a project and how many nominees each has scored.") { project };
        source.Reads(list, Operation.OnProject(project, async (operation, found, cancellation) =>
        {
            await operation.Paper.ListAsync(
                (await operation.Get<SelectionTable>().ListReviewersAsync(found.Code, cancellation)).ToAsyncEnumerable(),
                "No reviewers.",
                new Column<Reviewer>("ID", 12, reviewer => reviewer.Id),
                new Column<Reviewer>("NAME", 24, reviewer => reviewer.Name),
                new Column<Reviewer>("EMAIL", 30, reviewer => reviewer.Email),
                new Column<Reviewer>("OWN ECONOMY", 20, reviewer => reviewer.Economy.Length == 0 ? AppointReviewer.NoEconomy : reviewer.Economy),
                new Column<Reviewer>("SCORED", 6, reviewer => reviewer.Scored));
            return ExitCodes.Done;
        }));

        Option<string> name = new("--name") { Description = "Their name.", Required = true };
        Option<string> email = new("--email") { Description = "Where their link goes.", Required = true };
        Option<string> economy = new("--economy") { Description = $"Their own economy's id, whose nominees are closed to them; {AppointReviewer.NoEconomy} for somebody who belongs to none.", Required = true };
        Command appoint = new("appoint", "Lets somebody score, and has them written to.") { project, name, email, economy };
        source.Writes(appoint, async (operation, cancellation) => await operation.AnswerAsync(
            await operation.Get<AppointReviewer>().RunAsync(
                Operation.CodeOf(operation.Value(project)), operation.Value(name) ?? "", operation.Value(email) ?? "", operation.Value(economy) ?? "", operation.Caller, operation.Now, cancellation),
            reviewer => new { reviewer = reviewer.Id, recusedFrom = reviewer.Economy },
            reviewer => $"{operation.Would("Appointed", "appoint")} reviewer {reviewer.Id}."));

        Argument<string> id = new("id") { Description = "The reviewer's id." };
        Command dismiss = new("dismiss", "Takes a reviewer's right away, unless they have given marks.") { project, id };
        source.Writes(dismiss, async (operation, cancellation) => await operation.AnswerAsync(
            await operation.Get<DismissReviewer>().RunAsync(Operation.CodeOf(operation.Value(project)), operation.Value(id), operation.Caller, operation.Now, cancellation),
            reviewer => new { reviewer = reviewer.Id },
            reviewer => $"{operation.Would("Dismissed", "dismiss")} reviewer {reviewer.Id}."));

        return new Command("reviewers", "Who scores the nominees of a project.") { list, appoint, dismiss };
    }
}
