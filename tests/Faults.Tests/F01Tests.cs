using System.Net;
using System.Text.Json.Nodes;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Journey.Tests;
using Plenary.Nominations;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Faults.Tests;

/// <summary>The process is killed at every await on a port of the intake: I1, I2, I8, I9, I12.</summary>
public sealed class F01Tests
{
    [Fact]
    public Task F01_killed_at_every_call_of_the_intake_nothing_acknowledged_is_lost_and_nothing_doubled() => new KilledIntake().HoldsAsync(KilledIntake.Points * 3);

    [Fact]
    public Task F01_a_real_process_killed_at_every_call_of_a_nomination_goes_on_from_its_stores() => new KilledProcess().HoldsAsync(1);
}

/// <summary>Nominate in one request, then by form with a document; in this process, over stores in memory.</summary>
public sealed class KilledIntake() : Scenario("F01", "intake killed at each port call, in memory", 60 * 3 * 20, "I1 I2 I8 I9 I12")
{
    /// <summary>One black pixel.</summary>
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");

    /// <summary>Calls on ports from the first request to the last mail, counted by a dry run.</summary>
    public static int Points { get; } = CountAsync().GetAwaiter().GetResult();

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        int at = (seed % Points) + 1;
        int mode = seed / Points % 3;
        story.Add($"killed at call {at} of {Points}, {(mode == 0 ? "before" : mode == 1 ? "after its effect" : "after the reply")}");
        await using Plant plant = new();
        await plant.OpenAsync();
        CrashPoints points = new(mode == 2 ? int.MaxValue : at, afterEffect: mode == 1);
        plant.Gate = points;

        // After the reply there are two moments only: the one reply and the other. What was owed lies in the outbox, or is half relayed.
        int repliesUntilDeath = mode == 2 ? 1 + (at % 2) : 0;
        string? acknowledged = null;
        (string Id, string Reference, string Document)? sent = null;
        for (int life = 1; ; life++)
        {
            Assert.True(life < 4, "It dies again and again.");
            try
            {
                string reference = await NominateAsync(plant);
                Assert.Equal(acknowledged ?? reference, reference);
                acknowledged = reference;
                if (--repliesUntilDeath == 0)
                {
                    throw new CrashException();
                }

                (string, string, string) again = await ByFormAsync(plant);
                Assert.Equal(sent ?? again, again);
                sent = again;
                if (--repliesUntilDeath == 0)
                {
                    throw new CrashException();
                }

                await plant.PumpAsync();
                break;
            }
            catch (CrashException)
            {
                story.Add("started again; the client repeats what was not answered");
                points.Restart();
                await plant.RestartAsync();
            }
        }

        plant.Gate = null;
        await plant.AdvanceToAsync(plant.Clock.Now.AddMinutes(25));

        Nominee[] submitted = [.. (await plant.RowsAsync(NominationTable.Name, "nominee-")).Select(row => row.Body<Nominee>()).Where(nominee => nominee.State == NomineeState.Submitted)];
        Assert.Equal(new[] { acknowledged, sent?.Reference }.Order(), submitted.Select(nominee => (string?)nominee.Reference).Order());
        Assert.Equal(2, (await plant.RowsAsync(NominationTable.Name, AuditWrites.RowPrefix)).Count(row => row.Text("Action") == "nomination-submitted"));
        Assert.Equal(2, (await plant.LedgerAsync()).Count(intent => intent.Owed.Kind == NominationMails.Receipt));
        await plant.AssertMailsAsync();
        await AssertFilesAsync(plant);
    }

    private static async Task<int> CountAsync()
    {
        await using Plant plant = new();
        await plant.OpenAsync();
        CrashPoints points = new(int.MaxValue, false);
        plant.Gate = points;
        await NominateAsync(plant);
        await ByFormAsync(plant);
        await plant.PumpAsync();
        return points.Calls;
    }

    private static async Task<string> NominateAsync(Plant plant) => Plant.Good(await plant.NominateAsync("japan", 1, rank: "1")).Nominee.Reference;

    /// <summary>As an officer would who was cut off: looks at the desk and goes on with what is there.</summary>
    private static async Task<(string Id, string Reference, string Document)> ByFormAsync(Plant plant)
    {
        string id = Plant.Good(await plant.UseAsync((SaveNomination save) => save.StartAsync(plant.Call("japan"), "form-2", default))).Id;
        Plant.Good(await plant.UseAsync((SaveNomination save) => save.RunAsync(plant.Call("japan"), id, _ => Plant.Somebody(2), default)));
        DeskRows desk = await plant.UseAsync((NominationTable table) => table.FindAsync(plant.Project, "japan", default)) ?? throw new InvalidOperationException("No desk.");
        string? document = desk.DocumentsOf(id).FirstOrDefault(one => one.State == DocumentState.Clean)?.Id;
        if (document is null)
        {
            foreach (NomineeDocument waiting in desk.DocumentsOf(id))
            {
                Plant.Good(await plant.UseAsync((RemoveDocument remove) => remove.RunAsync(plant.Call("japan"), id, waiting.Id, default)));
            }

            using MemoryStream content = new(Png);
            document = Plant.Good(await plant.UseAsync((UploadDocument upload) => upload.RunAsync(plant.Call("japan"), id, new UploadedFile("letter.png", content), default))).Id;
        }

        Receipt receipt = Plant.Good(await plant.UseAsync((SubmitNomination submit) => submit.RunAsync(plant.Call("japan"), id, default)));
        return (id, receipt.Nominee.Reference, document);
    }

    /// <summary>Every file row has its file. Files without a row are counted: see F09.</summary>
    private static async Task AssertFilesAsync(Plant plant)
    {
        NomineeDocument[] documents = [.. (await plant.RowsAsync(NominationTable.Name, "doc-")).Select(row => row.Body<NomineeDocument>())];
        HashSet<string> stored = [.. ((InMemoryBlobs)plant.Blobs).Names];
        Assert.All(documents, document => Assert.Contains($"{DocumentStore.Container}/{DocumentStore.BlobName(plant.Project, "japan", document)}", stored));
    }
}

/// <summary>The app as a process of its own, killed as with kill -9 at each call, each time on what the last one left.</summary>
public sealed class KilledProcess() : Scenario("F01", "real process killed at each port call of a nomination", 60 * 3 * 20, "I1 I2 I9 I12")
{
    private const string Code = "23-IP-20-GE-WSP-A";

    public override bool IsExclusive => true;

    public override int CasesPerRun => 20;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        string folder = Directory.CreateTempSubdirectory("plenary-faults").FullName;
        string order = Path.Combine(folder, "order");
        try
        {
            await using Stage stage = await Stage.StartAsync(new Dictionary<string, string>
            {
                ["DOTNET_STARTUP_HOOKS"] = Path.Combine(AppContext.BaseDirectory, "Plenary.Faults.Hook.dll"),
                [CrashOrder.Setting] = order,
            });
            await stage.OpenProjectAsync(new NotificationText(Code));
            string token = await stage.DeskTokenAsync(Code, "japan");

            // The dry run lists the calls, so that none is forgotten.
            new CrashOrder(0, false).Write(order);
            int before = stage.App.Output.Count;
            Assert.Equal(HttpStatusCode.Created, (await stage.NominateAsync(Code, "japan", "Dry Run", token: token, key: "dry", rank: 1)).Status);
            await stage.App.SettleAsync();
            File.Delete(order);
            IReadOnlyList<string> calls = CrashOrder.CallsIn(stage.App.Output.Skip(before));
            Assert.True(calls.Count >= 12, string.Join(", ", calls));
            Assert.Contains("Nominations.Commit", calls);
            Assert.Contains("provider.Send", calls);

            for (int at = 1; at <= calls.Count; at++)
            {
                bool afterEffect = (at + seed) % 2 == 1;
                story.Add($"killed {(afterEffect ? "after" : "before")} call {at} of {calls.Count}, {calls[at - 1]}");
                await DieAndGoOnAsync(stage, order, token, new CrashOrder(at, afterEffect));
            }

            await AssertAsync(stage, 1 + calls.Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task DieAndGoOnAsync(Stage stage, string file, string token, CrashOrder order)
    {
        string key = $"killed-at-{order.At}";
        string name = $"Killed At{(char)('A' + (order.At / 26))}{(char)('a' + (order.At % 26))}";
        int rank = order.At + 1;
        order.Write(file);
        string? reference = null;
        try
        {
            (HttpStatusCode status, JsonNode answer) = await stage.NominateAsync(Code, "japan", name, key: key, rank: rank, token: token);
            reference = status == HttpStatusCode.Created ? answer["reference"]?.GetValue<string>() : null;
            await stage.App.SettleAsync();
        }
        catch (Exception dead) when (dead is HttpRequestException or TimeoutException or IOException)
        {
            // The line broke: the process is gone.
        }

        File.Delete(file);
        await stage.App.KillAsync();
        await stage.App.StartAgainAsync();
        (HttpStatusCode again, JsonNode repeated) = await stage.NominateAsync(Code, "japan", name, key: key, rank: rank, token: token);
        Assert.True(again is HttpStatusCode.Created or HttpStatusCode.OK, repeated.ToJsonString());
        Assert.True(reference is null || again == HttpStatusCode.OK, "What was acknowledged was not there.");
        Assert.Equal(reference ?? repeated["reference"]?.GetValue<string>(), repeated["reference"]?.GetValue<string>());
        await stage.App.AdvanceToAsync(stage.App.Now.AddMinutes(12));
    }

    private static async Task AssertAsync(Stage stage, int count)
    {
        Row[] rows = await stage.App.Tables.Get(NominationTable.Name).ScanAllAsync(default).ToArrayAsync();
        Assert.Equal(count, rows.Count(row => row.Key.Row.StartsWith("nominee-", StringComparison.Ordinal)));
        Assert.Equal(count, rows.Count(row => row.Key.Row.StartsWith("key-", StringComparison.Ordinal)));
        Assert.Equal(count, rows.Count(row => row.Text("Action") == "nomination-submitted"));
        Assert.DoesNotContain(rows, row => row.Key.Row.StartsWith("outbox-", StringComparison.Ordinal));
        IReadOnlyDictionary<string, (string Kind, string State, bool PossibleDuplicate)> ledger = await stage.LedgerAsync(Code);
        Assert.Equal(count, ledger.Values.Count(intent => intent.Kind == NominationMails.Receipt));
        Assert.All(ledger.Values, intent => Assert.Equal("Sent", intent.State));
        foreach (IGrouping<string, ReceivedMail> arrived in (await stage.Mailbox.ListAsync(kind: NominationMails.Receipt)).GroupBy(Stage.IntentOf))
        {
            Assert.InRange(arrived.Count(), 1, ledger[arrived.Key].PossibleDuplicate ? 2 : 1);
        }
    }
}
