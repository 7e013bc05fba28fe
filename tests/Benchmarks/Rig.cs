using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Attendance;
using Plenary.Benchmarks.Stores;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Publishing;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;
using Plenary.Surveys;

namespace Plenary.Benchmarks;

/// <summary>The app as its composition root puts it together, in this process, over stores in memory that are metered.</summary>
internal sealed class Rig : IDisposable
{
    private readonly ServiceProvider services;

    /// <param name="wait">What every call of a store, the bus or the mailbox waits for; null for nothing.</param>
    /// <param name="mailbox">What the mailbox waits for, where that is another thing.</param>
    public Rig(Func<Task>? wait = null, Func<Task>? mailbox = null)
    {
        Tables = new MeteredTables(Stored, wait);
        Blobs = new MeteredBlobs(new InMemoryBlobs("documents", "selections"), wait);
        Bus = new MeteredBus(wait);
        Mailbox = new SlowMailbox(mailbox ?? wait ?? (() => Task.CompletedTask));
        ServiceCollection collection = new();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(ReadSampleSettings()).Build());
        collection.AddLogging();
        collection.AddSingleton<IWebHostEnvironment, Nowhere>();
        collection.AddSingleton<IHostEnvironment, Nowhere>();
        collection.AddSingleton<TimeProvider>(Clock);
        collection.AddInfra();
        collection.AddShared();
        collection.AddAccess();
        collection.AddAgenda();
        collection.AddMail();
        collection.AddNotifications();
        collection.AddNominations();
        collection.AddClosing();
        collection.AddSelection();
        collection.AddAttendance();
        collection.AddSurveys();
        collection.AddPublishing();
        collection.Replace(ServiceDescriptor.Singleton<ITables>(Tables));
        collection.Replace(ServiceDescriptor.Singleton<IBlobs>(Blobs));
        collection.Replace(ServiceDescriptor.Singleton<IBus>(Bus));
        collection.Replace(ServiceDescriptor.Singleton<IMailProvider>(Mailbox));
        services = collection.BuildServiceProvider();
    }

    /// <summary>Before the closing of <see cref="Projects"/>.</summary>
    public static DateTimeOffset Open { get; } = new(2023, 7, 20, 8, 0, 0, TimeSpan.Zero);

    public static Caller Officer { get; } = new("o-1", "Aiko", [Caller.Secretariat, Caller.Approver]);

    /// <summary>Who approves what the officer proposed.</summary>
    public static Caller Approver { get; } = new("o-2", "Ben", [Caller.Secretariat, Caller.Approver]);

    public FakeClock Clock { get; } = new(Open);

    /// <summary>The stores past the meters, to put rows in.</summary>
    public InMemoryTables Stored { get; } = new();

    public MeteredTables Tables { get; }

    public MeteredBlobs Blobs { get; }

    public MeteredBus Bus { get; }

    public SlowMailbox Mailbox { get; }

    /// <summary>Different projects of one shape: 38 overseas places, 12 local, closing at the end of 31 July 2023 in Tokyo.</summary>
    public static IReadOnlyList<Project> Projects(int count) => [.. Enumerable.Range(10, count).Select(number => new Project
    {
        Code = ProjectCode.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"23-IP-{number:D3}-GE-WSP-A")),
        Version = 1,
        State = ProjectState.Circulated,
        Settings = new ProjectSettings(),
        HostZone = "Asia/Jakarta",
        Sessions = [.. Enumerable.Range(1, 3).Select(day => new ProjectSession(
            day, $"Day {day}", new DateTimeOffset(2023, 8, 13 + day, 2, 0, 0, TimeSpan.Zero), new DateTimeOffset(2023, 8, 13 + day, 10, 0, 0, TimeSpan.Zero)))],
        IssuedAt = new DateTimeOffset(2023, 7, 3, 8, 0, 0, TimeSpan.Zero),
        ClosesAt = new DateTimeOffset(2023, 7, 31, 15, 0, 0, TimeSpan.Zero),
        Notification = new ProjectNotification
        {
            Code = ProjectCode.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"23-IP-{number:D3}-GE-WSP-A")),
            Title = "Workshop on Public Service Innovation in the New Normal",
            StartsOn = new DateOnly(2023, 8, 14),
            EndsOn = new DateOnly(2023, 8, 16),
            HostEconomies = [SyntheticNominations.EconomyId(0)],
            Venues = [],
            Modality = new Modality(ModalityKind.Online, "Online"),
            ImplementingOrganizations = ["Ministry of Manpower"],
            Participating = ParticipatingEconomies.AllMembers,
            Overseas = new Places(38, true, "up to 38"),
            Local = new Places(12, true, "up to 12"),
            ClosingOn = new DateOnly(2023, 7, 31),
            Objectives = [],
            Rationale = "",
            BackgroundHtml = "",
            Topics = [],
            Outcomes = [],
            Qualifications = "",
        },
    })];

    /// <summary>Issued projects, and economies with an officer each.</summary>
    public async Task PutAsync(IEnumerable<Project> projects, int economies)
    {
        foreach (Project project in projects)
        {
            Row head = Row.Of(ProjectTable.HeadOf(project.Code), project);
            await Stored[ProjectTable.Name].CommitAsync(new Batch(head.Key.Partition).Insert(head), default);
        }

        foreach (Row row in Enumerable.Range(0, economies).Select(Registered))
        {
            await Stored[RegistryTable.Name].CommitAsync(new Batch(row.Key.Partition).Insert(row), default);
        }
    }

    /// <summary>An economy with an officer, as the registry keeps it.</summary>
    public static Row Registered(int number)
    {
        string id = SyntheticNominations.EconomyId(number);
        return Row.Of(
            RegistryTable.KeyOf(id),
            new RegistryEntry(new Economy(id, $"Name of {id}", true, "Asia/Jakarta", []), [new Officer(OfficerRole.Officer, $"Officer of {id}", $"officer@{id}.example", "en", null, null)]));
    }

    /// <summary>Runs one use case as one invocation of the app does, in a scope of its own.</summary>
    public async Task<T> RunAsync<TUse, T>(Func<TUse, Task<T>> run)
        where TUse : notnull
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        return await run(scope.ServiceProvider.GetRequiredService<TUse>());
    }

    /// <inheritdoc cref="RunAsync{TUse, T}" />
    public Task RunAsync<TUse>(Func<TUse, Task> run)
        where TUse : notnull => RunAsync<TUse, bool>(async use =>
        {
            await run(use);
            return true;
        });

    public void Dispose() => services.Dispose();

    private static IEnumerable<KeyValuePair<string, string?>> ReadSampleSettings() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")))
            .RootElement.GetProperty("Values").EnumerateObject().Select(setting => KeyValuePair.Create(setting.Name, setting.Value.GetString()));

    /// <summary>Razor asks for one; nothing of it is used.</summary>
    private sealed class Nowhere : IWebHostEnvironment
    {
        public string WebRootPath { get; set; } = "";

        public IFileProvider WebRootFileProvider { get; set; } = new NullFileProvider();

        public string ApplicationName { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();

        public string ContentRootPath { get; set; } = "";

        public string EnvironmentName { get; set; } = "Benchmarks";
    }
}
