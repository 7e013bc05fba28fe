using System.Globalization;
using System.Runtime.CompilerServices;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Nominations;

namespace Plenary.Benchmarks.Stores;

/// <summary>
/// The table of nominations for any number of them: every row is made when it is asked for, exactly as the slice itself writes it, and
/// forgotten with the next desk. So what memory is held is held by whoever reads.
/// </summary>
public sealed class SyntheticNominations(IReadOnlyCollection<Project> projects, int economies, int each) : ITable
{
    private readonly Dictionary<string, (Project Project, int Economy)> partitions = projects
        .SelectMany(project => Enumerable.Range(0, economies).Select(economy => (Project: project, Economy: economy)))
        .ToDictionary(place => NominationTable.PartitionOf(place.Project.Code, EconomyId(place.Economy)), StringComparer.Ordinal);

    /// <summary>The desk that was made last: whoever reads one often reads it again at once.</summary>
    private (string Partition, IReadOnlyList<Row> Rows)? last;

    public string Name => NominationTable.Name;

    /// <summary>Told before every thousandth row: where to look at the memory.</summary>
    public Action? OnPage { get; set; }

    public static string EconomyId(int number) => string.Create(CultureInfo.InvariantCulture, $"economy-{number:D5}");

    public static string NomineeId(int economy, int rank) => string.Create(CultureInfo.InvariantCulture, $"n{economy:D5}x{rank:D3}");

    /// <summary>A desk that is open, closes when its project does, and takes so many nominees.</summary>
    public static Row Gate(Project project, string economy, int most)
    {
        ArgumentNullException.ThrowIfNull(project);
        Desk desk = new()
        {
            Project = project.Code,
            ProjectTitle = project.Notification.Title,
            ProjectVersion = project.Version,
            Economy = economy,
            EconomyName = $"Name of {economy}",
            Zone = "Asia/Jakarta",
            ClosesAt = project.ClosesAt,
            ProjectEndsAt = project.EndsAt,
            MostNominees = most,
            Generation = 1,
        };
        return Row.Of(
            NominationTable.GateKey(project.Code, economy), desk, ("ClosesTicks", desk.ClosesAt.UtcTicks), ("ClosesAt", desk.ClosesAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)), ("Generation", 1L));
    }

    /// <summary>A text of the length that people write.</summary>
    public static NomineeEntry Entry(string id) => new()
    {
        Name = $"Nominee {id}",
        Email = $"{id}@agency.example",
        Nationality = "Indonesia",
        Position = "Head of service design",
        Organisation = "Ministry of Public Administration",
        Sector = "government",
        YearsOfExperience = 8,
        Statement = string.Concat(Enumerable.Repeat("Runs the counters of four districts and is asked to bring them online next year. ", 4)).Trim(),
        Wishes = "Captions",
    };

    /// <summary>The rows of one desk in key order; submitted where a time is given, else drafts that are complete.</summary>
    public static IReadOnlyList<Row> Desk(Project project, string economy, IEnumerable<string> nominees, DateTimeOffset? submittedAt, int most)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(nominees);
        Row gate = Gate(project, economy, most);
        DeskRows desk = new(gate, isWhole: true);
        List<Row> rows = [gate];
        int rank = 0;
        foreach (string id in nominees)
        {
            Batch batch = new(desk.Partition);
            DateTimeOffset at = submittedAt ?? project.IssuedAt;
            Nominee nominee = Nominee.Start(id, Entry(id), at);
            if (submittedAt is not null && !nominee.Submit([], at).TryGet(out nominee!))
            {
                throw new InvalidOperationException("The nominee is not complete.");
            }

            desk.InsertNominee(batch, nominee, ++rank, $"bench-{id}", "");
            rows.AddRange(batch.Writes.Select(write => write.Row));
        }

        return [.. rows.OrderBy(row => row.Key.Row, StringComparer.Ordinal)];
    }

    public async Task<Row?> FindAsync(RowKey key, CancellationToken cancellation) =>
        await ListAsync(key.Partition, new KeyRange(key.Row, key.Row + '!'), cancellation).FirstOrDefaultAsync(cancellation);

    public IAsyncEnumerable<Row> ListAsync(string partition, KeyRange rows, CancellationToken cancellation, int pageSize = 1000) =>
        partitions.ContainsKey(partition) ? ReadAsync([partition], rows, cancellation) : AsyncEnumerable.Empty<Row>();

    public IAsyncEnumerable<Row> ListPartitionsAsync(KeyRange partitions, KeyRange rows, CancellationToken cancellation) =>
        ReadAsync(this.partitions.Keys.Where(partitions.Contains).Order(StringComparer.Ordinal), rows, cancellation);

    public IAsyncEnumerable<Row> ScanAllAsync(CancellationToken cancellation) => ListPartitionsAsync(KeyRange.All, KeyRange.All, cancellation);

    /// <exception cref="NotSupportedException">Always: nothing is kept here.</exception>
    public Task<CommitResult> CommitAsync(Batch batch, CancellationToken cancellation) => throw new NotSupportedException("Rows made on demand cannot be written.");

    private async IAsyncEnumerable<Row> ReadAsync(IEnumerable<string> wanted, KeyRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        int read = 0;
        foreach (string partition in wanted)
        {
            foreach (Row row in Make(partition))
            {
                cancellation.ThrowIfCancellationRequested();
                if (range.Contains(row.Key.Row))
                {
                    if (read++ % 1000 == 0)
                    {
                        OnPage?.Invoke();
                    }

                    yield return Row.Stored(row.Key, row.Values, "1");
                }
            }
        }

        await Task.CompletedTask;
    }

    private IReadOnlyList<Row> Make(string partition)
    {
        lock (partitions)
        {
            if (last is { } made && made.Partition == partition)
            {
                return made.Rows;
            }

            (Project project, int economy) = partitions[partition];
            IReadOnlyList<Row> rows = Desk(project, EconomyId(economy), Enumerable.Range(1, each).Select(rank => NomineeId(economy, rank)), project.IssuedAt, each);
            last = (partition, rows);
            return rows;
        }
    }
}
