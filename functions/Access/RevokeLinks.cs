using System.Globalization;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Access;

/// <summary>
/// Takes the stored links to one record away, so that their tokens open nothing any more. A browser that has been let in already keeps
/// its session until the link would have expired.
/// </summary>
public sealed class RevokeLinks(ITables tables, IDecisions decisions)
{
    private readonly ITable table = tables.Get(Links.Table);

    /// <returns>How many there were.</returns>
    public async Task<int> RunAsync(LinkPurpose purpose, string project, string subject, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        int revoked = 0;

        // Links are spread by their hash, so only a look at all of them finds those of one record.
        List<Row> found = await table.ScanAllAsync(cancellation)
            .Where(row => row.Text("Purpose") == purpose.ToString() && row.Text("Project") == project && row.Body<Link>().Subject == subject)
            .ToListAsync(cancellation);
        foreach (IGrouping<string, Row> partition in found.GroupBy(row => row.Key.Partition))
        {
            foreach (Row[] part in partition.Chunk(Batch.MostWrites - 1))
            {
                Batch batch = new(partition.Key);
                foreach (Row row in part)
                {
                    batch.Delete(row);
                }

                batch.Audit(new AuditEntry(now, caller.Actor, "links-revoked", subject, new Dictionary<string, string>
                {
                    ["purpose"] = purpose.ToString(),
                    ["links"] = part.Length.ToString(CultureInfo.InvariantCulture),
                }));

                // A link never changes, so a conflict means that somebody else has revoked it at the same moment.
                if ((await decisions.CommitAsync(table, batch, now, cancellation)).IsDone)
                {
                    revoked += part.Length;
                }
            }
        }

        return revoked;
    }
}
