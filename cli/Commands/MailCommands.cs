using System.CommandLine;
using Plenary.Domain;
using Plenary.Mail;

namespace Plenary.Cli.Commands;

/// <summary>A line of the ledger as the commands show it: ids only.</summary>
internal sealed record MailLine(string Id, string Kind, string Person, string Subject, string Version, MailState State, int Attempts, DateTimeOffset Since, string? Code, bool PossibleDuplicate)
{
    public static MailLine Of(MailIntent intent) => new(
        intent.Owed.Id, intent.Owed.Kind, intent.Owed.Person, intent.Owed.Subject, intent.Owed.Version, intent.State, intent.Attempts, intent.Since, intent.Code, intent.PossibleDuplicate);
}

/// <summary><c>mail</c>: the ledger of owed mails.</summary>
internal static class MailCommands
{
    public static Command Build(OperationSource source)
    {
        Argument<string> project = new("project") { Description = "The project's code." };
        Option<MailState?> state = new("--state") { Description = "Only mails in this state." };
        Option<string?> kind = new("--kind") { Description = "Only mails of this kind, such as offer-made.", HelpName = "kind" };
        Option<bool> problems = new("--problems") { Description = "Only those that need a person." };
        Command list = new("list", "Lists the mails of a project and where each stands.") { project, state, kind, problems };
        source.Reads(list, async (operation, cancellation) =>
        {
            string code = Operation.CodeOf(operation.Value(project)).ToString();
            IAsyncEnumerable<MailLine> lines = operation.Get<IMailLedger>().ListAsync(code, cancellation)
                .Where(intent => operation.Value(state) is not { } wanted || intent.State == wanted)
                .Where(intent => operation.Value(kind) is not { } wanted || intent.Owed.Kind == wanted)
                .Where(intent => !operation.Value(problems) || intent.NeedsAPerson)
                .Select(MailLine.Of);
            await operation.Paper.ListAsync(
                lines,
                "No mails.",
                new Column<MailLine>("ID", 32, line => line.Id),
                new Column<MailLine>("STATE", 10, line => line.State),
                new Column<MailLine>("KIND", 24, line => line.Kind),
                new Column<MailLine>("TO", 30, line => line.Person),
                new Column<MailLine>("SINCE", 20, line => $"{line.Since:u}"),
                new Column<MailLine>("WHY", 10, line => line.Code));
            return ExitCodes.Done;
        });

        Argument<string> id = new("id") { Description = "The mail's id in the ledger." };
        Command show = new("show", "Shows one mail's history: claims, answers of the provider, delivery events.") { project, id };
        source.Reads(show, async (operation, cancellation) =>
        {
            string code = Operation.CodeOf(operation.Value(project)).ToString();
            if (await operation.Get<MailLedger>().FindAsync(code, operation.Value(id), cancellation) is not { } stored)
            {
                return await operation.RefuseAsync(new Refusal("mail-not-found", "The ledger of this project holds no such mail."));
            }

            MailIntent intent = stored.Intent;
            await operation.Paper.TellAsync(intent, text =>
            {
                text.WriteLine($"{intent.Owed.Id}: {intent.Owed.Kind} to {intent.Owed.Person} about {intent.Owed.Subject}, version {intent.Owed.Version}");
                text.WriteLine($"  {intent.State}{(intent.Code is { } why ? $" ({why})" : "")}, {intent.Attempts} attempts{(intent.PossibleDuplicate ? ", possibly sent twice" : "")}");
                foreach (MailHappening happened in intent.History)
                {
                    text.WriteLine($"  {happened.At:u}  {happened.What}  {happened.MessageId}".TrimEnd());
                }
            });
            return ExitCodes.Done;
        });

        Option<bool> again = new("--again") { Description = "Also when the provider took it before: the person has lost it." };
        Command resend = new("resend", "Has one mail written once more, from what is true now and with fresh links. What is no longer owed still does not leave.") { project, id, again };
        source.Writes(resend, async (operation, cancellation) =>
        {
            string code = Operation.CodeOf(operation.Value(project)).ToString();
            Outcome<MailIntent> outcome = await operation.Get<ResendMail>().RunAsync(
                code, operation.Value(id), operation.Value(again), operation.Caller, operation.Now, cancellation);
            if (!outcome.TryGet(out MailIntent? intent))
            {
                return await operation.RefuseAsync(outcome.Refusals);
            }

            await operation.Paper.TellAsync(
                new { dryRun = operation.IsRehearsal, mail = MailLine.Of(intent) },
                text => text.WriteLine($"{operation.Would("Owed again", "owe again")}: {intent.Owed.Kind} to {intent.Owed.Person}."));
            return ExitCodes.Done;
        });

        return new Command("mail", "The ledger of owed mails: who is written to about what, and what became of it.") { list, show, resend };
    }
}
