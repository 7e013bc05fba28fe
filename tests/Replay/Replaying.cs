using System.Diagnostics;
using System.Globalization;
using Plenary.Support;
using Plenary.Support.Drivers;
using Plenary.Support.Replay;
using Spectre.Console;

namespace Plenary.Replay;

/// <summary>The command <c>replay</c>.</summary>
internal static class Replaying
{
    /// <returns>0 when every figure agrees, else 1.</returns>
    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        if (Console.IsOutputRedirected)
        {
            // Into a file or a pipe: plain lines, not folded.
            AnsiConsole.Profile.Width = 500;
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        StoryEnd end;
        try
        {
            end = Console.IsOutputRedirected
                ? await PlayAsync(Say, cancellation)
                : await AnsiConsole.Progress()
                    .AutoClear(true)
                    .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
                    .StartAsync(progress =>
                    {
                        ProgressTask task = progress.AddTask("Starting the store and the app", maxValue: Story.Stages.Count + 1);
                        return PlayAsync(
                            moment =>
                            {
                                task.Description = Day(moment.At);
                                task.Increment(1);
                                Say(moment);
                            },
                            cancellation);
                    });
        }
        catch (OperationCanceledException)
        {
            AnsiConsole.WriteLine("Stopped before the end.");
            return 1;
        }
        catch (RefusedException refused)
        {
            AnsiConsole.WriteLine($"The app refused what the story needs. {refused.Message}");
            return 1;
        }

        watch.Stop();

        AnsiConsole.WriteLine();
        Show("What came of it", end.Figures, ["the news", "expected", "the app says", "in the tables"], line => [line.Actual, line.Expected, line.Said, line.Stored]);
        AnsiConsole.WriteLine();
        Show("Mails", end.Mails, ["expected", "in the ledger", "in the mailbox"], line => [line.Expected, line.Stored, line.Received]);
        string report = Path.Combine(Repository.Root, ".local", "replay", "report.html");
        Directory.CreateDirectory(Path.GetDirectoryName(report) ?? ".");
        await File.WriteAllTextAsync(report, Report.Write(end, watch.Elapsed), cancellation);

        AnsiConsole.WriteLine();
        int wrong = end.Figures.Concat(end.Mails).Count(line => !line.IsEqual);
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, wrong == 0
            ? (FormattableString)$"[green]All {end.Figures.Count + end.Mails.Count} lines agree.[/]"
            : $"[red]{wrong} of {end.Figures.Count + end.Mails.Count} lines disagree.[/]");
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"It took {watch.Elapsed.TotalSeconds:0.0} s. Report: .local/replay/report.html"));
        return wrong == 0 ? 0 : 1;
    }

    private static async Task<StoryEnd> PlayAsync(Action<StoryMoment> said, CancellationToken cancellation)
    {
        await using Azurite azurite = await Azurite.StartAsync();
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, Story.Beginning);
        return await new Story(app, said: said).RunAsync().WaitAsync(cancellation);
    }

    internal static string Day(DateTimeOffset at) =>
        at.ToOffset(TimeSpan.FromHours(9)).ToString("ddd d MMM yyyy HH:mm", CultureInfo.InvariantCulture);

    internal static string Number(decimal? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";

    private static void Say(StoryMoment moment)
    {
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{Day(moment.At),22}[/]  {moment.What}");
        if (moment.Mails.Count > 0)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{"",22}  [grey]mails: {moment.MailWords}[/]");
        }
    }

    private static void Show(string title, IReadOnlyList<FigureLine> lines, string[] headings, Func<FigureLine, decimal?[]> values)
    {
        Table table = new Table().Title(title).Border(TableBorder.Rounded).AddColumn("Figure");
        foreach (string heading in headings)
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        table.AddColumn("");
        foreach (FigureLine line in lines)
        {
            table.AddRow([Markup.Escape(line.Figure), .. values(line).Select(Number), line.IsEqual ? "[green]equal[/]" : "[red bold]differs[/]"]);
        }

        AnsiConsole.Write(table);
    }
}
