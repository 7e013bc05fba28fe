using System.Text;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Plenary.Access;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;
using Session = Plenary.Access.Session;

namespace Plenary.Functions.Tests.Nominations;

/// <summary>The desk of Indonesia in the example project, in memory, with its doors.</summary>
internal sealed class DeskRig : IDisposable
{
    public const string Economy = "indonesia";
    public const string DeskPath = "/desk/23-IP-10-GE-WSP-A/indonesia";

    /// <summary>End of 31 July 2023 in Tokyo.</summary>
    public static readonly DateTimeOffset ClosesAt = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider services;
    private readonly IServiceScope scope;

    public DeskRig(Action<IServiceCollection>? change = null)
    {
        ServiceCollection collection = new();
        collection.AddLogging();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        collection.AddSingleton<IWebHostEnvironment, NoEnvironment>();
        collection.AddRazorComponents();
        collection.AddSingleton<TimeProvider>(Clock);
        collection.AddSingleton<ITables>(Tables);
        collection.AddSingleton<IBlobs>(Blobs);
        collection.AddSingleton<IBus>(Bus);
        collection.AddSingleton<IDecisions, Decisions>();
        collection.AddSingleton<IProjects>(Projects);
        collection.AddSingleton<IRegistry>(Registry);
        collection.AddSingleton<ISelections>(Selections);
        collection.AddSingleton<IMailLedger>(new MailLedger(Tables));
        collection.AddSingleton(Options.Create(new AccessOptions
        {
            BaseUrl = "https://plenary.example",
            LinkPepper = new string('p', 40),
            Authority = "https://login.example",
            Audience = "plenary",
        }));
        collection.AddSingleton(Options.Create(new OrganisationOptions
        {
            Name = "Organisation",
            FullName = "The Organisation",
            ContactAddress = "contact@organisation.example",
            Zone = "Asia/Tokyo",
        }));
        collection.AddSingleton(Options.Create(new MailOptions
        {
            SecretariatAddress = "secretariat@organisation.example",
            SecretariatName = "The Secretariat",
            WebhookPublicKey = "",
        }));
        collection.AddSingleton<Sessions>();
        collection.AddSingleton<ILinks, Links>();
        collection.AddScoped<Pages>();
        collection.AddScoped<Answers>();
        collection.AddNominations();
        collection.AddClosing();
        change?.Invoke(collection);
        services = collection.BuildServiceProvider();
        scope = services.CreateScope();
    }

    public FakeClock Clock { get; } = new();

    public InMemoryTables Tables { get; } = new();

    public MemoryBlobs Blobs { get; } = new();

    public QuietBus Bus { get; } = new();

    public FakeProjects Projects { get; } = new();

    public FakeRegistry Registry { get; } = new();

    public FakeSelections Selections { get; } = new();

    public ProjectCode Code => Projects.Project.Code;

    public InMemoryTable Table => Tables[NominationTable.Name];

    public NominationTable Desks => Get<NominationTable>();

    public static TypedNominee Somebody(int number = 1) => new()
    {
        Name = $"Nominee {number}",
        Email = $"nominee{number}@agency.example",
        Nationality = "Indonesia",
        Position = "Director",
        Organisation = "Ministry of Manpower",
        Sector = "government",
        YearsOfExperience = "7",
        Statement = "Leads the innovation programme.",
        Wishes = "Captions",
    };

    public static IHtmlDocument Parse(string html) => new HtmlParser().ParseDocument(html);

    public T Get<T>()
        where T : notnull => scope.ServiceProvider.GetRequiredService<T>();

    public T Make<T>() => ActivatorUtilities.CreateInstance<T>(scope.ServiceProvider);

    public async Task<DeskRig> OpenAsync(string economy = Economy)
    {
        await Get<OpenDesk>().RunAsync(new DeskToOpen(Code.ToString(), economy), default);
        return this;
    }

    /// <summary>Somebody else at another address is the officer from now on.</summary>
    public Task HandOverAsync(string handover = "h-1")
    {
        Registry.Replace(Economy, new Officer(OfficerRole.Officer, "Successor", $"successor-{handover}@{Economy}.example", "en", null, null));
        return Get<OpenDesk>().RunAsync(new DeskToOpen(Code.ToString(), Economy, handover), default);
    }

    public Session Session(string economy = Economy, int generation = 1) =>
        new(LinkPurpose.Desk, Code.ToString(), economy, generation, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks);

    public DeskCall Call(DateTimeOffset? at = null, string economy = Economy) => new(Code, economy, Session(economy), at ?? Clock.Now);

    public async Task<Nominee> NominateAsync(int number = 1, string rank = "", string economy = Economy)
    {
        Outcome<Receipt> outcome = await Get<Nominate>().RunAsync(Call(economy: economy), $"key-{number}", Somebody(number), rank, default);
        Assert.Empty(outcome.Refusals);
        return outcome.TryGet(out Receipt? receipt) ? receipt.Nominee : throw new InvalidOperationException();
    }

    public async Task<DeskRows> RowsAsync(string economy = Economy) => await Desks.FindAsync(Code, economy, default) ?? throw new InvalidOperationException("No desk.");

    public async Task<List<Row>> AllRowsAsync()
    {
        List<Row> rows = [];
        await foreach (Row row in Table.ScanAllAsync(default))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Mails owed by the rows that are there, in the order they were owed.</summary>
    public async Task<List<MailOwed>> OwedAsync(string tableName = NominationTable.Name) =>
        [.. (await OwedMessagesAsync(tableName)).Where(owed => owed.Queue == Queues.SendMail).Select(owed => Envelope.Read<MailOwed>(owed.Body))];

    public async Task<List<Owed>> OwedMessagesAsync(string tableName) =>
        await Tables[tableName].ScanAllAsync(default).Where(row => row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal)).Select(Owed.FromRow).ToListAsync();

    public async Task<Composition> ComposeAsync(MailOwed owed) =>
        await scope.ServiceProvider.GetServices<IComposeMail>().Single(one => one.Kinds.Contains(owed.Kind)).ComposeAsync(owed, Clock.Now, default);

    public HttpRequest Request(string method = "GET", Session? session = null, params (string Name, string Value)[] form)
    {
        DefaultHttpContext http = new() { RequestServices = scope.ServiceProvider };
        RequestClock.Start(http, Clock.Now);
        http.Response.Body = new MemoryStream();
        http.Request.Method = method;
        http.Request.Path = DeskPath;
        if (session is not null)
        {
            string name = Sessions.CookieName(session.Purpose, session.Project, session.Subject);
            http.Request.Headers.Cookie = $"{name}={Get<Sessions>().Sign(session)}";
        }

        if (method == "POST")
        {
            http.Request.Form = new FormCollection(form.ToDictionary(field => field.Name, field => new StringValues(field.Value)));
            http.Request.ContentType = "application/x-www-form-urlencoded";
        }

        return http.Request;
    }

    /// <summary>A post from our own page of this session.</summary>
    public HttpRequest Post(params (string Name, string Value)[] form) =>
        Request("POST", Session(), [(FormText.TokenField, Get<Sessions>().FormToken(Session())), .. form]);

    public HttpRequest Json(string method, object? body, string? key = null, string? bearer = null)
    {
        DefaultHttpContext http = new() { RequestServices = scope.ServiceProvider };
        RequestClock.Start(http, Clock.Now);
        http.Response.Body = new MemoryStream();
        http.Request.Method = method;
        http.Request.Path = "/api/projects";
        http.Request.ContentType = "application/json";
        http.Request.Body = new MemoryStream(body is string text ? Encoding.UTF8.GetBytes(text) : JsonSerializer.SerializeToUtf8Bytes(body));
        http.Request.Headers.Authorization = $"Bearer {bearer ?? Get<Sessions>().Sign(Session())}";
        if (key is not null)
        {
            http.Request.Headers["Idempotency-Key"] = key;
        }

        return http.Request;
    }

    public static async Task<Answer> AnswerAsync(HttpRequest request, Task<IResult> running)
    {
        IResult result = await running;
        await result.ExecuteAsync(request.HttpContext);
        HttpResponse response = request.HttpContext.Response;
        response.Body.Position = 0;
        using StreamReader reader = new(response.Body);
        return new Answer(response.StatusCode, await reader.ReadToEndAsync(), response.Headers.Location.ToString(), response);
    }

    public void Dispose()
    {
        scope.Dispose();
        services.Dispose();
    }
}

internal sealed record Answer(int Status, string Body, string Location, HttpResponse Response)
{
    public IHtmlDocument Page => DeskRig.Parse(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Code => Json.GetProperty("code").GetString();
}

internal sealed class FakeProjects : IProjects
{
    public Project Project { get; set; } = new()
    {
        Code = ProjectCode.Parse("23-IP-10-GE-WSP-A"),
        Version = 1,
        State = ProjectState.Circulated,
        Settings = new ProjectSettings(),
        HostZone = "Asia/Jakarta",
        IssuedAt = new DateTimeOffset(2023, 7, 3, 0, 0, 0, TimeSpan.Zero),
        ClosesAt = DeskRig.ClosesAt,
        Sessions = [new ProjectSession(1, "Day 1", new DateTimeOffset(2023, 8, 14, 3, 0, 0, TimeSpan.Zero), new DateTimeOffset(2023, 8, 14, 6, 0, 0, TimeSpan.Zero))],
        Notification = new ProjectNotification
        {
            Code = ProjectCode.Parse("23-IP-10-GE-WSP-A"),
            Title = "Workshop on Public Service Innovation in the New Normal",
            StartsOn = new DateOnly(2023, 8, 14),
            EndsOn = new DateOnly(2023, 8, 16),
            HostEconomies = ["indonesia"],
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
    };

    /// <summary>Other projects, held before.</summary>
    public List<Project> Earlier { get; } = [];

    public Task<Project?> FindAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult(code == Project.Code ? Project : null);

    public Task<IReadOnlyList<Project>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Project>>([Project, .. Earlier]);

    public void Move(DateOnly closingOn) => Project = Project with
    {
        Version = Project.Version + 1,
        Notification = Project.Notification with { ClosingOn = closingOn },
        ClosesAt = Project.Calendar.Closing(closingOn, "Asia/Tokyo").At,
    };
}

internal sealed class FakeSelections : ISelections
{
    public Dictionary<ProjectCode, IReadOnlyList<Participant>> Participants { get; } = [];

    public Task<IReadOnlyList<Participant>> ListParticipantsAsync(ProjectCode code, CancellationToken cancellation) =>
        Task.FromResult(Participants.GetValueOrDefault(code) ?? []);

    public Task<int?> CountSelectedAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult<int?>(null);

    public Task<IReadOnlyList<OfferStanding>> ListOffersAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<OfferStanding>>([]);

    public Task<IReadOnlyDictionary<OfferState, int>> CountOffersAsync(ProjectCode code, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<OfferState, int>>(new Dictionary<OfferState, int>());
}

internal sealed class FakeRegistry : IRegistry
{
    public List<RegistryEntry> Entries { get; } =
    [
        Entry("fiji", "Fiji", "Pacific/Fiji", OfficerRole.Officer),
        Entry("indonesia", "Indonesia", "Asia/Jakarta", OfficerRole.Officer),
        Entry("turkiye", "Türkiye", "Europe/Istanbul", OfficerRole.Head),
        new(new Economy("nepal", "Nepal", true, "Asia/Kathmandu", []), []),
    ];

    public Task<IReadOnlyList<RegistryEntry>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<RegistryEntry>>(Entries);

    public Task<RegistryEntry?> FindAsync(string economyId, CancellationToken cancellation) => Task.FromResult(Entries.Find(entry => entry.Economy.Id == economyId));

    public void Replace(string economy, params Officer[] officers)
    {
        int index = Entries.FindIndex(entry => entry.Economy.Id == economy);
        Entries[index] = Entries[index] with { Officers = officers };
    }

    private static RegistryEntry Entry(string id, string name, string zone, OfficerRole role) =>
        new(new Economy(id, name, true, zone, []), [new Officer(role, $"Officer of {name}", $"officer@{id}.example", "en", null, null)]);
}

/// <summary>Razor asks for one; nothing of it is used.</summary>
internal sealed class NoEnvironment : IWebHostEnvironment
{
    public string WebRootPath { get; set; } = "";

    public IFileProvider WebRootFileProvider { get; set; } = new NullFileProvider();

    public string ApplicationName { get; set; } = "";

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();

    public string ContentRootPath { get; set; } = "";

    public string EnvironmentName { get; set; } = "Test";
}

internal sealed class QuietBus : IBus
{
    public Task SendAsync(string queue, IReadOnlyCollection<BusMessage> messages, CancellationToken cancellation) => Task.CompletedTask;
}

internal sealed class MemoryBlobs : IBlobs
{
    private readonly Dictionary<string, byte[]> blobs = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => blobs.Keys;

    public async Task UploadAsync(
        string container, string name, Stream content, string contentType, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation)
    {
        using MemoryStream copy = new();
        await content.CopyToAsync(copy, cancellation);
        blobs[$"{container}/{name}"] = copy.ToArray();
    }

    public Task<Stream?> OpenReadAsync(string container, string name, CancellationToken cancellation) =>
        Task.FromResult<Stream?>(blobs.TryGetValue($"{container}/{name}", out byte[]? bytes) ? new MemoryStream(bytes) : null);

    public Task DeleteAsync(string container, string name, CancellationToken cancellation)
    {
        blobs.Remove($"{container}/{name}");
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync(string container, string startingWith, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (string name in blobs.Keys.Where(name => name.StartsWith($"{container}/{startingWith}", StringComparison.Ordinal)).ToArray())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new StoredBlob(name, blobs[name].Length, "", new Dictionary<string, string>());
        }

        await Task.CompletedTask;
    }

    public Task CreateAsync(IEnumerable<string> containers, CancellationToken cancellation) => Task.CompletedTask;
}
