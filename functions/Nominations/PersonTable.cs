using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Nominations;

/// <summary>Where a person was nominated, in ids alone.</summary>
public sealed record PersonSeen(ProjectCode Project, string Economy, string Nominee);

/// <summary>
/// Leads from a name or an address to the nominations that have the like. Rows hold ids and keys hold hashes, so what is found has
/// to be compared: a nomination may have changed since. Losing this table loses hints, nothing else.
/// </summary>
public sealed class PersonTable(ITables tables)
{
    public const string Name = "People";

    private readonly ITable table = tables.Get(Name);

    /// <param name="form">One of <see cref="PersonLikeness"/>.</param>
    public static string PartitionOf(string kind, string form) =>
        $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(form)).AsSpan(0, 16))}";

    public static RowKey KeyOf(string partition, PersonSeen seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return new RowKey(partition, $"{Keys.Escape(seen.Project.ToString())}|{Keys.Escape(seen.Economy)}|{Keys.Escape(seen.Nominee)}");
    }

    /// <summary>Again changes nothing.</summary>
    public Task AddAsync(PersonSeen seen, NomineeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return Task.WhenAll(PartitionsOf(entry).Select(partition =>
        {
            Row row = Row.Of(KeyOf(partition, seen), ("Project", seen.Project.ToString()), ("Economy", seen.Economy), ("Nominee", seen.Nominee));
            return table.CommitAsync(new Batch(partition).Upsert(row), cancellation);
        }));
    }

    /// <summary>Nominations that have, or had, a name or an address like this one's; the same one may come twice.</summary>
    public async IAsyncEnumerable<PersonSeen> FindAsync(NomineeEntry entry, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (string partition in PartitionsOf(entry))
        {
            await foreach (Row row in table.ListAsync(partition, KeyRange.All, cancellation))
            {
                yield return new PersonSeen(ProjectCode.Parse(row.Text("Project")), row.Text("Economy"), row.Text("Nominee"));
            }
        }
    }

    private static IEnumerable<string> PartitionsOf(NomineeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        (string Kind, string Form)[] forms = [("name", PersonLikeness.OfName(entry.Name)), ("mail", PersonLikeness.OfAddress(entry.Email))];
        return forms.Where(one => one.Form.Length > 0).Select(one => PartitionOf(one.Kind, one.Form));
    }
}
