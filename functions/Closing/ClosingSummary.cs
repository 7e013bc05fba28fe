using System.Globalization;
using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Closing;

/// <summary>Tells the secretariat what was there when nominations closed, economy by economy.</summary>
public sealed class ClosingSummary(
    IClosings closings, IProjects projects, IOptions<OrganisationOptions> organisation, IOptions<MailOptions> mail, IOptions<AccessOptions> access) : IComposeMail
{
    public const string Kind = "closing-summary";

    public IReadOnlyCollection<string> Kinds { get; } = [Kind];

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        ProjectCode code = ProjectCode.Parse(owed.Project);
        if (await projects.FindAsync(code, cancellation) is not { } project || await closings.FindAsync(code, cancellation) is not { } closed)
        {
            return Composition.Skip("closing-gone");
        }

        if (owed.Version != closed.ClosedAt.UtcTicks.ToString(CultureInfo.InvariantCulture))
        {
            return Composition.Skip("superseded");
        }

        OrganisationOptions us = organisation.Value;
        int nominating = closed.Economies.Count(economy => economy.Submitted > 0);
        int drafts = closed.Economies.Sum(economy => economy.Drafts + economy.Unsent);
        MailBody body = new MailBody()
            .Paragraph($"Nominations for project {code}, \u201C{project.Notification.Title}\u201D, have closed. The last moment was {ProjectCalendar.LastMoment(closed.ClosedAt, us.Zone)}.")
            .Facts(
                ("Nominations submitted", Number(closed.Submitted)),
                ("Economies that nominated", $"{Number(nominating)} of {Number(closed.Economies.Count)}"),
                ("Drafts and changes left unsubmitted", Number(drafts)),
                ("Places", $"{Number(project.Notification.Overseas.Count)} overseas, {Number(project.Notification.Local.Count)} local"))
            .Heading("By economy")
            .Facts(closed.Economies.OrderBy(economy => economy.EconomyName, StringComparer.InvariantCulture).Select(economy => (economy.EconomyName, Describe(economy))))
            .Link("Open the project", $"{access.Value.BaseUrl.TrimEnd('/')}/secretariat/projects/{code}");
        return new MailDraft(mail.Value.SecretariatAddress, mail.Value.SecretariatName, "en", $"Closed: {code} with {Number(closed.Submitted)} nominations from {Number(nominating)} economies", body);
    }

    /// <summary>Such as <c>3 submitted, 1 draft left</c>, or <c>none</c>.</summary>
    internal static string Describe(NominationCounts counts)
    {
        string[] parts =
        [
            .. counts.Submitted > 0 ? [$"{Number(counts.Submitted)} submitted"] : (string[])[],
            .. counts.Drafts > 0 ? [$"{Number(counts.Drafts)} {(counts.Drafts == 1 ? "draft" : "drafts")} left"] : (string[])[],
            .. counts.Unsent > 0 ? [$"{Number(counts.Unsent)} with changes not submitted"] : (string[])[],
            .. counts.Withdrawn > 0 ? [$"{Number(counts.Withdrawn)} withdrawn"] : (string[])[],
        ];
        return parts.Length == 0 ? "none" : string.Join(", ", parts);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
