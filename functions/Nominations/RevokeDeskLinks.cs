using System.Globalization;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>
/// Kills every personal link of one desk, and every session begun with one, by moving the desk to its next generation; writes to its
/// officer with a new one where that is asked for.
/// </summary>
public sealed class RevokeDeskLinks(NominationTable table)
{
    private const int MostAttempts = 5;

    /// <param name="reissue">Owe the officer a mail with a new link.</param>
    public async Task<Outcome<Desk>> RunAsync(ProjectCode project, string economy, bool reissue, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        for (int attempt = 1; attempt <= MostAttempts; attempt++)
        {
            if (await table.FindGateAsync(project, economy, cancellation) is not { } rows)
            {
                return new Refusal("desk-not-found", "This economy has no desk in this project.");
            }

            Desk desk = rows.Desk with { Generation = rows.Desk.Generation + 1, Overlap = null };
            Batch batch = new Batch(rows.Partition)
                .Replace(rows.GateRow.With(desk, OpenDesk.ColumnsOf(desk)))
                .Audit(new AuditEntry(now, caller.Actor, reissue ? "links-reissued" : "links-revoked", economy, new Dictionary<string, string>
                {
                    ["Generation"] = desk.Generation.ToString(CultureInfo.InvariantCulture),
                }));
            if (reissue)
            {
                batch.Owe(new MailOwed(project.ToString(), CirculationMail.Kind, $"officer:{economy}", project.ToString(), CirculationMail.VersionOf(desk)).ToOwed());
            }

            if ((await table.CommitAsync(batch, cancellation)).IsDone)
            {
                return desk;
            }
        }

        return new Refusal("desk-changed-conflict", "The desk kept changing at the same moment.", Remedy: "Try once more.");
    }
}
