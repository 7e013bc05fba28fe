using System.CommandLine;
using Plenary.Domain;
using Plenary.Nominations;

namespace Plenary.Cli.Commands;

/// <summary>A submitted nomination as the commands show it: no names.</summary>
internal sealed record NominationLine(string Economy, int Rank, string Reference, string Id, NomineeState State, DateTimeOffset SubmittedAt, int Documents);

/// <summary><c>nominations</c>.</summary>
internal static class NominationCommands
{
    public static Command Build(OperationSource source)
    {
        Argument<string> project = new("project") { Description = "The project's code." };
        Command list = new("list", "Lists the submitted nominations of a project, in the order of their officers. The people themselves are in plenary projects export.") { project };
        source.Reads(list, Operation.OnProject(project, async (operation, found, cancellation) =>
        {
            await operation.Paper.ListAsync(
                operation.Get<INominations>().ListSubmittedAsync(found.Code, cancellation).Select(nomination => new NominationLine(
                    nomination.Economy, nomination.Rank, nomination.Reference, nomination.Id, nomination.State, nomination.SubmittedAt, nomination.Documents.Count)),
                "No nominations.",
                new Column<NominationLine>("ECONOMY", 20, line => line.Economy),
                new Column<NominationLine>("RANK", 4, line => line.Rank),
                new Column<NominationLine>("REFERENCE", 14, line => line.Reference),
                new Column<NominationLine>("STATE", 9, line => line.State),
                new Column<NominationLine>("SUBMITTED", 20, line => $"{line.SubmittedAt:u}"),
                new Column<NominationLine>("DOCUMENTS", 9, line => line.Documents));
            return ExitCodes.Done;
        }));
        return new Command("nominations", "What the economies have submitted.") { list };
    }
}
