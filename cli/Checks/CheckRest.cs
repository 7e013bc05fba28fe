using Plenary.Access;
using Plenary.Agenda;
using Plenary.Cli.Backups;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;

namespace Plenary.Cli.Checks;

/// <summary>Looks at what every project shares: mails, links, agenda, registry, and the outbox of every table.</summary>
internal sealed class CheckRest(Operation operation, IReadOnlyCollection<string> projects, Action<Finding> found, Action<string, long> said)
{
    /// <summary>The agenda runs each minute; what is older than this has been passed over.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(10);

    public async Task<long> RunAsync(CancellationToken cancellation)
    {
        HashSet<string> marked = await operation.Tables.Get(OutboxNames.Markers).ScanAllAsync(cancellation).Select(row => row.Text("Place")).ToHashSetAsync(cancellationToken: cancellation);
        long rows = 0;
        foreach (string table in operation.TableNames)
        {
            await foreach (Row row in operation.Tables.Get(table).ScanAllAsync(cancellation))
            {
                if (++rows % 1000 == 0)
                {
                    said(table, rows);
                }

                // A marker is written before what it marks, so there is no instant at which this is as it should be.
                if (row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal) && !marked.Contains(OutboxNames.Place(table, row.Key.Partition)))
                {
                    Tell("outbox-unmarked", table, row.Key, "A message is owed, but no marker leads the sweep here: it would wait for ever.", "Post the place to the relay-outbox queue, or change anything in this partition through the app.");
                }

                if (Belonging.OfRow(row) is var project && project != Belonging.Shared && !projects.Contains(project))
                {
                    Tell("project-missing", table, row.Key, $"It belongs to project {project}, which is not there.", "Restore the project, or delete the row.");
                }

                await CheckAsync(table, row, cancellation);
            }
        }

        return rows;
    }

    private async Task CheckAsync(string table, Row row, CancellationToken cancellation)
    {
        switch (table)
        {
            case MailTable.Name when MailTable.IsIntent(row):
                MailIntent intent = row.Body<MailIntent>();
                if (row.Key != MailTable.KeyOf(intent.Owed.Project, intent.Owed.Id))
                {
                    Tell("key-wrong", table, row.Key, "The row's key is not that of the mail in it: its delivery events would not find it.", "Restore the ledger of this project.");
                }

                if (row.Text("Kind") != intent.Owed.Kind || row.Text("State") != intent.State.ToString() || row.Flag("PossibleDuplicate") != intent.PossibleDuplicate)
                {
                    Tell("column-stale", table, row.Key, "Kind, state or flag beside the body say something else than the body; the secretariat's counts go by them.", "Have the mail resent, or wait for its next event: either writes the row anew.");
                }

                break;
            case MailTable.Name when row.Key.Partition == MailTable.Lingering:
                string id = row.Key.Row.Split('|')[^1];
                Row? listed = await operation.Tables.Get(table).FindAsync(MailTable.KeyOf(row.Text("Project"), id), cancellation);
                if (listed?.Body<MailIntent>() is not { Lingers: true })
                {
                    Tell("lingering-orphan", table, row.Key, "It lists a mail as not having left that is settled or not there: /health/ready counts it as owed.", "Delete the row.");
                }

                break;
            case AgendaTable.Name when row.Key.Partition == AgendaTable.Partition:
                Owed owed = AgendaTable.FromRow(row);
                if (!Operation.QueueNames.Contains(owed.Queue))
                {
                    Tell("agenda-queue", table, row.Key, $"It waits for the queue {owed.Queue}, which nobody listens to.", "Deploy the release that wrote it, or delete the row.");
                }

                if (owed.DueAt < operation.Now - Overdue)
                {
                    Tell("agenda-overdue", table, row.Key, $"It was due at {owed.DueAt:u} and still waits.", "See that the timer runs; plenary agenda run wakes it now.");
                }

                break;
            case Links.Table when row.Values.ContainsKey("Purpose"):
                Link link = row.Body<Link>();
                if (row.Text("Purpose") != link.Purpose.ToString() || row.Text("Project") != link.Project)
                {
                    Tell("column-stale", table, row.Key, "Purpose or project beside the body say something else than the body.", "Revoke the link.");
                }

                break;
            case RegistryTable.Name when row.Values.ContainsKey("Body") && !row.Values.ContainsKey("Action"):
                if (row.Key != RegistryTable.KeyOf(row.Body<RegistryEntry>().Economy.Id))
                {
                    Tell("key-wrong", table, row.Key, "The row's key is not that of the economy in it.", "Import the registry again.");
                }

                break;
            default:
                break;
        }
    }

    private void Tell(string code, string table, RowKey key, string what, string remedy) => found(Finding.At(code, table, key, what, remedy));
}
