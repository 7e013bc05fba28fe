using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Notifications;

namespace Plenary.Nominations;

/// <summary>The economy's own last day for nominees and agencies; the officer keeps until the closing of the project.</summary>
public sealed class SetNationalDate(NominationTable table, IProjects projects)
{
    public const string Field = "nationalDate";

    /// <param name="typed">A date, or nothing to have none.</param>
    public async Task<Outcome<Desk>> RunAsync(DeskCall call, string typed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(typed);
        DateOnly? date = null;
        if (typed.Length > 0)
        {
            Outcome<DateOnly> read = DateText.Read(typed, Field);
            if (!read.TryGet(out DateOnly day))
            {
                return Outcome<Desk>.Refused(read.Refusals);
            }

            date = day;
        }

        Project? project = await projects.FindAsync(call.Project, cancellation);
        return await table.ChangeAsync<Desk>(
            call,
            (desk, batch) =>
            {
                if ((desk.Desk.WhyClosed(call.ReceivedAt) ?? (date is { } day ? desk.Desk.WhyNotNational(day, call.ReceivedAt) : null)) is { } refusal)
                {
                    return refusal;
                }

                Desk changed = desk.Desk with { NationalDate = date };
                if (changed == desk.Desk || project is null)
                {
                    return changed;
                }

                desk.ReplaceGate(batch, changed);
                batch.Owe(OpenDesk.PlanWarnings(changed, project, call.ReceivedAt));
                DeskRows.Audit(batch, call, "national-date-set", call.Economy, ("Date", date?.ToString("O", CultureInfo.InvariantCulture) ?? "none"));
                return changed;
            },
            cancellation);
    }
}
