using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Benchmarks.Figures;
using Plenary.Benchmarks.Stores;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Support;
using Plenary.Support.Drivers;
using Session = Plenary.Access.Session;

namespace Plenary.Benchmarks.Intake;

/// <summary>
/// Nominations over HTTP against the very storage calls they make, sent bare by as many clients to the same Azurite in the same minute. The
/// clients share the machine with the app and with Azurite, which has one thread for everything.
/// </summary>
internal sealed class IntakeBench : IDisposable
{
    private const string Part = "intake";
    private const int MostNominees = 60;
    private const int DraftsPerDesk = 5;

    /// <summary>As PlenaryApp starts the app.</summary>
    private const string Pepper = "local-pepper-for-one-machine-only-0123456789";

    private readonly Project project = Rig.Projects(1)[0];
    private readonly Sessions sessions = new(Options.Create(new AccessOptions { BaseUrl = "http://localhost", LinkPepper = Pepper, Authority = "http://localhost", Audience = "bench" }));
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) });
    private int desks;

    public static async Task<IReadOnlyList<SheetLine>> RunAsync(IReadOnlyList<int> clients, int requests, int rounds, Action<string> say)
    {
        using IntakeBench bench = new();
        await using Azurite azurite = await Azurite.StartAsync();
        List<SheetLine> figures = [];
        string prefix = Azurite.Unique("b");

        say("intake: what a request asks of the store");
        Recording json;
        Recording form;
        await using (FaultProxy proxy = FaultProxy.Start(azurite.TableEndpoint))
        {
            List<string> transactions = [];
            proxy.Add(new FaultRule(FaultMode.Delay)
            {
                Where = request =>
                {
                    if (request.Target.Contains("$batch", StringComparison.Ordinal))
                    {
                        transactions.Add(request.Body);
                    }

                    return false;
                },
            });
            string through = azurite.ConnectionString.Replace(azurite.TableEndpoint.ToString(), proxy.Endpoint.ToString(), StringComparison.Ordinal);
            await using MeasuredApp app = await MeasuredApp.StartAsync(through, prefix, isAlone: true);
            json = await RecordAsync(proxy, transactions, await bench.PrepareJsonAsync(app, 40), 40);
            form = await RecordAsync(proxy, transactions, await bench.PrepareFormAsync(app, 40), 40);
            figures.Add(SheetLine.Of(Part, "storage round trips for one nomination by JSON, counted on the wire (besides one write for a desk's first in five minutes)", json.RoundTrips, "").AtMost(2));
            figures.Add(SheetLine.Of(Part, "storage round trips for submitting one nomination by form, counted likewise", form.RoundTrips, "").AtMost(2));
            figures.Add(SheetLine.Of(Part, "rows of the one transaction, JSON / form", json.Writes.Count, "", $"{json.Writes.Count} / {form.Writes.Count}"));
            figures.AddRange(await bench.WalkAsync(app, proxy));
            await using MeasuredApp counted = await MeasuredApp.StartAsync(through, Azurite.Unique("b"), isAlone: false);
            figures.AddRange(await bench.CountAfterwardsAsync(counted, proxy));
        }

        await using MeasuredApp alone = await MeasuredApp.StartAsync(azurite.ConnectionString, prefix, isAlone: true);
        ITable bare = alone.App.Tables.Get(NominationTable.Name);
        say("intake: warming up");
        await Load.RunAsync(8, 400, await bench.PrepareJsonAsync(alone, 400));
        await Load.RunAsync(8, 100, await bench.PrepareFormAsync(alone, 100));
        await Load.RunAsync(8, 400, bench.BareJson(bare, json));

        foreach (int count in clients)
        {
            int each = count == 1 ? requests / 3 : requests;
            List<Load> byJson = [];
            List<Load> byBareJson = [];
            List<Load> byInsert = [];
            List<Load> byForm = [];
            List<Load> byBareForm = [];
            long allocatedJson = 0;
            long allocatedForm = 0;
            TimeSpan busyJson = default;
            TimeSpan busyForm = default;
            for (int round = 0; round < rounds; round++)
            {
                say($"intake: {count} clients, round {round + 1} of {rounds}");
                Func<int, Task> sendJson = await bench.PrepareJsonAsync(alone, each);
                Func<int, Task> sendForm = await bench.PrepareFormAsync(alone, each / 2);
                Func<int, Task> sendBareForm = await bench.BareFormAsync(bare, form, each / 2);
                TimeSpan busyBefore = alone.ReadProcessorTime();
                long before = await alone.ReadAllocatedAsync();
                byJson.Add(await Load.RunAsync(count, each, sendJson));
                allocatedJson += await alone.ReadAllocatedAsync() - before;
                busyJson += alone.ReadProcessorTime() - busyBefore;
                byBareJson.Add(await Load.RunAsync(count, each, bench.BareJson(bare, json)));
                byInsert.Add(await Load.RunAsync(count, each, BareInsert(bare, json)));
                busyBefore = alone.ReadProcessorTime();
                before = await alone.ReadAllocatedAsync();
                byForm.Add(await Load.RunAsync(count, each / 2, sendForm));
                allocatedForm += await alone.ReadAllocatedAsync() - before;
                busyForm += alone.ReadProcessorTime() - busyBefore;
                byBareForm.Add(await Load.RunAsync(count, each / 2, sendBareForm));
            }

            figures.AddRange(Compare("JSON", Load.Sum(byJson), Load.Sum(byBareJson), Load.Sum(byInsert), allocatedJson, busyJson));
            figures.AddRange(Compare("form, submitting", Load.Sum(byForm), Load.Sum(byBareForm), null, allocatedForm, busyForm));
        }

        // Tables of its own: Azurite answers a query by looking at every row of the table, so what the rounds above left there would be all that is measured.
        await using MeasuredApp whole = await MeasuredApp.StartAsync(azurite.ConnectionString, Azurite.Unique("b"), isAlone: false);
        await RegisterOfficersAsync(whole.App.Tables, bench.desks + 1);
        await Load.RunAsync(8, 200, await bench.PrepareJsonAsync(whole, 200));
        await whole.App.SettleAsync();
        say("intake: with all that follows");
        TimeSpan began = whole.ReadProcessorTime();
        long start = Stopwatch.GetTimestamp();
        Load busy = await Load.RunAsync(8, requests / 2, await bench.PrepareJsonAsync(whole, requests / 2));
        await whole.App.SettleAsync();
        double settled = busy.Milliseconds.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        figures.Add(SheetLine.Of(Part, "JSON, 8 clients, while the same process and the same Azurite relay and mail every receipt", busy.PerSecond, "/s", $"{SheetLine.Words(busy.PerSecond, "/s")}, p50 {SheetLine.Words(busy.P50, "ms")}, p99 {SheetLine.Words(busy.P99, "ms")}"));
        figures.Add(SheetLine.Of(Part, "the same, until the last receipt is in the mailbox", settled, "/s"));
        figures.Add(SheetLine.Of(Part, "the same: processor time in the app for each, its mailbox and broker included", (whole.ReadProcessorTime() - began).TotalMilliseconds / busy.Milliseconds.Count, "ms"));
        return figures;
    }

    public void Dispose() => http.Dispose();

    private static IEnumerable<SheetLine> Compare(string way, Load app, Load bare, Load? insert, long allocated, TimeSpan busy)
    {
        string clients = app.Clients == 1 ? "1 client" : $"{app.Clients} clients";
        yield return SheetLine.Ratio(Part, $"{way}, {clients}: throughput over the same storage calls made bare", app.PerSecond / bare.PerSecond, "%").AtLeast(0.6);
        if (insert is not null)
        {
            yield return SheetLine.Ratio(Part, $"{way}, {clients}: throughput over bare single inserts", app.PerSecond / insert.PerSecond, "%");
        }

        if (DirectusPerSecond(app.Clients) is { } anchor && insert is not null)
        {
            yield return SheetLine.Ratio(Part, $"{way}, {clients}: throughput over a general form back-end (Directus on SQLite, {anchor}/s on another two-core machine)", app.PerSecond / anchor, "×").AtLeast(5);
        }

        string others = insert is null ? "" : $", single inserts {SheetLine.Words(insert.PerSecond, "/s")}";
        yield return SheetLine.Of(Part, $"{way}, {clients}: accepted a second", app.PerSecond, "/s", $"{SheetLine.Words(app.PerSecond, "/s")} (bare {SheetLine.Words(bare.PerSecond, "/s")}{others})");
        yield return SheetLine.Of(
            Part, $"{way}, {clients}: p50, p99", app.P50, "ms", $"{SheetLine.Words(app.P50, "ms")}, {SheetLine.Words(app.P99, "ms")} (bare {SheetLine.Words(bare.P50, "ms")}, {SheetLine.Words(bare.P99, "ms")})");
        yield return SheetLine.Of(Part, $"{way}, {clients}: allocated in the app for each request", allocated / 1024d / app.Milliseconds.Count, "KiB");
        yield return SheetLine.Of(Part, $"{way}, {clients}: processor time in the app for each request", busy.TotalMilliseconds / app.Milliseconds.Count, "ms");
    }

    /// <summary>What the design quotes as the anchor.</summary>
    private static double? DirectusPerSecond(int clients) => clients switch
    {
        1 => 49,
        8 => 56,
        32 => 108,
        _ => null,
    };

    private static string Draft(string economy, int number) => string.Create(CultureInfo.InvariantCulture, $"d{economy[^5..]}x{number:D3}");

    /// <summary>One request after another, so that every call on the wire is one of theirs.</summary>
    private static async Task<Recording> RecordAsync(FaultProxy proxy, List<string> transactions, Func<int, Task> send, int requests)
    {
        await send(0);
        proxy.Forget();
        transactions.Clear();
        for (int number = 1; number < requests; number++)
        {
            await send(number);
        }

        return new Recording(proxy.Requests.Count(request => !request.Contains(OutboxNames.Markers, StringComparison.Ordinal)) / (double)(requests - 1), RecordedWrite.Read(transactions[^1]));
    }

    /// <summary>What the relay, the receipt and the index of people ask of the store, for nominations that come one at a time to desks that fill up.</summary>
    private async Task<IReadOnlyList<SheetLine>> CountAfterwardsAsync(MeasuredApp whole, FaultProxy proxy)
    {
        const int Nominations = 40;
        await RegisterOfficersAsync(whole.App.Tables, desks + 1);
        Func<int, Task> send = await PrepareJsonAsync(whole, Nominations);
        await send(0);
        await whole.App.SettleAsync();
        proxy.Forget();
        for (int number = 1; number < Nominations; number++)
        {
            await send(number);
            await whole.App.SettleAsync();
        }

        string[] asked = [.. proxy.Requests.Where(request => !request.Contains(OutboxNames.Markers, StringComparison.Ordinal))];
        double queries = asked.Count(request => request.Contains("()", StringComparison.Ordinal)) / (Nominations - 1d);
        double all = asked.Length / (Nominations - 1d);
        return
        [
            SheetLine.Of(Part, "storage requests for one nomination by JSON with all that follows (relay, receipt, index of people), and how many of them are queries", all, "", $"{SheetLine.Words(all, "")}, {SheetLine.Words(queries, "")}"),
        ];
    }

    /// <summary>Officers to whom receipts can be sent, for the desks from this one on.</summary>
    private static async Task RegisterOfficersAsync(ITables tables, int from)
    {
        foreach (Row row in Enumerable.Range(from, 200).Select(Rig.Registered))
        {
            await tables.Get(RegistryTable.Name).CommitAsync(new Batch(row.Key.Partition).Upsert(row), default);
        }
    }

    /// <summary>Desks that are open and empty.</summary>
    private async Task<string[]> OpenDesksAsync(ITables tables, int count, int drafts)
    {
        string[] economies = [.. Enumerable.Range(0, count).Select(_ => SyntheticNominations.EconomyId(++desks))];
        await Parallel.ForEachAsync(economies, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (economy, cancellation) =>
        {
            IReadOnlyList<Row> rows = SyntheticNominations.Desk(project, economy, Enumerable.Range(1, drafts).Select(number => Draft(economy, number)), submittedAt: null, MostNominees);
            Batch batch = new(rows[0].Key.Partition);
            foreach (Row row in rows)
            {
                batch.Insert(row);
            }

            await tables.Get(NominationTable.Name).CommitAsync(batch, cancellation);
        });
        return economies;
    }

    private Session SessionOf(string economy) => new(LinkPurpose.Desk, project.Code.ToString(), economy, 1, project.EndsAt.UtcTicks);

    private async Task<Func<int, Task>> PrepareJsonAsync(MeasuredApp app, int requests)
    {
        string[] economies = await OpenDesksAsync(app.App.Tables, (requests / MostNominees) + 1, 0);
        string[] tokens = [.. economies.Select(economy => sessions.Sign(SessionOf(economy)))];
        return async number =>
        {
            int desk = number % economies.Length;
            int rank = (number / economies.Length) + 1;
            NomineeEntry entry = SyntheticNominations.Entry($"{desk}-{rank}");
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(app.App.Address, $"/api/projects/{project.Code}/economies/{economies[desk]}/nominations"))
            {
                Content = JsonContent.Create(new
                {
                    name = entry.Name,
                    email = $"{economies[desk]}-{rank}@agency.example",
                    nationality = entry.Nationality,
                    position = entry.Position,
                    organisation = entry.Organisation,
                    sector = entry.Sector,
                    yearsOfExperience = entry.YearsOfExperience,
                    statement = entry.Statement,
                    wishes = entry.Wishes,
                    rank,
                }),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[desk]);
            request.Headers.Add("Idempotency-Key", $"{economies[desk]}-{rank}");
            await SendAsync(request, 201);
        };
    }

    private async Task<Func<int, Task>> PrepareFormAsync(MeasuredApp app, int requests)
    {
        string[] economies = await OpenDesksAsync(app.App.Tables, (requests / DraftsPerDesk) + 1, DraftsPerDesk);
        return async number =>
        {
            string economy = economies[number % economies.Length];
            Session session = SessionOf(economy);
            string id = Draft(economy, (number / economies.Length) + 1);
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(app.App.Address, $"/desk/{project.Code}/{economy}/nominees/{id}/submit"))
            {
                Content = new FormUrlEncodedContent([KeyValuePair.Create("formToken", sessions.FormToken(session))]),
            };
            request.Headers.Add("Cookie", $"{Sessions.CookieName(session.Purpose, session.Project, session.Subject)}={sessions.Sign(session)}");
            await SendAsync(request, 302);
        };
    }

    private async Task SendAsync(HttpRequestMessage request, int wanted)
    {
        using HttpResponseMessage answer = await http.SendAsync(request);
        if ((int)answer.StatusCode != wanted)
        {
            throw new InvalidOperationException($"{request.RequestUri?.AbsolutePath} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>The gate's point read, and a transaction of the very rows that were recorded, under other keys.</summary>
    private Func<int, Task> BareJson(ITable table, Recording recording)
    {
        string partition = NominationTable.PartitionOf(project.Code, SyntheticNominations.EconomyId(1));
        string run = Guid.NewGuid().ToString("N")[..8];
        return async number =>
        {
            _ = await table.FindAsync(new RowKey(partition, "gate"), default);
            Batch batch = new($"bare-{run}-{number / MostNominees}");
            foreach (RecordedWrite write in recording.Writes)
            {
                batch.Insert(Row.Of(new RowKey(batch.Partition, Another(write.RowKey, number)), [.. write.Columns]));
            }

            Check(await table.CommitAsync(batch, default));
        };
    }

    private static Func<int, Task> BareInsert(ITable table, Recording recording)
    {
        string run = Guid.NewGuid().ToString("N")[..8];
        RecordedWrite largest = recording.Writes.MaxBy(write => write.Columns.Sum(column => (column.Value as string)?.Length ?? 0)) ?? throw new InvalidOperationException("Nothing was recorded.");
        return async number =>
        {
            Batch batch = new($"single-{run}-{number / MostNominees}");
            batch.Insert(Row.Of(new RowKey(batch.Partition, Another(largest.RowKey, number)), [.. largest.Columns]));
            Check(await table.CommitAsync(batch, default));
        };
    }

    /// <summary>The desk's query, and a transaction that replaces the draft as recorded and inserts the rest.</summary>
    private async Task<Func<int, Task>> BareFormAsync(ITable table, Recording recording, int requests)
    {
        string run = Guid.NewGuid().ToString("N")[..8];
        string[] partitions = [.. Enumerable.Range(0, (requests / DraftsPerDesk) + 1).Select(number => $"form-{run}-{number:D5}")];
        await Parallel.ForEachAsync(partitions, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (partition, cancellation) =>
        {
            Batch batch = new(partition);
            foreach (Row row in SyntheticNominations.Desk(project, "economy-00000", Enumerable.Range(1, DraftsPerDesk).Select(number => Draft("economy-00000", number)), null, MostNominees))
            {
                batch.Insert(Row.Of(new RowKey(partition, row.Key.Row), [.. row.Values.Select(pair => (pair.Key, pair.Value))]));
            }

            await table.CommitAsync(batch, cancellation);
        });
        return async number =>
        {
            string partition = partitions[number % partitions.Length];
            string draft = $"nominee-{Draft("economy-00000", (number / partitions.Length) + 1)}";
            Row? found = null;
            await foreach (Row row in table.ListAsync(partition, new KeyRange("doc-", "rank."), default))
            {
                found = row.Key.Row == draft ? row : found;
            }

            Batch batch = new(partition);
            foreach (RecordedWrite write in recording.Writes)
            {
                _ = write.Method == "POST"
                    ? batch.Insert(Row.Of(new RowKey(partition, Another(write.RowKey, number)), [.. write.Columns]))
                    : batch.Replace(Row.Stored(new RowKey(partition, draft), write.Columns.Select(column => KeyValuePair.Create(column.Name, column.Value)), found?.ETag ?? throw new InvalidOperationException("No draft.")));
            }

            Check(await table.CommitAsync(batch, default));
        };
    }

    /// <summary>Of the same length, the same beginning, and the same end, by which the rows of one outbox differ.</summary>
    private static string Another(string key, int number)
    {
        string tail = number.ToString("x8", CultureInfo.InvariantCulture);
        return key.Length > 20 ? $"{key[..^12]}{tail}{key[^4..]}" : key + tail;
    }

    private static void Check(CommitResult result)
    {
        if (!result.IsDone)
        {
            throw new InvalidOperationException($"A bare write conflicted at {result.Conflict?.Row.Key.Row}.");
        }
    }

    /// <summary>From the list of the desk to the receipt, as a person goes: every page, by forms, without script.</summary>
    private async Task<IReadOnlyList<SheetLine>> WalkAsync(MeasuredApp app, FaultProxy proxy)
    {
        string economy = (await OpenDesksAsync(app.App.Tables, 1, 0))[0];
        Links links = new(app.App.Tables, Options.Create(new AccessOptions { BaseUrl = "http://localhost", LinkPepper = Pepper, Authority = "http://localhost", Audience = "bench" }));
        Uri link = new(await links.MintAsync(new Link(LinkPurpose.Desk, project.Code.ToString(), economy, 1, project.EndsAt), default));
        using OfficerDriver officer = await OfficerDriver.OpenAsync(app.App.Address, link.AbsolutePath);
        const int Walks = 12;
        int number = 0;
        await WalkOnceAsync();
        proxy.Forget();
        Load walks = await Load.RunAsync(1, Walks, _ => WalkOnceAsync());
        return
        [
            SheetLine.Of(Part, "a whole nomination by form, from the list to the receipt (6 forms, 7 pages), one person: p50", walks.P50, "ms"),
            SheetLine.Of(Part, "storage round trips of the same, all pages together", proxy.Requests.Count / (double)Walks, ""),
        ];

        Task WalkOnceAsync()
        {
            number++;
            return officer.NominateAsync(new NomineeFacts($"Nominee {(char)('A' + number)}", $"walk-{number}@agency.example", "Indonesia"));
        }
    }

    /// <summary>What the app asked of the store for one request.</summary>
    private sealed record Recording(double RoundTrips, IReadOnlyList<RecordedWrite> Writes);
}
