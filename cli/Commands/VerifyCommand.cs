using System.CommandLine;
using Plenary.Cli.Checks;
using Plenary.Infra.Telemetry;
using Plenary.Shared.Telemetry;

namespace Plenary.Cli.Commands;

/// <summary><c>verify</c>.</summary>
internal static class VerifyCommand
{
    private const string Description =
        """
        Recounts every index and counter from the rows they stand for, and looks for files without rows and rows without files.

        Each finding says where, what stands against what, and what to do. While people are working a decision under way may show as a
        finding; what is still there the second time is real.
        """;

    public static Command Build(OperationSource source)
    {
        Option<bool> quick = new("--quick") { Description = "Compare files by length only, without reading them." };
        Option<double> grace = new("--grace") { Description = "Hours that a file may lie without a row: an upload may be under way.", HelpName = "hours", DefaultValueFactory = _ => 24 };
        Command verify = new("verify", Description) { quick, grace };
        return source.Reads(verify, async (operation, cancellation) =>
        {
            List<Finding> findings = [];
            TimeSpan patience = TimeSpan.FromHours(operation.Value(grace));
            long rows = await operation.Paper.WatchAsync("Recounting", async said =>
            {
                CheckNominations nominations = new(operation, patience, !operation.Value(quick), findings.Add, said);
                await nominations.RunAsync(cancellation);
                CheckProjects projects = new(operation, patience, nominations.Desks, findings.Add);
                await projects.RunAsync(cancellation);
                return await new CheckRest(operation, projects.Codes, findings.Add, said).RunAsync(cancellation);
            });
            int orphans = findings.Count(finding => finding.Code == Finding.OrphanBlob);
            await PublishAsync(operation, orphans, findings.Count - orphans, cancellation);
            await operation.Paper.TellAsync(
                new { rows, clean = findings.Count == 0, findings },
                text =>
                {
                    foreach (Finding finding in findings)
                    {
                        text.WriteLine($"{finding.Code}  {finding.Where}");
                        text.WriteLine($"  {finding.What}");
                        text.WriteLine($"  {finding.Remedy}");
                    }

                    text.WriteLine(findings.Count == 0 ? $"Everything agrees: {rows} rows." : $"{findings.Count} findings in {rows} rows.");
                });
            return findings.Count == 0 ? ExitCodes.Done : ExitCodes.Findings;
        });
    }

    /// <summary>To wherever the settings send telemetry: the alerts on both figures go by what is told here.</summary>
    private static async Task PublishAsync(Operation operation, int orphans, int mismatches, CancellationToken cancellation)
    {
        TelemetryExport export = operation.Get<TelemetryExport>();
        await export.StartAsync(cancellation);
        Measures.OrphanedBlobs.Record(orphans);
        Measures.RecountMismatches.Record(mismatches);
        await export.FlushAsync(operation.Get<TimeProvider>());
        await export.StopAsync(cancellation);
    }
}
