using System.CommandLine;
using Microsoft.Extensions.Options;
using Plenary.Nominations;
using Plenary.Shared;

namespace Plenary.Cli.Commands;

/// <summary><c>extensions</c>: who may still come in after the closing.</summary>
internal static class ExtensionCommands
{
    public static Command Build(OperationSource source)
    {
        Argument<string> project = new("project") { Description = "The project's code." };
        Argument<string> economy = new("economy") { Description = "The economy's id, such as lao-pdr." };
        return new Command("extensions", "Personal extensions: who may still come in after the closing, and why.")
        {
            BuildList(source, project), BuildGrant(source, project, economy), BuildEnd(source, project, economy),
        };
    }

    private static Command BuildList(OperationSource source, Argument<string> project) =>
        source.Reads(new Command("list", "Lists the extensions of a project, used up and ended ones too.") { project }, Operation.OnProject(project, async (operation, found, cancellation) =>
        {
            IReadOnlyList<DeskExtension> granted = await operation.Get<IExtensions>().ListExtensionsAsync(found.Code, cancellation);
            await operation.Paper.ListAsync(
                granted.ToAsyncEnumerable(),
                "No extensions.",
                new Column<DeskExtension>("ID", 10, one => one.Extension.Id),
                new Column<DeskExtension>("ECONOMY", 20, one => one.Economy),
                new Column<DeskExtension>("NOMINEE", 12, one => one.Extension.Nominee ?? "any"),
                new Column<DeskExtension>("UNTIL", 20, one => $"{one.Extension.Until:u}"),
                new Column<DeskExtension>("USED", 6, one => $"{one.Extension.Uses.Count}/{one.Extension.MostUses}"),
                new Column<DeskExtension>("OPEN", 4, one => one.Extension.IsOpenAt(operation.Now) ? "yes" : "no"),
                new Column<DeskExtension>("BY", 20, one => one.Extension.GrantedBy),
                new Column<DeskExtension>("WHY", 10, one => one.Extension.Reason.ReplaceLineEndings(" ")));
            return ExitCodes.Done;
        }));

    private static Command BuildGrant(OperationSource source, Argument<string> project, Argument<string> economy)
    {
        Option<string> nominee = new("--nominee") { Description = "Reference of the only nominee it is for; any of the economy if not given.", HelpName = "reference", DefaultValueFactory = _ => "" };
        Option<string> reason = new("--reason") { Description = "Shown to the economy, and kept on the record.", Required = true };
        Option<string> until = new("--until") { Description = "Such as \"2023-08-02 18:00\", in the organisation's zone.", Required = true };
        Option<string> uses = new("--uses") { Description = "How many submissions it lets in.", DefaultValueFactory = _ => "1" };
        Command grant = new("grant", "Lets an economy's officer, or one nominee, in after the closing, and has the officer written to.") { project, economy, nominee, reason, until, uses };
        return source.Writes(grant, async (operation, cancellation) =>
        {
            TypedExtension typed = new(
                operation.Value(economy), operation.Value(nominee) ?? "", operation.Value(reason) ?? "", operation.Value(until) ?? "", operation.Value(uses) ?? "");
            string zone = operation.Get<IOptions<OrganisationOptions>>().Value.Zone;
            return await operation.AnswerAsync(
                await operation.Get<GrantExtension>().RunAsync(Operation.CodeOf(operation.Value(project)), typed, zone, operation.Caller, operation.Now, cancellation),
                granted => new { economy = typed.Economy, extension = granted },
                granted => $"{operation.Would("Granted", "grant")} extension {granted.Id} to {typed.Economy} until {granted.Until:u}, for {granted.MostUses} submissions.");
        });
    }

    private static Command BuildEnd(OperationSource source, Argument<string> project, Argument<string> economy)
    {
        Argument<string> id = new("id") { Description = "The extension's id." };
        return source.Writes(new Command("end", "Takes an extension back; what came in by it stays.") { project, economy, id }, async (operation, cancellation) =>
            await operation.AnswerAsync(
                await operation.Get<GrantExtension>().EndAsync(
                    Operation.CodeOf(operation.Value(project)), operation.Value(economy), operation.Value(id), operation.Caller, operation.Now, cancellation),
                ended => new { economy = operation.Value(economy), extension = ended },
                ended => $"{operation.Would("Ended", "end")} extension {ended.Id}; {ended.Uses.Count} submissions came in by it."));
    }
}
