using System.Globalization;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>An extension as an officer of the secretariat asks for it.</summary>
/// <param name="Nominee">Reference or id; empty for any nominee of the economy.</param>
/// <param name="Until">Such as <c>2023-08-02 18:00</c>, in the organisation's zone.</param>
public sealed record TypedExtension(string Economy, string Nominee, string Reason, string Until, string Uses);

/// <summary>
/// Lets an economy's officer, or one nominee, in after the closing, and takes that back. Only until the selection is approved: the approved
/// list stays, so nothing may come in behind it.
/// </summary>
public sealed class GrantExtension(NominationTable table, IProjects projects, ISelections selections)
{
    public const int MostUses = 20;

    public async Task<Outcome<Extension>> RunAsync(ProjectCode code, TypedExtension typed, string zone, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentNullException.ThrowIfNull(caller);
        if (await projects.FindAsync(code, cancellation) is not { State: not ProjectState.Cancelled } project)
        {
            return new Refusal("project-not-found", "There is no such project, or it has been cancelled.");
        }

        List<Refusal> problems = [];
        Outcome<FreeText> reason = FreeText.ParseLines(typed.Reason, "reason", 500);
        problems.AddRange(reason.Refusals);
        DateTimeOffset until = default;
        if (!DateTime.TryParseExact(typed.Until.Replace('T', ' '), "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
        {
            problems.Add(new Refusal("until-unreadable", "This is not a date with a time.", "until", "Write it as 2023-08-02 18:00."));
        }
        else if ((until = ProjectCalendar.ToInstant(local, zone).At) <= now || until >= project.StartsAt)
        {
            problems.Add(new Refusal("until-invalid", "The extension must end after now and before the project starts.", "until", $"It starts {ProjectCalendar.InZone(project.StartsAt, zone)}."));
        }

        if (!int.TryParse(typed.Uses, NumberStyles.None, CultureInfo.InvariantCulture, out int uses) || uses is < 1 or > MostUses)
        {
            problems.Add(new Refusal("uses-invalid", $"This is not a number from 1 to {MostUses}.", "uses", "Say how many submissions it lets in."));
        }

        if (await WhyFrozenAsync(code, cancellation) is { } frozen)
        {
            problems.Add(frozen);
        }

        if (problems.Count > 0 || !reason.TryGet(out FreeText? words))
        {
            return Outcome<Extension>.Refused(problems);
        }

        string id = ReferenceNumber.Draw().Text;
        Outcome<Extension> granted = await table.ChangeAsync<Extension>(
            code, typed.Economy, (desk, batch) => Decide(desk, batch, new Extension(id, null, words.Text, until, uses, caller.Actor, caller.Name, now, []), typed.Nominee), cancellation);
        if (granted.TryGet(out _) && await WhyFrozenAsync(code, cancellation) is { } since)
        {
            // Approved while this was being written: whoever approved saw no extension, so there is none.
            await EndAsync(code, typed.Economy, id, caller, now, cancellation);
            return since;
        }

        return granted.IsRefused && granted.Refusals[0].Code == DeskCall.LinkForbidden.Code
            ? new Refusal("desk-missing", "This economy has no desk in this project.", "economy", "Choose an economy that takes part.")
            : granted;
    }

    /// <summary>Nothing comes in by it any more; what came in stays. Again changes nothing.</summary>
    public Task<Outcome<Extension>> EndAsync(ProjectCode code, string economy, string id, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return table.ChangeAsync<Extension>(
            code,
            economy,
            (desk, batch) =>
            {
                if (desk.Extensions.FirstOrDefault(one => one.Id == id) is not { } extension)
                {
                    return new Refusal("extension-not-found", "There is no such extension.");
                }

                if (extension.EndedAt is not null)
                {
                    return extension;
                }

                Extension ended = extension with { EndedAt = now };
                desk.ReplaceExtension(batch, ended);
                batch.Audit(new AuditEntry(now, caller.Actor, "extension-ended", economy, new Dictionary<string, string> { ["Extension"] = id }));
                return ended;
            },
            cancellation);
    }

    private static Outcome<Extension> Decide(DeskRows desk, Batch batch, Extension extension, string nominee)
    {
        string wanted = nominee.Replace("-", "", StringComparison.Ordinal).Trim().ToLowerInvariant();
        Nominee? named = wanted.Length == 0 ? null : desk.Find(wanted);
        if (wanted.Length > 0 && named is not { State: not NomineeState.Withdrawn })
        {
            return new Refusal("nominee-unknown", "This economy has no such nominee.", "nominee", "Give the reference, or nothing for any nominee.");
        }

        if (desk.Desk.IsOver && desk.Desk.WhyClosed(extension.GrantedAt) is { } over)
        {
            return over;
        }

        if (extension.Until <= desk.Desk.ClosesAt)
        {
            return new Refusal(
                "until-invalid", $"The desk of {desk.Desk.EconomyName} is open until {ProjectCalendar.LastMoment(desk.Desk.ClosesAt, desk.Desk.Zone)} anyway.", "until", "Choose a later moment.");
        }

        Extension granted = extension with { Nominee = named?.Id };
        desk.InsertExtension(batch, granted);
        batch.Audit(new AuditEntry(granted.GrantedAt, granted.GrantedBy, "extension-granted", desk.Desk.Economy, new Dictionary<string, string>
        {
            ["Extension"] = granted.Id,
            ["Nominee"] = granted.Nominee ?? "any",
            ["Until"] = granted.Until.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["Uses"] = granted.MostUses.ToString(CultureInfo.InvariantCulture),
        }));
        string subject = $"{desk.Desk.Economy}/{granted.Id}";
        batch.Owe(new MailOwed(desk.Desk.Project.ToString(), ExtensionMails.Granted, $"officer:{desk.Desk.Economy}", subject, "1").ToOwed());
        return granted;
    }

    private async Task<Refusal?> WhyFrozenAsync(ProjectCode code, CancellationToken cancellation) =>
        await selections.CountSelectedAsync(code, cancellation) is null
            ? null
            : new Refusal("selection-approved-already", "The selection has been approved: its list is frozen, and nothing can come in behind it.", Remedy: "Use an alternate or a replacement instead.");
}
