using System.CommandLine;
using System.CommandLine.Invocation;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Plenary.Cli.Commands;

namespace Plenary.Cli;

/// <summary>The operator's command.</summary>
internal static class PlenaryCommand
{
    private const string Description =
        """
        Looks after a Plenary deployment: its dead letters, mails, agenda, links and registry; recounts, backs up and restores its stores; and
        does at a terminal what the secretariat does on its pages, by the same rules, as operator:ID in the audit trail.

        Which deployment: the settings that the app itself has, from --settings FILE (the form of local.settings.json, or what
        `az functionapp config appsettings list` prints), else the environment, else what ./run left in .local/settings.json. In Azure
        you are whoever `az login` says; you need the app's data roles on the storage account and the Service Bus namespace.

        Exit codes: 0 done; 1 findings, or refused; 2 the command line or a setting cannot be used; 3 a store did not answer; 130 interrupted.
        """;

    /// <param name="change">For tests: what takes the place of the stores.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, Action<IServiceCollection>? change = null)
    {
        Stopwatch watch = Stopwatch.StartNew();
        OperationSource source = new(output, error, change);
        RootCommand root = Build(source);
        ParseResult parsed = root.Parse(args);
        try
        {
            int exit = await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
            });
            if (source.IsVerbose(parsed))
            {
                using Process self = Process.GetCurrentProcess();
                await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Took {watch.Elapsed.TotalSeconds:0.0} s, {self.PeakWorkingSet64 / 1048576} MB of memory at most."));
            }

            return parsed.Action is ParseErrorAction ? ExitCodes.Usage : exit;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted. What had been written stays; the same command may be given again.");
            return ExitCodes.Interrupted;
        }
        catch (OptionsValidationException failure)
        {
            await error.WriteLineAsync($"A setting cannot be used: {failure.Message}");
            return ExitCodes.Usage;
        }
        catch (UsageException failure)
        {
            await error.WriteLineAsync(failure.Message);
            return ExitCodes.Usage;
        }
        catch (Exception failure) when (Unreachable(failure) is { } words)
        {
            await error.WriteLineAsync(words);
            return ExitCodes.Unreachable;
        }
    }

    internal static RootCommand Build(OperationSource source)
    {
        RootCommand root = new(Description)
        {
            DeadLetterCommands.Build(source),
            MailCommands.Build(source),
            AgendaCommands.Build(source),
            VerifyCommand.Build(source),
            BackupCommand.Build(source),
            RestoreCommand.Build(source),
            LinkCommands.Build(source),
            OfficerCommands.Build(source),
            ProjectCommands.Build(source),
            NotificationCommands.Build(source),
            NominationCommands.Build(source),
            ExtensionCommands.Build(source),
            ReviewerCommands.Build(source),
            SelectionCommands.Build(source),
            AttendanceCommands.Build(source),
            SurveyCommands.Build(source),
            OutcomeCommands.Build(source),
        };
        source.AddOptions(root);
        return root;
    }

    /// <summary>Null for what is a fault of ours: that one is shown with its trace.</summary>
    private static string? Unreachable(Exception failure) => failure switch
    {
        AuthenticationFailedException => $"Signing in to Azure failed: {FirstLine(failure)} Run az login, or see that the machine has an identity.",
        RequestFailedException { Status: 401 or 403 } refused => $"The store does not let us in ({refused.Status} {refused.ErrorCode}). You need the data roles on this storage account; a new role takes up to five minutes.",
        RequestFailedException { Status: 404 } missing => $"The store lacks what the app needs ({missing.ErrorCode}). See that the settings name the right account and prefix, and that its tables and containers are there.",
        RequestFailedException other => $"The store answered {other.Status} {other.ErrorCode}: {FirstLine(other)}",
        ServiceBusException broker => $"The broker did not answer ({broker.Reason}): {FirstLine(broker)}",
        HttpRequestException or SocketException or TimeoutException => $"Nothing answers: {FirstLine(failure)}",
        AggregateException { InnerException: { } inner } => Unreachable(inner),
        _ => null,
    };

    private static string FirstLine(Exception failure) => failure.Message.Split('\n')[0].Trim();
}

/// <summary>What was typed, or a setting or file it names, cannot be used.</summary>
internal sealed class UsageException(string message) : Exception(message);
