using System.CommandLine;
using Plenary.Access;
using Plenary.Domain;

namespace Plenary.Cli.Commands;

/// <summary><c>officers</c>: the registry.</summary>
internal static class OfficerCommands
{
    public static Command Build(OperationSource source)
    {
        Option<FileInfo?> economies = new("--economies") { Description = "CSV with id, name, active, zone, and where wanted weekend, other_names, holidays.", HelpName = "file" };
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
                await Operation.ReadAsync(operation.Value(economies), cancellation), await Operation.ReadAsync(operation.Value(officers), cancellation), operation.Caller, operation.Now, cancellation);
            if (!outcome.TryGet(out RegistryImported? imported))
            {
                return await operation.RefuseAsync(outcome.Refusals);
            }

            await operation.Paper.TellAsync(
                new { dryRun = operation.IsRehearsal, imported.Economies, imported.Officers },
                text => text.WriteLine($"{operation.Would("Imported", "import")} {imported.Economies} economies and {imported.Officers} officers."));
            return ExitCodes.Done;
        });

        Command list = new("list", "Lists every economy with its zone, working week and the people in the post.");
        source.Reads(list, async (operation, cancellation) =>
        {
            IReadOnlyList<RegistryEntry> entries = await operation.Get<IRegistry>().ListAsync(cancellation);
            await operation.Paper.ListAsync(
                entries.ToAsyncEnumerable(),
                "The registry is empty.",
                new Column<RegistryEntry>("ECONOMY", 20, entry => entry.Economy.Id),
                new Column<RegistryEntry>("ACTIVE", 6, entry => entry.Economy.IsActive ? "yes" : "no"),
                new Column<RegistryEntry>("ZONE", 20, entry => entry.Economy.Zone),
                new Column<RegistryEntry>("WEEKEND", 18, entry => string.Join('-', entry.Economy.Weekend)),
                new Column<RegistryEntry>("HOLIDAYS", 8, entry => entry.Economy.Holidays.Count),
                new Column<RegistryEntry>("OFFICERS", 10, entry => string.Join(", ", entry.Officers.Select(officer => $"{officer.Role} {officer.Email}"))));
            return ExitCodes.Done;
        });

        Argument<string> economy = new("economy") { Description = "The economy's id, such as lao-pdr." };
        Option<bool?> active = new("--active") { Description = "Whether it is written to and may nominate; as it is if not given.", HelpName = "true|false" };
        Option<FileInfo?> people = new("--officers") { Description = "CSV with economy, role, name, email; a heading alone leaves the post vacant. As they are if not given.", HelpName = "file" };
        Command edit = new("edit", "Changes the people or the standing of one economy; desks are handed over where the person changed.") { economy, active, people };
        source.Writes(edit, async (operation, cancellation) =>
        {
            string id = operation.Value(economy);
            if (await operation.Get<IRegistry>().FindAsync(id, cancellation) is not { } entry)
            {
                return await operation.RefuseAsync(new Refusal("economy-not-found", "There is no such economy in the registry.", Remedy: "Look at plenary officers list."));
            }

            List<Refusal> refusals = [];
            IReadOnlyList<Officer> officers = operation.Value(people) is { } file
                ? [.. RegistryCsv.ReadOfficers(await Operation.ReadAsync(file, cancellation), [id], refusals).Select(one => one.Officer)]
                : entry.Officers;
            return refusals.Count > 0
                ? await operation.RefuseAsync(refusals)
                : await operation.AnswerAsync(
                    await operation.Get<SaveOfficers>().RunAsync(id, officers, operation.Value(active) ?? entry.Economy.IsActive, operation.Caller, operation.Now, cancellation),
                    saved => new { economy = saved.Economy.Id, active = saved.Economy.IsActive, officers = saved.Officers.Count },
                    saved => $"{operation.Would("Saved", "save")} {saved.Economy.Id}: {(saved.Economy.IsActive ? "active" : "inactive")}, {saved.Officers.Count} officers.");
        });

        return new Command("officers", "The registry of economies, their working weeks, and their liaison officers.") { import, list, edit };
    }
}
