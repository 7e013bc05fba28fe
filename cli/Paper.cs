using System.Text.Json;
using Plenary.Infra.Tables;
using Spectre.Console;

namespace Plenary.Cli;

/// <summary>A column of a list.</summary>
/// <param name="Width">Shorter values are filled up; longer ones are not cut, since somebody may want to copy them.</param>
internal sealed record Column<T>(string Name, int Width, Func<T, object?> Value);

/// <summary>What a command prints: words or JSON to the output, progress to the error stream.</summary>
internal sealed class Paper(TextWriter output, TextWriter error, bool isJson)
{
    private static readonly JsonSerializerOptions Indented = new(Row.Json) { WriteIndented = true };

    public bool IsJson => isJson;

    public TextWriter Output => output;

    /// <summary>One answer: an object to programs, words to people.</summary>
    public async Task TellAsync<T>(T value, Action<TextWriter> words)
    {
        if (isJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(value, Indented));
        }
        else
        {
            words(output);
        }
    }

    /// <summary>A list of any length, written as it is read: an array to programs, lines to people.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> ListAsync<T>(IAsyncEnumerable<T> items, string none, params IReadOnlyList<Column<T>> columns)
    {
        int count = 0;
        if (isJson)
        {
            await output.WriteAsync("[");
        }

        await foreach (T item in items)
        {
            if (isJson)
            {
                await output.WriteAsync(count == 0 ? "\n" : ",\n");
                await output.WriteAsync(JsonSerializer.Serialize(item, Row.Json));
            }
            else
            {
                if (count == 0)
                {
                    await output.WriteLineAsync(string.Join("  ", columns.Select(column => column.Name.PadRight(column.Width))).TrimEnd());
                }

                await output.WriteLineAsync(string.Join("  ", columns.Select(column => $"{column.Value(item)}".PadRight(column.Width))).TrimEnd());
            }

            count++;
        }

        await output.WriteLineAsync(isJson ? "\n]" : count == 0 ? none : "");
        return count;
    }

    /// <summary>Runs long work with a line that moves, where somebody is looking.</summary>
    public async Task<T> WatchAsync<T>(string what, Func<Action<string, long>, Task<T>> work)
    {
        if (isJson || Console.IsErrorRedirected || !ReferenceEquals(error, Console.Error))
        {
            return await work((_, _) => { });
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return await console.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(progress =>
            {
                // Nobody knows how much there is before it has been read: the bar shows that it moves, the words how far.
                ProgressTask task = progress.AddTask(Markup.Escape(what));
                task.IsIndeterminate = true;
                return work((where, done) => task.Description = Markup.Escape($"{where}: {done:N0}"));
            });
    }
}
