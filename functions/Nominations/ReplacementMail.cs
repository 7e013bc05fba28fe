using System.Globalization;
using Plenary.Domain;
using Plenary.Mail;

namespace Plenary.Nominations;

/// <summary>Tells a liaison officer that a place fell free and until when somebody can be named for it.</summary>
public sealed class ReplacementMail(NominationTable table, DeskLetters letters) : IComposeMail
{
    public const string Kind = "replacement-invited";

    public IReadOnlyCollection<string> Kinds { get; } = [Kind];

    public static MailOwed For(Desk desk, Vacancy vacancy)
    {
        ArgumentNullException.ThrowIfNull(desk);
        ArgumentNullException.ThrowIfNull(vacancy);
        return new MailOwed(
            desk.Project.ToString(), Kind, $"officer:{desk.Economy}", $"{desk.Economy}/{vacancy.Former}", vacancy.Until.UtcTicks.ToString(CultureInfo.InvariantCulture));
    }

    public async Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        (string economy, string former) = DeskLetters.ReadSubject(owed.Subject);
        if (await table.FindAsync(ProjectCode.Parse(owed.Project), economy, cancellation) is not { } rows || rows.Desk.FindVacancy(former) is not { } vacancy)
        {
            return Composition.Skip("desk-gone");
        }

        Desk desk = rows.Desk;
        if (desk.WhyNoReplacement(former, now) is { } closed)
        {
            return Composition.Skip(closed.Code);
        }

        if (await letters.FindContactAsync(desk, now, cancellation) is not { } contact)
        {
            return Composition.Skip(DeskLetters.NobodyRegistered);
        }

        return new MailDraft(
            contact.Email,
            contact.Name,
            "en",
            $"A place fell free: {desk.Project}",
            new MailBody()
                .Paragraph($"Dear {contact.Name},")
                .Paragraph($"{rows.Find(former)?.DisplayName} gave the place in project {desk.Project}, \u201C{desk.ProjectTitle}\u201D, back. No alternate of {desk.EconomyName} is left, so you may name somebody else. Whoever you submit first takes the place.")
                .Facts(("The last moment is", ProjectCalendar.LastMoment(vacancy.Until, desk.Zone)))
                .Link("Name a replacement", await letters.MintAsync(desk, cancellation))
                .Paragraph("If you will name nobody, say so at your desk: the place then goes to the next in line at once. Without an answer it does so after the last moment."));
    }
}
