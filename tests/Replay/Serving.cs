using System.Globalization;
using System.Text.Json;
using Plenary.Support;
using Plenary.Support.Drivers;
using Plenary.Support.Replay;
using Spectre.Console;

namespace Plenary.Replay;

/// <summary>The command <c>serve</c>: the app with the example project, over a store that stays.</summary>
internal static class Serving
{
    private const string Prefix = "run";

    // 10 July 2023, 09:00 in Tokyo: a week after the example was issued, three before it closes.
    private static readonly DateTimeOffset Today = new(2023, 7, 10, 0, 0, 0, TimeSpan.Zero);

    private static string Folder { get; } = Path.Combine(Repository.Root, ".local");

    /// <summary>What <c>./plenary</c> finds this app's stores by.</summary>
    private static string SettingsFile { get; } = Path.Combine(Folder, "settings.json");

    private static string ClockFile { get; } = Path.Combine(Folder, "clock.json");

    public static async Task<int> RunAsync(int port, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Folder);
        string store = Path.Combine(Folder, "azurite");
        DateTimeOffset? stored = await ReadClockAsync(store, cancellation);
        if (stored is null && Directory.Exists(store))
        {
            // The clock is written when everything is in: what lies there without it is a first start that broke off.
            Directory.Delete(store, recursive: true);
        }

        try
        {
            await using Azurite azurite = await Azurite.StartAsync(store);
            await using PlenaryApp app = await PlenaryApp.StartAsync(
                azurite.ConnectionString, stored ?? Story.Beginning, isFrozen: false, port: port, prefix: Prefix);
            if (stored is null)
            {
                await SeedAsync(app);
            }

            await SaveClockAsync(app, CancellationToken.None);
            await File.WriteAllTextAsync(SettingsFile, JsonSerializer.Serialize(new { Values = app.SettingsForOthers }), cancellation);
            await SayAsync(app, stored is not null);
            await StayAsync(app, cancellation);
            AnsiConsole.WriteLine("Stopping.");
            File.Delete(SettingsFile);
            await SaveClockAsync(app, CancellationToken.None);
            await app.StopAsync();
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (InvalidOperationException failed) when (failed.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
        {
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Port {port} is taken. Say another one: PLENARY_PORT=7072 ./run"));
            return 1;
        }
    }

    private static async Task SeedAsync(PlenaryApp app)
    {
        using SecretariatDriver secretariat = await SecretariatDriver.SignInAsync(app.Address);
        await secretariat.ImportSampleRegistryAsync();
        await secretariat.IssueAsync(await SecretariatDriver.SampleNotificationAsync());
        await secretariat.CirculateAsync(Story.Code);
        await app.SettleAsync();
        await app.AdvanceToAsync(Today);
    }

    private static async Task SayAsync(PlenaryApp app, bool isAgain)
    {
        string address = app.Address.ToString().TrimEnd('/');
        string desk = await new Mailbox(app.Address).ListAsync(to: "dewi.kusumawati@npo-indonesia.example.org", kind: "notification-circulated") is [ReceivedMail mail, ..]
            ? address + mail.Link
            : "(no mail to Indonesia's officer)";
        (string What, string Where)[] lines =
        [
            ("The project's public page", $"{address}/projects/{Story.Code}"),
            ("Indonesia's desk, as its officer's mail opens it", desk),
            ("Secretariat (choose who to be)", $"{address}/secretariat"),
            ("Every mail that was sent", $"{address}/local/mailbox"),
            ("The clock, to be moved", $"{address}/local/clock"),
        ];
        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine(isAgain ? "Plenary goes on where it was stopped." : "Plenary runs, with its example project circulated and open for nominations.");
        foreach ((string what, string where) in lines)
        {
            // No table: it would fold the addresses.
            Console.WriteLine($"  {what}:\n    {where}");
        }

        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine("Ctrl+C stops it; what was done stays in .local/ until you delete that folder.");
    }

    private static async Task StayAsync(PlenaryApp app, CancellationToken cancellation)
    {
        try
        {
#pragma warning disable RS0030 // A real minute of the machine: the app's own clock may be moved.
            using PeriodicTimer minute = new(TimeSpan.FromMinutes(1));
#pragma warning restore RS0030
            while (await minute.WaitForNextTickAsync(cancellation))
            {
                await SaveClockAsync(app, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private static async Task SaveClockAsync(PlenaryApp app, CancellationToken cancellation)
    {
        try
        {
            DateTimeOffset now = await app.ReadClockAsync(cancellation);
            await File.WriteAllTextAsync(ClockFile, JsonSerializer.Serialize(new StoredClock(now)), cancellation);
        }
        catch (HttpRequestException)
        {
            // Ctrl+C reaches the app as well, and it may be faster; the minute before is good enough.
        }
    }

    private static async Task<DateTimeOffset?> ReadClockAsync(string store, CancellationToken cancellation)
    {
        if (!File.Exists(ClockFile) || !Directory.Exists(store))
        {
            return null;
        }

        return JsonSerializer.Deserialize<StoredClock>(await File.ReadAllTextAsync(ClockFile, cancellation))?.Now;
    }

    private sealed record StoredClock(DateTimeOffset Now);
}
