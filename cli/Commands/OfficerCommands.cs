using System.CommandLine;
using System.Text;
using Plenary.Access;
using Plenary.Domain;

namespace Plenary.Cli.Commands;

/// <summary><c>officers</c>: the registry.</summary>
internal static class OfficerCommands
{
    public static Command Build(OperationSource source)
    {
        Option<FileInfo?> economies = new("--economies") { Description = "CSV with id, name, active, zone.", HelpName = "file" };
        Option<FileInfo?> officers = new("--officers") { Description = "CSV with economy, role, name, email.", HelpName = "file" };
        Command import = new("import", "Takes economies, officers, or both from CSV files: all rows or none, every problem at once. The officers of every economy named are replaced as a whole; desks are handed over where the person changed.")
        {
            economies, officers,
        };
        source.Writes(import, async (operation, cancellation) =>
        {
            if (operation.Value(economies) is null && operation.Value(officers) is null)
            {
                throw new UsageException("Give --economies, --officers or both.");
            }

            Outcome<RegistryImported> outcome = await operation.Get<ImportRegistry>().RunAsync(
                await ReadAsync(operation.Value(economies), cancellation), await ReadAsync(operation.Value(officers), cancellation), operation.Caller, operation.Now, cancellation);
            if (!outcome.TryGet(out RegistryImported? imported))
            {
                return await operation.RefuseAsync(outcome.Refusals);
            }

            await operation.Paper.TellAsync(
                new { dryRun = operation.IsRehearsal, imported.Economies, imported.Officers },
                text => text.WriteLine($"{operation.Would("Imported", "import")} {imported.Economies} economies and {imported.Officers} officers."));
            return ExitCodes.Done;
        });

        return new Command("officers", "The registry of economies and liaison officers.") { import };
    }

    private static async Task<string> ReadAsync(FileInfo? file, CancellationToken cancellation)
    {
        if (file is null)
        {
            return "";
        }

        return file.Exists ? await File.ReadAllTextAsync(file.FullName, Encoding.UTF8, cancellation) : throw new UsageException($"There is no file {file.Name}.");
    }
}
