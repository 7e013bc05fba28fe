using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Notifications;

namespace Plenary.Selection;

/// <summary>The mail that lets a reviewer in.</summary>
public sealed class ReviewMails(IProjects projects, SelectionTable selections, ILinks links) : IComposeMail
{
    public const string Invited = "review-invited";

    public IReadOnlyCollection<string> Kinds { get; } = [Invited];

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        ProjectCode code = ProjectCode.Parse(owed.Project);
        if (await projects.FindAsync(code, cancellation) is not { } project ||
            (await selections.Table.FindAsync(SelectionTable.ReviewerOf(code, owed.Subject), cancellation))?.Body<Reviewer>() is not { } reviewer)
        {
            return Composition.Skip("record-gone");
        }

        SelectionRecord? record = (await selections.FindRowAsync(code, cancellation))?.Body<SelectionRecord>();
        if (Scoring.WhyNot(project, record, now) is { Code: not "scoring-too-early" } over)
        {
            return Composition.Skip(over.Code);
        }

        string address = await links.MintAsync(new Link(LinkPurpose.Review, owed.Project, reviewer.Id, 1, project.StartsAt), cancellation);
        return new MailDraft(
            reviewer.Email,
            reviewer.Name,
            "en",
            $"Please score the nominees: {project.Notification.Title}",
            new MailBody()
                .Paragraph($"Dear {reviewer.Name},")
                .Paragraph($"You have been asked to score the nominees for “{project.Notification.Title}” ({project.Code}). You will see neither names nor economies nor employers, and nobody of your own economy.")
                .Facts(("What is scored, with its weight", project.Settings.Scoring.WritePhases()), ("Scores are taken after", ProjectCalendar.LastMoment(project.ClosesAt, project.HostZone)))
                .Link("Score the nominees", address)
                .Paragraph("The link is yours alone: do not pass it on. If you recognise somebody you have to do with, step back from that nominee on the page."));
    }
}
