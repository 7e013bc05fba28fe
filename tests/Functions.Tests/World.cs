using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Functions.Tests.Domain.Notifications;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests;

/// <summary>What outlives a process: the stores, the bus, the clock, and what other slices would tell.</summary>
internal sealed class World
{
    public InMemoryTables Tables { get; } = new();

    public InMemoryBlobs Blobs { get; } = new("documents", "selections");

    public RecordingBus Bus { get; } = new();

    public FakeClock Clock { get; } = new();

    public FakeProjects Projects { get; } = new();

    public FakeNominations Nominations { get; } = new();

    public FakeRegistry Registry { get; } = new();

    public static Caller Officer { get; } = new("o-1", "Aiko", [Caller.Secretariat, Caller.Approver]);

    /// <summary>Who approves what the officer proposed.</summary>
    public static Caller Approver { get; } = new("o-2", "Ben", [Caller.Secretariat, Caller.Approver]);

    public static IOptions<OrganisationOptions> Organisation { get; } = Options.Create(new OrganisationOptions
    {
        Name = "Plenary",
        FullName = "The Secretariat",
        ContactAddress = "projects@example.org",
        Zone = "Asia/Tokyo",
    });

    public static IOptions<AccessOptions> Access(string pepper = "a pepper of more than thirty-two characters", string? before = null) => Options.Create(new AccessOptions
    {
        BaseUrl = "https://plenary.example.org/",
        LinkPepper = pepper,
        LinkPepperBefore = before,
        Authority = "https://login.example.org/v2.0",
        Audience = "plenary",
    });

    public IDecisions DecisionsOver(ITables tables, IBus bus) => new Decisions(tables, bus, NullLogger<Decisions>.Instance, Clock);

    /// <summary>What the rows of one table owe and nobody has handed on yet.</summary>
    public async Task<IReadOnlyList<Owed>> OwedInAsync(string table)
    {
        List<Owed> owed = [];
        await foreach (Row row in Tables[table].ScanAllAsync(default))
        {
            if (row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal))
            {
                owed.Add(Owed.FromRow(row));
            }
        }

        return owed;
    }

    public async Task<IReadOnlyList<Row>> RowsAsync(string table, string prefix = "")
    {
        List<Row> rows = [];
        await foreach (Row row in Tables[table].ScanAllAsync(default))
        {
            if (row.Key.Row.StartsWith(prefix, StringComparison.Ordinal))
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    /// <summary>Every row of every table and the name of every file: equal before and after what writes nothing.</summary>
    public async Task<string> DumpAsync()
    {
        List<string> lines = [.. Blobs.Names];
        foreach (string table in Tables.Names)
        {
            lines.AddRange((await RowsAsync(table)).Select(row => $"{table} {row.Key} {row.ETag} {string.Join(' ', row.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal))}"));
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>Hands on what every partition of a table owes: to the bus, or to the agenda.</summary>
    public async Task RelayAsync(string table)
    {
        RelayOutbox relay = new(Tables, Bus, NullLogger<RelayOutbox>.Instance);
        foreach (string partition in (await RowsAsync(table, Owed.RowPrefix)).Select(row => row.Key.Partition).Distinct())
        {
            await relay.RunAsync(OutboxNames.Place(table, partition), Clock.Now, default);
        }
    }

    public IReadOnlyList<T> Sent<T>(string queue) => [.. Bus.Sent.Where(sent => sent.Queue == queue).Select(sent => Envelope.Read<T>(sent.Message.Body))];

    /// <summary>Owed by message, alone or with others.</summary>
    public IReadOnlyList<MailOwed> Mails() => [.. Bus.Sent.Where(sent => sent.Queue == Queues.SendMail).SelectMany(sent => MailsOwed.Read(sent.Message.Body))];
}

internal sealed class FakeProjects : IProjects
{
    private readonly Dictionary<ProjectCode, Project> projects = [];

    public Project this[ProjectCode code]
    {
        get => projects[code];
        set => projects[code] = value;
    }

    /// <summary>The sample workshop, 14 to 16 August 2023 in Jakarta's days, closing at the end of 31 July in Tokyo: 38 overseas places, 12 local.</summary>
    public static Project Workshop(int overseas = 38, int local = 12, ProjectSettings? settings = null)
    {
        ProjectNotification notification = Samples.Notification with
        {
            Overseas = new Places(overseas, false, overseas.ToString(CultureInfo.InvariantCulture)),
            Local = new Places(local, false, local.ToString(CultureInfo.InvariantCulture)),
        };
        return new Project
        {
            Code = notification.Code,
            Version = 1,
            State = ProjectState.Circulated,
            Notification = notification,
            Settings = settings ?? new ProjectSettings(),
            HostZone = "Asia/Jakarta",
            Sessions = [.. Enumerable.Range(1, 3).Select(number => new ProjectSession(
                number, $"Day {number}", new DateTimeOffset(2023, 8, 13 + number, 2, 0, 0, TimeSpan.Zero), new DateTimeOffset(2023, 8, 13 + number, 10, 0, 0, TimeSpan.Zero)))],
            IssuedAt = new DateTimeOffset(2023, 7, 3, 8, 0, 0, TimeSpan.Zero),
            ClosesAt = new DateTimeOffset(2023, 7, 31, 15, 0, 0, TimeSpan.Zero),
        };
    }

    public Project Add(Project project) => projects[project.Code] = project;

    public Task<Project?> FindAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult(projects.GetValueOrDefault(code));

    public Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Project>>([.. projects.Values]);
}

internal sealed class FakeNominations : INominations, IExtensions
{
    public List<DeskExtension> Granted { get; } = [];

    public Task<IReadOnlyList<DeskExtension>> ListExtensionsAsync(ProjectCode project, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<DeskExtension>>([.. Granted]);

    public List<Nomination> All { get; } = [];

    /// <summary>So many nominees of each economy, in rank order.</summary>
    public void Add(int each, params IEnumerable<string> economies)
    {
        foreach (string economy in economies)
        {
            for (int rank = 1; rank <= each; rank++)
            {
                string id = $"{economy.Replace("-", "", StringComparison.Ordinal)}{rank:D2}";
                All.Add(new Nomination(
                    id,
                    ReferenceNumber.Draw().Text,
                    economy,
                    economy,
                    rank,
                    NomineeState.Submitted,
                    new NomineeEntry { Name = $"Person {id}", Email = $"{id}@example.org" },
                    [],
                    new DateTimeOffset(2023, 7, 20, 0, 0, 0, TimeSpan.Zero),
                    new DateTimeOffset(2023, 7, 20, 0, 0, 0, TimeSpan.Zero)));
            }
        }
    }

    public async IAsyncEnumerable<Nomination> ListSubmittedAsync(ProjectCode project, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (Nomination nomination in All)
        {
            yield return nomination;
        }

        await Task.CompletedTask;
    }

    public Task<Nomination?> FindAsync(ProjectCode project, string economy, string id, CancellationToken cancellation) =>
        Task.FromResult(All.FirstOrDefault(nomination => nomination.Economy == economy && nomination.Id == id));

    public Task<IReadOnlyDictionary<string, Nomination>> FindAllAsync(ProjectCode project, IReadOnlyCollection<string> candidates, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<string, Nomination>>(All
            .Where(nomination => candidates.Contains(CandidateId.Of(nomination.Economy, nomination.Id)))
            .ToDictionary(nomination => CandidateId.Of(nomination.Economy, nomination.Id)));

    public Task<IReadOnlyList<NominationCounts>> CountsAsync(ProjectCode project, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<NominationCounts>>([.. All.GroupBy(nomination => nomination.Economy).Select(group =>
            new NominationCounts(group.Key, group.Key, group.Count(), 0, 0, 0, new DateTimeOffset(2023, 7, 31, 15, 0, 0, TimeSpan.Zero)))]);
}

/// <summary>The economies of the samples, each with one officer.</summary>
internal sealed class FakeRegistry : IRegistry
{
    public List<RegistryEntry> Entries { get; } = [.. Samples.Economies.Select(economy =>
        new RegistryEntry(economy, [new Officer(OfficerRole.Officer, $"Officer of {economy.Name}", $"officer@{economy.Id}.example.org", "en", null, null)]))];

    public void Weekend(string economyId, params DayOfWeek[] days)
    {
        int index = Entries.FindIndex(entry => entry.Economy.Id == economyId);
        Entries[index] = Entries[index] with { Economy = Entries[index].Economy with { Weekend = days } };
    }

    public IEnumerable<string> Active => Entries.Where(entry => entry.Economy.IsActive).Select(entry => entry.Economy.Id);

    public Task<IReadOnlyList<RegistryEntry>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<RegistryEntry>>(Entries);

    public Task<RegistryEntry?> FindAsync(string economyId, CancellationToken cancellation) =>
        Task.FromResult(Entries.FirstOrDefault(entry => entry.Economy.Id == economyId));
}
