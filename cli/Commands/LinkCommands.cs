using System.CommandLine;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Surveys;

namespace Plenary.Cli.Commands;

/// <summary><c>links</c>: personal links that got into wrong hands, or got lost.</summary>
internal static class LinkCommands
{
    public static Command Build(OperationSource source) => new("links", "Personal links: kill them, or send new ones.")
    {
        Build(source, "revoke", "Kills the personal links to one record. A desk's sessions die with them; a nominee who is already in stays in.", reissue: false),
        Build(source, "reissue", "Kills the personal links to one record and has its person written to with a new one.", reissue: true),
    };

    private static Command Build(OperationSource source, string name, string description, bool reissue)
    {
        Argument<string> project = new("project") { Description = "The project's code." };
        Option<string?> desk = new("--desk") { Description = "The desk of this economy.", HelpName = "economy" };
        Option<string?> offer = new("--offer") { Description = "The offer to this nominee.", HelpName = "economy/nominee" };
        Option<string?> survey = new("--survey") { Description = "The invitation of this participant.", HelpName = "economy/nominee" };
        Option<string?> endorsement = new("--endorsement") { Description = "The endorsement of this nominee.", HelpName = "economy/nominee" };
        Command command = new(name, description + " Say which: --desk, --offer, --survey or --endorsement.") { project, desk, offer, survey, endorsement };
        return source.Writes(command, async (operation, cancellation) =>
        {
            ProjectCode code = Operation.CodeOf(operation.Value(project));
            return (operation.Value(desk), operation.Value(offer), operation.Value(survey), operation.Value(endorsement)) switch
            {
                ({ } economy, null, null, null) => await RevokeDeskAsync(operation, code, economy, reissue, cancellation),
                (null, { } nominee, null, null) => await RevokeAsync(operation, code, LinkPurpose.Offer, nominee, reissue ? SelectionMails.OfferMade : null, cancellation),
                (null, null, null, { } nominee) => await RevokeAsync(operation, code, LinkPurpose.Endorsement, nominee, reissue ? EndorsementMails.Asked : null, cancellation),
                (null, null, { } nominee, null) => await RevokeAsync(operation, code, LinkPurpose.Survey, nominee, reissue ? SurveyMails.Invitation : null, cancellation),
                _ => throw new UsageException("Say which links: one of --desk, --offer, --survey, --endorsement."),
            };
        });
    }

    private static async Task<int> RevokeDeskAsync(Operation operation, ProjectCode code, string economy, bool reissue, CancellationToken cancellation)
    {
        Outcome<Desk> outcome = await operation.Get<RevokeDeskLinks>().RunAsync(code, economy, reissue, operation.Caller, operation.Now, cancellation);
        if (!outcome.TryGet(out Desk? desk))
        {
            return await operation.RefuseAsync(outcome.Refusals);
        }

        await operation.Paper.TellAsync(
            new { dryRun = operation.IsRehearsal, project = code.ToString(), desk = economy, generation = desk.Generation, reissued = reissue },
            text => text.WriteLine($"{operation.Would("Moved", "move")} the desk of {economy} to generation {desk.Generation}: every earlier link and session is dead.{(reissue ? " Its officer is written to." : "")}"));
        return ExitCodes.Done;
    }

    /// <param name="mail">The kind of mail that carries the link; null when nobody is to be written to.</param>
    private static async Task<int> RevokeAsync(Operation operation, ProjectCode code, LinkPurpose purpose, string nominee, string? mail, CancellationToken cancellation)
    {
        MailIntent? carrier = mail is null ? null : await operation.Get<IMailLedger>().ListAsync(code.ToString(), cancellation)
            .Where(intent => intent.Owed.Kind == mail && intent.Owed.Subject == nominee)
            .OrderByDescending(intent => intent.Since)
            .FirstOrDefaultAsync(cancellation);
        if (mail is not null && carrier is null)
        {
            return await operation.RefuseAsync(new Refusal("mail-not-found", $"No mail of kind {mail} was ever owed to this person.", Remedy: "Look at plenary mail list."));
        }

        // Kill, then write: a crash in between leaves a person without a link, who can be written to by the same command.
        int revoked = await operation.Get<RevokeLinks>().RunAsync(purpose, code.ToString(), nominee, operation.Caller, operation.Now, cancellation);
        if (carrier is not null)
        {
            Outcome<MailIntent> again = await operation.Get<ResendMail>().RunAsync(code.ToString(), carrier.Owed.Id, evenIfThere: true, operation.Caller, operation.Now, cancellation);
            if (again.IsRefused)
            {
                return await operation.RefuseAsync(again.Refusals);
            }
        }

        await operation.Paper.TellAsync(
            new { dryRun = operation.IsRehearsal, project = code.ToString(), purpose, subject = nominee, revoked, reissued = carrier is not null },
            text => text.WriteLine($"{operation.Would("Killed", "kill")} {revoked} links.{(carrier is null ? "" : " The person is written to.")}"));
        return ExitCodes.Done;
    }
}
