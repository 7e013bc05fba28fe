using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plenary.Shared;
using Plenary.Support;
using Plenary.Support.Replay;

namespace Plenary.Cli.Tests;

/// <summary>The command as a second process beside the app, over a project that was really played.</summary>
public sealed class RealProjectTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plenary-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_project_played_from_notification_to_outcome_is_found_in_order_kept_and_put_back()
    {
        Azurite azurite = await Azurite.SharedAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Story.Beginning);
        await new Story(app).RunAsync();
        string settings = Path.Combine(folder, "settings.json");
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(new { Values = app.SettingsForOthers }));
        string kept = Path.Combine(folder, "kept");
        string elsewhere = $"Azure:Prefix={Azurite.Unique("r")}";

        JsonNode verified = await RunAsync(settings, "verify", "--grace", "0");
        JsonNode backedUp = await RunAsync(settings, "backup", "--folder", kept);
        await RunAsync(settings, "restore", "--folder", kept, "--create", "--no-messages", "--set", elsewhere);
        JsonNode again = await RunAsync(settings, "verify", "--grace", "0", "--set", elsewhere);
        await RunAsync(settings, "projects", "export", Story.Code, "--to", Path.Combine(folder, "here.jsonl"));
        await RunAsync(settings, "projects", "export", Story.Code, "--to", Path.Combine(folder, "there.jsonl"), "--set", elsewhere);

        Assert.Empty(verified["findings"]!.AsArray());
        Assert.Empty(backedUp["torn"]!.AsArray());
        Assert.Empty(again["findings"]!.AsArray());
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, "here.jsonl")), await File.ReadAllTextAsync(Path.Combine(folder, "there.jsonl")));
    }

    [Fact]
    public async Task What_the_running_app_gave_up_on_is_replayed_and_given_up_on_again_with_nothing_else_changed()
    {
        Azurite azurite = await Azurite.SharedAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Story.Beginning);
        string settings = Path.Combine(folder, "settings.json");
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(new { Values = app.SettingsForOthers }));

        // An owed mail of a kind that this release does not write: no delivery can succeed.
        string line = new Agenda.ReminderDue("23-IP-10-GE-WSP-A", "unheard-of", "", 0, Story.Beginning.UtcTicks).ToOwed().Body;
        await Sample.InsertAsync(app.Tables.Get("Agenda"), Agenda.AgendaTable.ToRow(new Infra.Outbox.Owed(Queues.SendReminder, "poison", line, Story.Beginning)));
        await RunAsync(settings, "agenda", "run");
        JsonNode dead = await DeadAsync(settings, app);

        JsonNode replayed = await RunAsync(settings, "dead-letters", "replay", "--kind", "ReminderDue");
        JsonNode deadAgain = await DeadAsync(settings, app);

        Assert.Equal(["poison"], dead.AsArray().Select(letter => letter!["id"]!.GetValue<string>()));
        Assert.Equal(1, replayed["replayed"]!.GetValue<int>());
        Assert.Equal(["poison"], deadAgain.AsArray().Select(letter => letter!["id"]!.GetValue<string>()));
        Assert.False(await app.Tables.Get("Reminders").ScanAllAsync(CancellationToken.None).AnyAsync());
    }

    /// <summary>The app learns of another process's message within some seconds; every look of ours asks again.</summary>
    private static async Task<JsonNode> DeadAsync(string settings, PlenaryApp app)
    {
        for (int attempt = 1; ; attempt++)
        {
            await app.SettleAsync();
            JsonNode dead = await RunAsync(settings, "dead-letters", "list");
            if (dead.AsArray().Count > 0 || attempt == 20)
            {
                return dead;
            }
        }
    }

    private static async Task<JsonNode> RunAsync(string settings, params string[] args)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[typeof(PlenaryCommand).Assembly.Location, .. args, "--settings", settings, "--json"])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(output.Length > 0, $"{string.Join(' ', args)} ended with {process.ExitCode}: {await error}");
        return JsonNode.Parse(output) ?? throw new InvalidOperationException("null was printed.");
    }
}
