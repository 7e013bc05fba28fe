using System.CommandLine;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Plenary.Access;
using Plenary.Infra;

namespace Plenary.Cli;

/// <summary>The options every command has, and what they lead to: the app, put together as it is when it serves, and not started.</summary>
internal sealed class OperationSource(TextWriter output, TextWriter error, Action<IServiceCollection>? change)
{
    private readonly Option<string?> settings = new("--settings") { Description = "A file with the app's settings.", HelpName = "file", Recursive = true };
    private readonly Option<string[]> set = new("--set") { Description = "One setting in the place of the file's; may be given several times.", HelpName = "name=value", Recursive = true };
    private readonly Option<bool> json = new("--json") { Description = "Prints JSON, for programs.", Recursive = true };
    private readonly Option<bool> verbose = new("--verbose") { Description = "Also prints, to the error stream, what the app would log, and in the end the time and memory it took.", Recursive = true };
    private readonly Option<string?> actor = new("--as") { Description = "Who you are in the audit trail, as operator:ID; your account's name if not given.", HelpName = "id", Recursive = true };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Says what would be done, and writes nothing." };

    public void AddOptions(RootCommand root)
    {
        ArgumentNullException.ThrowIfNull(root);
        foreach (Option option in (Option[])[settings, set, json, verbose, actor])
        {
            root.Options.Add(option);
        }
    }

    public bool IsVerbose(ParseResult parsed) => parsed.GetValue(verbose);

    /// <summary>A command that only reads.</summary>
    public Command Reads(Command command, Func<Operation, CancellationToken, Task<int>> act) => Does(command, act);

    /// <summary>A command that writes, and so can be rehearsed.</summary>
    public Command Writes(Command command, Func<Operation, CancellationToken, Task<int>> act)
    {
        command.Options.Add(dryRun);
        return Does(command, act);
    }

    private Command Does(Command command, Func<Operation, CancellationToken, Task<int>> act)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            Dictionary<string, string> values = Settings.Read(parsed.GetValue(settings));
            foreach ((string name, string value) in (parsed.GetValue(set) ?? []).Select(Settings.ReadPair))
            {
                values[name] = value;
            }

            bool isRehearsal = command.Options.Contains(dryRun) && parsed.GetValue(dryRun);
            using IHost host = BuildHost(values, isRehearsal, parsed.GetValue(verbose));
            await using AsyncServiceScope scope = host.Services.CreateAsyncScope();
            Paper paper = new(output, error, parsed.GetValue(json));
            Operation operation = new(parsed, scope.ServiceProvider, paper, Caller.Operator(parsed.GetValue(actor) ?? Environment.UserName), isRehearsal);
            return await act(operation, cancellation);
        });
        return command;
    }

    private IHost BuildHost(Dictionary<string, string> values, bool isRehearsal, bool isVerbose)
    {
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder([.. values.Select(pair => $"--{pair.Key}={pair.Value}")]);
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        // For this provider by name: what host.json says of levels is meant for the app.
        builder.Logging.AddFilter<ConsoleLoggerProvider>(null, isVerbose ? LogLevel.Information : LogLevel.Warning);
        builder.Services.AddOperatorIdentity();
        builder.Services.AddPlenary();
        change?.Invoke(builder.Services);
        if (isRehearsal)
        {
            Rehearsal.Replace(builder.Services);
        }

        return builder.Build();
    }
}
