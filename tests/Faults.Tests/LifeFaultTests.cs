using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Journey.Tests;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;
using Plenary.Surveys;

namespace Plenary.Faults.Tests;

/// <summary>Bulk work, files, surveys, deployments, restores, erasure, and everything at once.</summary>
public sealed class LifeFaultTests
{
    [Fact]
    public Task F08_bulk_work_killed_at_every_call_is_resumed_without_a_gap_or_a_double() => new KilledBulk().HoldsAsync(KilledBulk.Points * 2);

    [Fact]
    public Task F09_an_upload_that_breaks_anywhere_leaves_no_row_without_its_file() => new BrokenUploads().HoldsAsync(8);

    [Fact]
    public Task F09_an_upload_killed_at_every_call_leaves_within_a_day_no_file_without_its_row_and_no_row_unchecked() => new KilledUploads().HoldsAsync(KilledUploads.Points * 2);

    [Fact]
    public Task F29_a_survey_answer_killed_at_every_call_is_stored_once_and_led_to_by_nothing() => new KilledSurvey().HoldsAsync(KilledSurvey.Points * 2);

    [Fact]
    public Task F30_all_instances_killed_with_two_hundred_requests_in_flight_lose_nothing_acknowledged() => new KilledDeployment().HoldsAsync(1);

    [Fact]
    public void F30_an_older_and_a_newer_version_read_each_others_messages_and_rows()
    {
        MailOwed owed = new("23-IP-10-GE-WSP-A", "nomination-receipt", "officer:japan", "japan/1", "1");
        string newer = Envelope.Write(owed).Replace("\"kind\":\"nomination-receipt\"", "\"kind\":\"nomination-receipt\",\"priority\":\"high\",\"parts\":[1,2]", StringComparison.Ordinal);
        Assert.NotEqual(Envelope.Write(owed), newer);
        Assert.Equal(owed, Envelope.Read<MailOwed>(newer));

        // An older one lacks what is optional by now.
        ReminderDue step = new("23-IP-10-GE-WSP-A", Ladders.Closing, "", -1, 1, 7);
        string older = Envelope.Write(step).Replace(",\"nextDays\":7", "", StringComparison.Ordinal);
        Assert.Equal(step with { NextDays = null }, Envelope.Read<ReminderDue>(older));
        Row row = Row.Of(new RowKey("p", "r"), ("Body", """{"project":"23-IP-10-GE-WSP-A","digest":"d","sinceVersion9":true}"""));
        Assert.Equal(new SelectionApproved("23-IP-10-GE-WSP-A", "d"), row.Body<SelectionApproved>());
        Assert.Throws<JsonException>(() => Envelope.Read<MailOwed>(Envelope.Write(owed).Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal)));
    }

    [Fact]
    public Task F31_tables_restored_from_a_backup_and_everything_since_replayed_end_with_one_of_each() => new Restored().HoldsAsync(10);

    [Fact]
    public void F32_there_is_no_erasure_yet_so_nothing_can_be_sent_after_one()
    {
        // When erasing exists: killed at each of its calls, during a send, during an export, twice; no mail afterwards, and an audit with pseudonyms only.
        Assert.DoesNotContain(AppTypes(), name => name.Contains("Erase", StringComparison.Ordinal) || name.Contains("Erasure", StringComparison.Ordinal));
    }

    [Fact]
    public Task F34_five_faults_at_random_break_no_promise() => new RandomFaults().HoldsAsync(200);

    private static IEnumerable<string> AppTypes() => typeof(FrontMiddleware).Assembly.GetTypes().Select(type => type.Name);
}

/// <summary>A relay of 250 owed messages, an import of a registry, certificates for a whole course: each in several transactions.</summary>
public sealed class KilledBulk() : Scenario("F08", "bulk work killed at each of its calls", 100, "I5 I14")
{
    private const int Count = 250;

    public static int Points { get; } = CountAsync().GetAwaiter().GetResult();

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        int at = (seed % Points) + 1;
        story.Add($"killed {(seed / Points % 2 == 0 ? "before" : "after")} call {at} of {Points}");
        await using Plant plant = await ReadyAsync();
        CrashPoints points = new(at, seed / Points % 2 == 1);
        plant.Gate = points;
        await Assert.ThrowsAsync<CrashException>(() => RelayAsync(plant));
        points.Restart();
        await plant.RestartAsync();
        plant.Gate = null;
        await RelayAsync(plant);

        // Delivered at least once each under the same id; put on the agenda exactly once each; nothing left in the outbox.
        Assert.Equal(Count / 2, plant.Bus.Waiting.Where(message => message.Queue == "nobody-listens").Select(message => message.Id).Distinct().Count());
        Assert.Equal(Count / 2, (await plant.RowsAsync(AgendaTable.Name)).Count(row => row.Text("Queue") == "nobody-listens"));
        Assert.Empty(await plant.RowsAsync("Projects", Owed.RowPrefix));
    }

    private static Task<int> RelayAsync(Plant plant) => plant.UseAsync((RelayOutbox relay) => relay.RunAsync(OutboxNames.Place("Projects", "bulk"), plant.Clock.Now, default));

    private static async Task<Plant> ReadyAsync()
    {
        Plant plant = new();
        await plant.OpenAsync();
        foreach (int[] chunk in Enumerable.Range(0, Count).Chunk(50))
        {
            Batch batch = new("bulk");
            batch.Owe(chunk.Select(number => new Owed("nobody-listens", $"bulk-{number}", "{}", number % 2 == 0 ? null : plant.Clock.Now.AddDays(400))));
            await plant.Tables.Get("Projects").CommitAsync(batch, default);
        }

        return plant;
    }

    private static async Task<int> CountAsync()
    {
        await using Plant plant = await ReadyAsync();
        CrashPoints points = new(int.MaxValue, false);
        plant.Gate = points;
        await RelayAsync(plant);
        return points.Calls;
    }
}

/// <summary>Files of three sizes; the line to the store breaks at 0, 50, 99 and 100 percent, for good or once, or the row is lost.</summary>
public sealed class BrokenUploads() : Scenario("F09", "upload broken at 0, 50, 99, 100 percent", 4 * 3 * 2, "I8")
{
    private static readonly int[] Sizes = [700, 300_000, 6_900_000];

    public override bool IsReal => true;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        int size = Sizes[(seed + (seed / 8)) % Sizes.Length];
        bool forGood = seed / 4 % 2 == 1;
        FaultRule rule = (seed % 4) switch
        {
            0 => new FaultRule(FaultMode.DropBefore),
            1 => new FaultRule(FaultMode.DropWithin) { Share = 0.5 },
            2 => new FaultRule(FaultMode.DropWithin) { Share = 0.99 },
            _ => new FaultRule(FaultMode.CommitThenDrop),
        };
        story.Add($"{size} bytes, {rule.Mode} {rule.Share}, {(forGood ? "four times" : "once")}");
        await using Stores stores = await Stores.StartAsync(seed);
        await using Plant plant = new(stores.Tables, stores.Blobs);
        await plant.OpenAsync();
        Nominee draft = Plant.Good(await plant.UseAsync((SaveNomination save) => save.StartAsync(plant.Call("japan"), "form", default)));
        byte[] file = Png(size);
        stores.BlobProxy.Add((rule with { Times = forGood ? 4 : 1 }).On("PUT", "documents"));
        try
        {
            Plant.Good(await UploadAsync(plant, draft.Id, file));
            Assert.False(forGood);
        }
        catch (Exception broken) when (forGood && broken is RequestFailedException or AggregateException or HttpRequestException)
        {
            // The officer is told that something went wrong, and sends it again.
            Assert.Empty(await plant.RowsAsync(NominationTable.Name, "doc-"));
            Plant.Good(await UploadAsync(plant, draft.Id, file));
        }

        Assert.True(stores.BlobProxy.Faults > 0);
        NomineeDocument document = Assert.Single(await plant.RowsAsync(NominationTable.Name, "doc-")).Body<NomineeDocument>();
        Assert.Equal(DocumentState.Clean, document.State);
        await using Stream stored = await stores.DirectBlobs.OpenReadAsync(DocumentStore.Container, DocumentStore.BlobName(plant.Project, "japan", document), cancellation)
            ?? throw new InvalidOperationException("A row without its file.");
        Assert.Equal(document.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(stored, cancellation)));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), document.Sha256);
    }

    internal static async Task<Outcome<NomineeDocument>> UploadAsync(Plant plant, string id, byte[] file)
    {
        using MemoryStream content = new(file);
        return await plant.UseAsync((UploadDocument upload) => upload.RunAsync(plant.Call("japan"), id, new UploadedFile("letter.png", content), default));
    }

    /// <summary>One black pixel, and a chunk of text that makes it so large.</summary>
    internal static byte[] Png(int size)
    {
        byte[] pixel = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");
        int end = pixel.Length - 12;
        byte[] text = [.. "tEXt"u8, .. "Comment\0"u8, .. Enumerable.Repeat((byte)'x', size - pixel.Length - 20)];
        byte[] length = BitConverter.GetBytes(IPAddress.HostToNetworkOrder(text.Length - 4));
        byte[] crc = BitConverter.GetBytes(IPAddress.HostToNetworkOrder((int)Crc(text)));
        return [.. pixel.AsSpan(0, end), .. length, .. text, .. crc, .. pixel.AsSpan(end)];
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~crc;
    }
}

/// <summary>Three participants answer; one is killed at each call of it, sends it again, and tries a second time.</summary>
public sealed class KilledSurvey() : Scenario("F29", "survey answer killed at each of its calls, sent twice", 500 * 3, "I11")
{
    public static int Points { get; } = CountAsync().GetAwaiter().GetResult();

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        int at = (seed % Points) + 1;
        story.Add($"killed {(seed / Points % 2 == 0 ? "before" : "after")} call {at} of {Points}");
        (Plant ready, string[] people) = await ReadyAsync();
        await using Plant plant = ready;
        Plant.Good(await AnswerAsync(plant, people[1]));
        CrashPoints points = new(at, seed / Points % 2 == 1);
        plant.Gate = points;
        await Assert.ThrowsAsync<CrashException>(() => AnswerAsync(plant, people[0]));
        points.Restart();
        await plant.RestartAsync();
        plant.Gate = null;

        // Sent again: either it goes in now, or it had gone in and says so. A replay is refused in any case.
        Outcome<SurveyAnswers> again = await AnswerAsync(plant, people[0]);
        Assert.True(!again.IsRefused || again.Refusals[0].Code == "survey-answered-already");
        Assert.Equal("survey-answered-already", Assert.Single((await AnswerAsync(plant, people[0])).Refusals).Code);
        await plant.AdvanceToAsync(plant.Clock.Now.AddDays(10));

        Row[] rights = [.. (await plant.RowsAsync(SurveyRightTable.Name, SurveyRightTable.RightPrefix))];
        Row[] answers = [.. await plant.RowsAsync(SurveyAnswerTable.Name)];
        Assert.Equal(2, answers.Length);
        Assert.Equal(2, rights.Count(row => row.Body<SurveyRight>().IsSpent));
        Assert.All(rights, row => Assert.Null(row.Body<SurveyRight>().Claim));

        // Nothing a right holds occurs with an answer: key, operation, text.
        HashSet<string> ofRights = [.. rights.SelectMany(row => row.Values.Values.OfType<string>().Append(row.Key.Row))];
        Assert.All(answers, row => Assert.Empty(row.Values.Values.OfType<string>().Append(row.Key.Row).Intersect(ofRights)));
        Assert.All(answers, row => Assert.DoesNotContain(people, person => row.Text("Body").Contains(person, StringComparison.Ordinal)));
    }

    private static async Task<(Plant Plant, string[] People)> ReadyAsync()
    {
        Plant plant = new();
        await plant.OpenAsync();
        await plant.SelectAsync(each: 1);
        foreach (OfferRecord record in await plant.OffersAsync())
        {
            Plant.Good(await plant.AnswerAsync(CandidateId.Of(record.Economy, record.NominationId), OfferAnswer.Accept));
        }

        await plant.AdvanceToAsync(new DateTimeOffset(2023, 8, 15, 10, 1, 0, TimeSpan.Zero));
        return (plant, [.. (await plant.RowsAsync(SurveyRightTable.Name, SurveyRightTable.RightPrefix)).Select(row => row.Body<SurveyRight>().Candidate)]);
    }

    private static Task<Outcome<SurveyAnswers>> AnswerAsync(Plant plant, string person) => plant.UseAsync((AnswerSurvey answer) => answer.RunAsync(
        plant.Project,
        person,
        Questionnaire.Default.Questions.ToDictionary(question => question.Id, question => (string?)(question.Kind == QuestionKind.Rated ? "4" : "")),
        plant.Clock.Now,
        default));

    private static async Task<int> CountAsync()
    {
        (Plant plant, string[] people) = await ReadyAsync();
        await using (plant)
        {
            CrashPoints points = new(int.MaxValue, false);
            plant.Gate = points;
            Plant.Good(await AnswerAsync(plant, people[0]));
            return points.Calls;
        }
    }
}

/// <summary>An upload, then the removal of another document, in a process that dies at one of their calls and never hears of them again.</summary>
public sealed class KilledUploads() : Scenario("F09", "upload and removal killed at each of their calls", 200, "I8")
{
    public static int Points { get; } = CountAsync().GetAwaiter().GetResult();

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        int at = (seed % Points) + 1;
        story.Add($"killed {(seed / Points % 2 == 0 ? "before" : "after")} call {at} of {Points}");
        InMemoryBlobs blobs = new();
        await using Plant plant = new(blobs: blobs);
        (string nominee, string document) = await ReadyAsync(plant);
        CrashPoints points = new(at, seed / Points % 2 == 1);
        plant.Gate = points;
        try
        {
            await ChangeAsync(plant, nominee, document);
        }
        catch (CrashException)
        {
            // As wanted.
        }

        Assert.True(points.HasCrashed);
        points.Restart();
        await plant.RestartAsync();
        plant.Gate = null;
        await plant.AdvanceToAsync(plant.Clock.Now.AddDays(1));

        NomineeDocument[] rows = [.. (await plant.RowsAsync(NominationTable.Name, NominationTable.DocumentPrefix)).Select(row => row.Body<NomineeDocument>())];
        Assert.Equal(
            rows.Select(row => $"{DocumentStore.Container}/{DocumentStore.BlobName(plant.Project, "japan", row)}").Order(StringComparer.Ordinal),
            blobs.Names.Where(name => name.StartsWith($"{DocumentStore.Container}/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(DocumentState.Clean, row.State));
    }

    private static async Task<(string Nominee, string Document)> ReadyAsync(Plant plant)
    {
        await plant.OpenAsync();
        Nominee draft = Plant.Good(await plant.UseAsync((SaveNomination save) => save.StartAsync(plant.Call("japan"), "form", default)));
        return (draft.Id, Plant.Good(await BrokenUploads.UploadAsync(plant, draft.Id, BrokenUploads.Png(700))).Id);
    }

    private static async Task ChangeAsync(Plant plant, string nominee, string document)
    {
        Plant.Good(await BrokenUploads.UploadAsync(plant, nominee, BrokenUploads.Png(900)));
        Plant.Good(await plant.UseAsync((RemoveDocument remove) => remove.RunAsync(plant.Call("japan"), nominee, document, default)));
    }

    private static async Task<int> CountAsync()
    {
        await using Plant plant = new();
        (string nominee, string document) = await ReadyAsync(plant);
        CrashPoints points = new(int.MaxValue, false);
        plant.Gate = points;
        await ChangeAsync(plant, nominee, document);
        return points.Calls;
    }
}

/// <summary>Two processes, two hundred nominations on their way to both, and both killed in the midst of it.</summary>
public sealed class KilledDeployment() : Scenario("F30", "both instances killed during 200 requests", 50, "I1 I2 I9")
{
    private const string Code = "23-IP-27-GE-WSP-A";
    private const int Requests = 100;

    public override bool IsExclusive => true;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        await using Stage one = await Stage.StartAsync();
        await one.OpenProjectAsync(new NotificationText(Code));
        Dictionary<string, string> tokens = [];
        foreach (string economy in Stage.OfficerOf.Keys)
        {
            tokens[economy] = await one.DeskTokenAsync(Code, economy);
        }

        await using Stage two = await one.StartBesideAsync(new Dictionary<string, string> { ["Local:SoleProcess"] = "false" });
        string?[] references = new string?[Requests];
        int answered = 0;
        TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Each nomination is sent to both instances at once, as a gateway that tries again would.
        Task[] requests = [.. Enumerable.Range(0, Requests * 2).Select(number => Task.Run(async () =>
        {
            try
            {
                string? reference = await SendAsync(number % 2 == 0 ? one : two, number / 2, tokens);
                string? before = Interlocked.CompareExchange(ref references[number / 2], reference, null);
                Assert.True(before is null || reference is null || before == reference, "Two references for one key.");
                if (reference is not null && Interlocked.Increment(ref answered) == 20)
                {
                    enough.TrySetResult();
                }
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or TaskCanceledException)
            {
                // Nobody answered.
            }
        }))];
        await Task.WhenAny(enough.Task, Task.WhenAll(requests));
        await Task.WhenAll(one.App.KillAsync(), two.App.KillAsync());
        await Task.WhenAll(requests);
        int acknowledged = references.Count(reference => reference is not null);
        story.Add($"{acknowledged} of {Requests} acknowledged before both died");

        await one.App.StartAgainAsync();
        for (int number = 0; number < Requests; number++)
        {
            string reference = await SendAsync(one, number, tokens) ?? throw new InvalidOperationException($"Nomination {number} was not taken.");
            Assert.Equal(references[number] ?? reference, reference);
        }

        await one.App.AdvanceToAsync(one.App.Now.AddMinutes(30));
        Row[] rows = await one.App.Tables.Get(NominationTable.Name).ScanAllAsync(cancellation).ToArrayAsync(cancellation);
        Assert.Equal(Requests, rows.Count(row => row.Key.Row.StartsWith("nominee-", StringComparison.Ordinal)));
        Assert.Equal(Requests, rows.Count(row => row.Text("Action") == "nomination-submitted"));
        IReadOnlyDictionary<string, (string Kind, string State, bool PossibleDuplicate)> ledger = await one.LedgerAsync(Code);
        Assert.Equal(Requests, ledger.Values.Count(intent => intent is { Kind: NominationMails.Receipt, State: "Sent" }));
        foreach (IGrouping<string, ReceivedMail> mails in (await one.Mailbox.ListAsync(kind: NominationMails.Receipt)).GroupBy(Stage.IntentOf))
        {
            Assert.InRange(mails.Count(), 1, ledger[mails.Key].PossibleDuplicate ? 2 : 1);
        }
    }

    private static async Task<string?> SendAsync(Stage stage, int number, Dictionary<string, string> tokens)
    {
        string economy = Plant.Economies[number % 4];
        for (int tries = 0; tries < 6; tries++)
        {
            (HttpStatusCode status, System.Text.Json.Nodes.JsonNode answer) = await stage.NominateAsync(
                Code, economy, $"Person {(char)('A' + (number / 26))}{(char)('a' + (number % 26))}", key: $"deploy-{number.ToString(CultureInfo.InvariantCulture)}", rank: 1 + (number / 4), token: tokens[economy]);
            if (status is HttpStatusCode.Created or HttpStatusCode.OK)
            {
                return answer["reference"]?.GetValue<string>();
            }
        }

        return null;
    }
}

/// <summary>A backup is taken in the midst of things; later the tables are set back to it, and all that happened since comes again.</summary>
public sealed class Restored() : Scenario("F31", "restored from a backup, everything since replayed", 20, "I2 I6 I14")
{
    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        Random random = new(seed);
        InMemoryTables stored = new();
        await using Plant plant = new(stored);
        await plant.OpenAsync();
        int before = 1 + Draw(random, 6);
        for (int number = 1; number <= before; number++)
        {
            Plant.Good(await plant.NominateAsync(Plant.Economies[number % 4], number));
        }

        if (Draw(random, 2) == 0)
        {
            await plant.PumpAsync();
        }

        InMemoryTables backup = await CopyAsync(stored);
        HashSet<string> known = [.. await backup.Get(MailTable.Name).ScanAllAsync(cancellation).Select(row => row.Key.Row).ToArrayAsync(cancellation)];
        for (int number = before + 1; number <= 10; number++)
        {
            Plant.Good(await plant.NominateAsync(Plant.Economies[number % 4], number));
        }

        await plant.AdvanceToAsync(plant.Clock.Now.AddMinutes(20));
        TakenMail[] lost = [.. plant.Provider.Taken];
        story.Add($"backup after {before} nominations; restored after 10");

        // The restored stores: what clients still hold keys for they send again, the provider repeats its events, dead letters come back.
        plant.Clock.Advance(TimeSpan.FromHours(1));
        await using Plant restored = new(backup, beside: plant);
        MailEvent[] events = [.. lost.Select(mail => new MailEvent(plant.Code, mail.Intent, "delivered", mail.At.AddMinutes(1), mail.MessageId, null))];
        await restored.UseAsync((ReceiveMailEvents receive) => receive.RunAsync(events, default));
        for (int number = 10; number >= 1; number--)
        {
            Plant.Good(await restored.NominateAsync(Plant.Economies[number % 4], number));
            await restored.Bus.SendAsync(Queues.SendMail, [.. lost.Take(3).Select(mail => new BusMessage("dead", "{}"))], cancellation);
            await restored.UseAsync((ReceiveMailEvents receive) => receive.RunAsync(events, default));
        }

        restored.Bus.Disorder = random;
        await restored.PumpAsync();
        restored.Bus.DeadLetters.Clear();
        await restored.AdvanceToAsync(restored.Clock.Now.AddMinutes(40));
        await restored.AssertNominationsAsync(10);
        await restored.AssertReceiptsAsync();

        // What the backup knew as sent is not sent again; what it did not know of may be, once.
        ILookup<string, TakenMail> taken = plant.Provider.Taken.ToLookup(mail => mail.Intent);
        foreach (MailIntent intent in await restored.LedgerAsync())
        {
            Assert.True(intent.State is MailState.Sent or MailState.Delivered, intent.State.ToString());
            Assert.InRange(taken[intent.Owed.Id].Count(), 1, known.Contains(intent.Owed.Id) ? 1 : 2);
        }
    }

    private static async Task<InMemoryTables> CopyAsync(InMemoryTables from)
    {
        InMemoryTables copy = new();
        foreach (string name in (string[])["Projects", "Drafts", "Nominations", "Closings", "Selections", "Mail", "Links", "Registry", "Agenda", "Reminders", "OutboxMarkers"])
        {
            await foreach (Row row in from.Get(name).ScanAllAsync(default))
            {
                await copy.Get(name).CommitAsync(new Batch(row.Key.Partition).Upsert(row), default);
            }
        }

        return copy;
    }
}

/// <summary>A project's life under five faults drawn from all of the above.</summary>
public sealed class RandomFaults() : Scenario("F34", "5 random faults over a project's life", 10_000, "I1 I2 I4 I5 I6 I9 I12 I13")
{
    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        Random random = new(seed);
        await using Plant plant = new();
        await plant.OpenAsync();
        Queue<Func<Task>> faults = new(Enumerable.Range(0, 5).Select(_ => FaultOf(plant, random, story)));
        Dictionary<int, string> acknowledged = [];
        for (int number = 1; number <= 8; number++)
        {
            if (number % 2 == 0 && faults.Count > 2)
            {
                await faults.Dequeue()();
            }

            await UntilDoneAsync(plant, story, async () =>
            {
                string reference = Plant.Good(await plant.NominateAsync(Plant.Economies[number % 4], number)).Nominee.Reference;
                Assert.Equal(acknowledged.GetValueOrDefault(number, reference), reference);
                acknowledged[number] = reference;
                await plant.PumpAsync(1 + Draw(random, 2));
            });
        }

        // A broker that is down is mended within hours, not within the weeks until the closing.
        await UntilDoneAsync(plant, story, () => plant.AdvanceToAsync(plant.Clock.Now.AddHours(2)));
        plant.Bus.IsDown = false;
        await UntilDoneAsync(plant, story, () => plant.AdvanceToAsync(Plant.Closing.AddMinutes(2)));
        await faults.Dequeue()();
        await UntilDoneAsync(plant, story, () => plant.SelectOnlyAsync());
        await faults.Dequeue()();
        for (int answers = 0; answers < 4; answers++)
        {
            OfferRecord? open = (await plant.OffersAsync()).FirstOrDefault(record => record.Offer.State == OfferState.Made);
            OfferAnswer answer = Draw(random, 2) == 0 ? OfferAnswer.Accept : OfferAnswer.Decline;
            if (open is not null)
            {
                await UntilDoneAsync(plant, story, async () =>
                {
                    Plant.Good(await plant.AnswerAsync(CandidateId.Of(open.Economy, open.NominationId), answer));
                    await plant.PumpAsync();
                });
            }

            await plant.AssertPlacesAsync(2, 1);
        }

        while (faults.TryDequeue(out Func<Task>? left))
        {
            await left();
        }

        plant.Bus.IsDown = false;
        plant.Provider.Script = (_, _) => (ScriptedProvider.Accepts, true);
        await UntilDoneAsync(plant, story, () => plant.AdvanceToAsync(plant.Clock.Now.AddHours(3)));
        plant.Gate = null;
        await plant.AdvanceToAsync(plant.Clock.Now.AddHours(1));

        // The register reads as if each nomination had been made at one instant between its first sending and its answer.
        Nominee[] stored = [.. (await plant.RowsAsync(NominationTable.Name, "nominee-")).Select(row => row.Body<Nominee>())];
        Assert.Equal(acknowledged.Values.Order(), stored.Select(nominee => nominee.Reference).Order());
        await plant.AssertNominationsAsync(8);
        await plant.AssertReceiptsAsync();
        await plant.AssertPlacesAsync(2, 1);
        await plant.AssertMailsAsync();
    }

    private static Func<Task> FaultOf(Plant plant, Random random, List<string> story)
    {
        int kind = Draw(random, 6);
        int at = 1 + Draw(random, 25);
        bool flag = Draw(random, 2) == 0;
        return () =>
        {
            switch (kind)
            {
                case 0 or 1:
                    story.Add($"{plant.Clock.Now:u} dies {(flag ? "after" : "before")} call {at} from now");
                    plant.Gate = new CrashPoints(at, flag);
                    break;
                case 2:
                    story.Add($"{plant.Clock.Now:u} the broker is {(plant.Bus.IsDown ? "back" : "down")}");
                    plant.Bus.IsDown = !plant.Bus.IsDown;
                    break;
                case 3:
                    story.Add($"{plant.Clock.Now:u} {1 + (at % 4)} copies of each message, in disorder");
                    plant.Bus.Copies = 1 + (at % 4);
                    plant.Bus.Disorder = random;
                    break;
                case 4:
                    story.Add($"{plant.Clock.Now:u} the provider's answers get lost");
                    plant.Provider.Script = (_, _) => Draw(random, 3) == 0 ? (new MailAnswer(MailAnswerKind.Unknown, null, 0), Draw(random, 2) == 0) : (ScriptedProvider.Accepts, true);
                    break;
                default:
                    story.Add($"{plant.Clock.Now:u} the provider puts off");
                    plant.Provider.Script = (_, _) => Draw(random, 2) == 0 ? (new MailAnswer(MailAnswerKind.TryLater, null, 503), false) : (ScriptedProvider.Accepts, true);
                    break;
            }

            return Task.CompletedTask;
        };
    }

    /// <summary>As people and hosts do: whatever dies is started again, and whoever got no answer sends it again.</summary>
    private static async Task UntilDoneAsync(Plant plant, List<string> story, Func<Task> act)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                await act();
                return;
            }
            catch (CrashException) when (tries < 6)
            {
                story.Add($"{plant.Clock.Now:u} dead; started again");
                (plant.Gate as CrashPoints)?.Restart();
                await plant.RestartAsync();
            }
        }
    }
}
