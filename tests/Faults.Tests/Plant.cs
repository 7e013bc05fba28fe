using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;
using Session = Plenary.Access.Session;

namespace Plenary.Faults.Tests;

/// <summary>
/// The whole app in this process, composed as Program.cs does it, over stores, a broker, a provider and a clock of the test's own. People are played by
/// calling the use cases; queue and timer functions are run by <see cref="PumpAsync"/> and <see cref="AdvanceToAsync"/>.
/// </summary>
internal sealed class Plant : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2023, 7, 3, 1, 0, 0, TimeSpan.Zero);

    /// <summary>The end of 31 July in Tokyo.</summary>
    public static readonly DateTimeOffset Closing = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

    public static readonly string[] Economies = ["fiji", "indonesia", "japan", "thailand"];

    private static readonly Assembly App = typeof(FrontMiddleware).Assembly;

    private static readonly Dictionary<string, (Type Type, MethodInfo Method)> Listeners = App.GetTypes()
        .SelectMany(type => type.GetMethods().Select(method => (Type: type, Method: method)))
        .Select(one => (one.Type, one.Method, Queue: one.Method.GetParameters().Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()?.QueueName).OfType<string>().FirstOrDefault()))
        .Where(one => one.Queue is not null)
        .ToDictionary(one => one.Queue ?? "", one => (one.Type, one.Method));

    private readonly Switch gate = new();
    private readonly Action<IServiceCollection>? change;
    private readonly TimeProvider ownClock;
    private ServiceProvider services;

    /// <param name="change">Last word on what is registered, after the stores.</param>
    /// <param name="beside">One more instance on the same stores, broker and provider.</param>
    /// <param name="skew">How far this instance's own clock is ahead of <see cref="Clock"/>.</param>
    public Plant(
        ITables? tables = null, IBlobs? blobs = null, Action<IServiceCollection>? change = null, DateTimeOffset? now = null, Plant? beside = null, TimeSpan skew = default)
    {
        this.change = change;
        Clock = beside?.Clock ?? new FakeClock(now ?? Start);
        ownClock = skew == default ? Clock : new Skewed(Clock, skew);
        Code = beside?.Code ?? "";
        Tables = tables ?? beside?.Tables ?? new InMemoryTables();
        Blobs = blobs ?? beside?.Blobs ?? new InMemoryBlobs();
        Bus = beside?.Bus ?? new PumpBus(Clock);
        Provider = beside?.Provider ?? new ScriptedProvider();
        services = Compose();
    }

    public FakeClock Clock { get; }

    public ITables Tables { get; }

    public IBlobs Blobs { get; }

    public PumpBus Bus { get; }

    public ScriptedProvider Provider { get; }

    /// <summary>Stands before every call on a port, if set.</summary>
    public ICallGate? Gate
    {
        get => gate.Inner;
        set => gate.Inner = value;
    }

    public string Code { get; private set; } = "";

    public ProjectCode Project => ProjectCode.Parse(Code);

    private static Caller Officer { get; } = new("o-1", "Aiko", [Caller.Secretariat, Caller.Approver]);

    private static Caller Approver { get; } = new("o-2", "Ben", [Caller.Secretariat, Caller.Approver]);

    /// <summary>A process that ends and is started anew: what it had in memory is gone, the stores are not.</summary>
    public async Task RestartAsync()
    {
        await services.DisposeAsync();
        services = Compose();
    }

    public async Task<T> UseAsync<TService, T>(Func<TService, Task<T>> use)
        where TService : notnull
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public Task UseAsync<TService>(Func<TService, Task> use)
        where TService : notnull => UseAsync<TService, bool>(async service =>
        {
            await use(service);
            return true;
        });

    /// <summary>A registry, and one project, circulated: its desks are open and its officers written to.</summary>
    public async Task OpenAsync(
        int overseas = 2, int local = 1, string code = "23-IP-10-GE-WSP-A",
        Func<Journey.Tests.NotificationText, Journey.Tests.NotificationText>? text = null,
        params IEnumerable<(string Field, string Value)> choices)
    {
        Code = code;
        foreach (NeededStores needed in services.GetServices<NeededStores>())
        {
            await Tables.CreateAsync(needed.Tables, default);
            await Blobs.CreateAsync(needed.Containers, default);
        }

        await Tables.CreateAsync([OutboxNames.Markers], default);
        Good(await UseAsync((ImportRegistry import) => import.RunAsync(Journey.Tests.Stage.Economies, Journey.Tests.Stage.Officers, Officer, Clock.Now, default)));
        await IssueAsync(text, overseas, local, choices);
        Good(await UseAsync((CirculateNotification circulate) => circulate.RunAsync(Project, Officer, Clock.Now, default)));
        await PumpAsync();
    }

    /// <summary>Issues the notification, or its next version.</summary>
    public async Task IssueAsync(
        Func<Journey.Tests.NotificationText, Journey.Tests.NotificationText>? text = null, int overseas = 2, int local = 1,
        params IEnumerable<(string Field, string Value)> choices)
    {
        Journey.Tests.NotificationText notification = new(Code) { Overseas = Words(overseas), Local = Words(local) };
        string whole = (text?.Invoke(notification) ?? notification).ToString();
        NotificationDraft draft = Good(await UseAsync((ImportNotification import) => import.RunAsync(whole, Officer, Clock.Now, default)));
        await UseAsync((DraftTable drafts) => drafts.SaveAsync(draft with { Settings = choices.Append(("reason", "As the proof has it.")).ToDictionary(choice => choice.Item1, choice => choice.Item2) }, default));
        Good(await UseAsync((IssueNotification issue) => issue.RunAsync(draft.Id, asRevision: true, Officer, Clock.Now, default)));
    }

    /// <summary>What this instance takes the time to be.</summary>
    public DateTimeOffset OwnNow => ownClock.GetUtcNow();

    /// <summary>Writes another head of the project, for changes that no page offers (yet, or after the closing).</summary>
    public async Task RewriteAsync(Func<Project, Project> rewrite)
    {
        ArgumentNullException.ThrowIfNull(rewrite);
        ITable projects = Tables.Get(ProjectTable.Name);
        Row head = await projects.FindAsync(ProjectTable.HeadOf(Project), default) ?? throw new InvalidOperationException("No project.");
        await projects.CommitAsync(new Batch(head.Key.Partition).Replace(head.With(rewrite(head.Body<Project>()))), default);
    }

    public Task CancelAsync() => RewriteAsync(project => project with { State = ProjectState.Cancelled });

    /// <summary>Start and end so much later, without new reminders.</summary>
    public Task MoveStartAsync(TimeSpan by) => RewriteAsync(project => project with
    {
        Version = project.Version + 1,
        Sessions = [.. project.Sessions.Select(session => session with { StartsAt = session.StartsAt + by, EndsAt = session.EndsAt + by })],
    });

    public DeskCall Call(string economy, DateTimeOffset? receivedAt = null) => new(
        Project, economy, new Session(LinkPurpose.Desk, Code, economy, 1, DateTimeOffset.MaxValue.UtcTicks), receivedAt ?? OwnNow);

    public static TypedNominee Somebody(int number) => new()
    {
        Name = $"Nominee {Words(number)}",
        Email = $"nominee{Words(number)}@agency.example.org",
        Nationality = "As nominated",
        Position = "Officer",
        Organisation = "Agency",
        Sector = "government",
        YearsOfExperience = "7",
        Statement = "Writes forms.",
        Wishes = "",
    };

    public Task<Outcome<Receipt>> NominateAsync(string economy, int number, string? key = null, DateTimeOffset? receivedAt = null, string rank = "") => UseAsync(
        (Nominate nominate) => nominate.RunAsync(Call(economy, receivedAt), key ?? $"key-{Words(number)}", Somebody(number), rank, default));

    /// <summary>Nominated, closed, selected: offers are out.</summary>
    public async Task SelectAsync(int each)
    {
        int number = 0;
        foreach (string economy in Economies)
        {
            for (int one = 0; one < each; one++)
            {
                Good(await NominateAsync(economy, ++number, rank: Words(one + 1)));
            }
        }

        await AdvanceToAsync(Closing.AddMinutes(1));
        await SelectOnlyAsync();
    }

    /// <summary>Of what is there, after the closing.</summary>
    public async Task SelectOnlyAsync()
    {
        SelectionRecord proposed = Good(await UseAsync((ProposeSelection propose) => propose.RunAsync(Project, Officer, Clock.Now, default)));
        Good(await UseAsync((ApproveSelection approve) => approve.RunAsync(Project, proposed.Digest, Approver, Clock.Now, default)));
        await PumpAsync();
    }

    public Task<Outcome<OfferRecord>> AnswerAsync(string candidate, OfferAnswer answer) =>
        UseAsync((AnswerOffer offer) => offer.RunAsync(Project, candidate, answer, Clock.Now, default));

    /// <summary>Delivers what is due.</summary>
    public Task PumpAsync(int atOnce = 1) => Bus.PumpAsync(DeliverAsync, atOnce);

    /// <summary>Runs the function that listens to the message's queue.</summary>
    public async Task DeliverAsync(HeldMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        (Type type, MethodInfo method) = Listeners[message.Queue];
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        object listener = ActivatorUtilities.CreateInstance(scope.ServiceProvider, type);
        object? running = method.Invoke(listener, [.. method.GetParameters().Select(parameter => parameter.ParameterType == typeof(CancellationToken) ? CancellationToken.None : (object)message.Body)]);
        await (Task)(running ?? throw new InvalidOperationException($"{type} returned nothing."));
    }

    /// <summary>As the timer does each minute.</summary>
    public Task TickAsync() => UseAsync((RunAgenda agenda) => agenda.RunAsync(default));

    /// <summary>Lets time pass: stops wherever something is due, at the minute the timer would see it.</summary>
    public async Task AdvanceToAsync(DateTimeOffset target, bool timerRuns = true)
    {
        await PumpAsync();
        while (true)
        {
            DateTimeOffset? timer = timerRuns ? await NextTickAsync() : null;
            DateTimeOffset? bus = Bus.IsDown ? null : Bus.NextDue;
            DateTimeOffset? next = bus is null || timer < bus ? timer ?? bus : bus;
            if (next is not { } instant || instant > target)
            {
                break;
            }

            Clock.Now = instant > Clock.Now ? instant : Clock.Now;
            if (instant == timer)
            {
                await TickAsync();
            }

            await PumpAsync();
        }

        Clock.Now = target > Clock.Now ? target : Clock.Now;
    }

    public async Task<IReadOnlyList<Row>> RowsAsync(string table, string prefix = "") =>
        await Tables.Get(table).ScanAllAsync(default).Where(row => row.Key.Row.StartsWith(prefix, StringComparison.Ordinal)).ToArrayAsync();

    public async Task<IReadOnlyList<MailIntent>> LedgerAsync() => [.. (await RowsAsync(MailTable.Name)).Where(row => row.Key.Partition == Keys.Escape(Code) && MailTable.IsIntent(row)).Select(row => row.Body<MailIntent>())];

    public async Task<IReadOnlyList<OfferRecord>> OffersAsync() => [.. (await RowsAsync(SelectionTable.Name, SelectionTable.OfferPrefix)).Select(row => row.Body<OfferRecord>())];

    /// <summary>Everything owed has been handed on, every mail that is owed has left, and once unless its first outcome was in doubt.</summary>
    public async Task AssertMailsAsync()
    {
        Assert.Empty(Bus.DeadLetters);
        IReadOnlyList<MailIntent> ledger = await LedgerAsync();
        ILookup<string, TakenMail> taken = Provider.Taken.ToLookup(mail => mail.Intent);
        foreach (MailIntent intent in ledger)
        {
            if (intent.State is MailState.Unknown && intent.NeedsAPerson)
            {
                // Both answers were lost: nobody can tell, and a person is told so.
                Assert.InRange(taken[intent.Owed.Id].Count(), 0, 2);
                continue;
            }

            Assert.True(intent.State is not (MailState.Queued or MailState.Sending or MailState.Unknown), $"{intent.Owed} stands at {intent.State}");
            Assert.InRange(taken[intent.Owed.Id].Count(), intent.State is MailState.Skipped or MailState.Failed ? 0 : 1, intent.PossibleDuplicate ? 2 : 1);
        }

        Assert.Empty(Provider.Taken.Select(mail => mail.Intent).Except(ledger.Select(intent => intent.Owed.Id)));
        foreach (string table in (string[])["Projects", "Nominations", "Closings", "Selections", "SurveyRights", "Attendance", "Registry"])
        {
            Assert.Empty(await RowsAsync(table, Owed.RowPrefix));
        }
    }

    /// <summary>A receipt is in the ledger for everybody who was submitted.</summary>
    public async Task AssertReceiptsAsync()
    {
        string[] submitted = [.. (await RowsAsync(NominationTable.Name, "nominee-")).Where(row => row.Text("State") == nameof(NomineeState.Submitted)).Select(row => row.Body<Nominee>().Id)];
        string[] told = [.. (await LedgerAsync()).Where(intent => intent.Owed.Kind == NominationMails.Receipt).Select(intent => intent.Owed.Subject.Split('/')[1])];
        Assert.Equal(submitted.Order(), told.Order());
    }

    /// <summary>One nominee for each submission key, rank and address; one audit entry and one receipt for each nominee.</summary>
    public async Task AssertNominationsAsync(int count)
    {
        Assert.Equal(count, (await RowsAsync(NominationTable.Name, "nominee-")).Count);
        Assert.Equal(count, (await RowsAsync(NominationTable.Name, "key-")).Count);
        Assert.Equal(count, (await RowsAsync(NominationTable.Name, "mail-")).Count);
        Assert.Equal(count, (await RowsAsync(NominationTable.Name, "rank-")).Count);
        IReadOnlyList<Row> audit = await RowsAsync(NominationTable.Name, AuditWrites.RowPrefix);
        string[] submitted = [.. audit.Where(row => row.Text("Action") == "nomination-submitted").Select(row => row.Text("Subject"))];
        Assert.Equal(count, submitted.Length);
        Assert.Equal(count, submitted.Distinct().Count());
    }

    /// <summary>A place row for each offer that holds a place and for nobody else; no more than there are.</summary>
    public async Task AssertPlacesAsync(int overseas, int local)
    {
        IReadOnlyList<OfferRecord> offers = await OffersAsync();
        Dictionary<string, string> places = (await RowsAsync(SelectionTable.Name, SelectionTable.PlacePrefix)).ToDictionary(row => row.Key.Row, row => row.Text("Candidate"));
        OfferRecord[] holding = [.. offers.Where(record => record.Offer.HoldsPlace)];
        Assert.Equal(
            holding.Select(record => (record.Offer.Place.ToString(), CandidateId.Of(record.Economy, record.NominationId))).Order(),
            places.Select(place => (place.Key, place.Value)).Order());
        Assert.InRange(holding.Count(record => record.Offer.Place.Pool == Pool.Overseas), 0, overseas);
        Assert.InRange(holding.Count(record => record.Offer.Place.Pool == Pool.Local), 0, local);
    }

    public static T Good<T>(Outcome<T> outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.TryGet(out T? value) ? value : throw new InvalidOperationException(string.Join("; ", outcome.Refusals.Select(refusal => $"{refusal.Code}: {refusal.Reason}")));
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static string Words(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<DateTimeOffset?> NextTickAsync()
    {
        if (await Tables.Get(OutboxNames.Markers).ListAsync(OutboxNames.MarkerPartition, KeyRange.All, default).AnyAsync())
        {
            return Minute(Clock.Now.AddTicks(TimeSpan.TicksPerMinute));
        }

        await foreach (Row row in Tables.Get(AgendaTable.Name).ListAsync(AgendaTable.Partition, KeyRange.All, default, pageSize: 1))
        {
            DateTimeOffset due = Keys.InstantOf(row.Key.Row);
            return Minute((due > Clock.Now ? due : Clock.Now.AddTicks(1)).AddTicks(TimeSpan.TicksPerMinute - 1));
        }

        return null;

        static DateTimeOffset Minute(DateTimeOffset instant) => new(instant.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
    }

    private ServiceProvider Compose()
    {
        ServiceCollection collection = new();
        IEnumerable<KeyValuePair<string, string?>> settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")))
            .RootElement.GetProperty("Values").EnumerateObject().Select(setting => KeyValuePair.Create(setting.Name, setting.Value.GetString()));
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        collection.AddLogging();
        collection.AddSingleton<IWebHostEnvironment, NoEnvironment>();
        collection.AddSingleton<IHostEnvironment, NoEnvironment>();
        collection.AddSingleton(ownClock);
        collection.AddInfra();
        foreach (MethodInfo add in App.GetTypes()
            .Where(type => type.Name.EndsWith("Services", StringComparison.Ordinal) && type is { IsAbstract: true, IsSealed: true })
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.GetParameters() is [{ ParameterType: { } only }] && only == typeof(IServiceCollection)))
        {
            add.Invoke(null, [collection]);
        }

        collection.Replace(ServiceDescriptor.Singleton(gate.Around(Tables)));
        collection.Replace(ServiceDescriptor.Singleton(gate.Around(Blobs)));
        collection.Replace(ServiceDescriptor.Singleton(gate.Around((IBus)Bus)));
        collection.Replace(ServiceDescriptor.Singleton(gate.Around((IMailProvider)Provider)));
        change?.Invoke(collection);
        return collection.BuildServiceProvider();
    }

    private sealed class Skewed(FakeClock inner, TimeSpan skew) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + skew;

        /// <summary>Whoever waits by this clock lets the time pass, for all: nobody else would move it meanwhile.</summary>
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime <= TimeSpan.Zero)
            {
                return base.CreateTimer(callback, state, dueTime, period);
            }

            inner.Advance(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class Switch : ICallGate
    {
        public ICallGate? Inner { get; set; }

        public Action? Enter(string call) => Inner?.Enter(call);
    }

    /// <summary>Razor asks for one; nothing of it is used.</summary>
    private sealed class NoEnvironment : IWebHostEnvironment
    {
        public string WebRootPath { get; set; } = "";

        public IFileProvider WebRootFileProvider { get; set; } = new NullFileProvider();

        public string ApplicationName { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();

        public string ContentRootPath { get; set; } = "";

        public string EnvironmentName { get; set; } = "Test";
    }
}
