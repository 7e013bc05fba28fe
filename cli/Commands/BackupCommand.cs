using System.CommandLine;
using Plenary.Cli.Backups;
using Plenary.Domain;

namespace Plenary.Cli.Commands;

/// <summary><c>backup</c>.</summary>
internal static class BackupCommand
{
    private const string Description =
        """
        Writes all tables and files, and the messages lying in the queues, to a folder or a blob container.

        Each project is read twice and kept when nothing had changed in between, so all of it stood so at one instant; one that changed is
        read again, five times at most. Backups hold personal data, and links' hashes: keep them where the stores themselves may be kept.
        """;

    public static Command Build(OperationSource source)
    {
        (Option<string?> folder, Option<string?> container) = Places.Options("Where it goes");
        Option<string?> project = new("--project") { Description = "Only this project; everything if not given.", HelpName = "code" };
        Option<bool> noMessages = new("--no-messages") { Description = "Do not look into the queues." };
        Command backup = new("backup", Description) { folder, container, project, noMessages };
        return source.Writes(backup, async (operation, cancellation) =>
        {
            IBackupPlace place = Places.Of(operation, folder, container);
            string? code = operation.Value(project) is { } text ? Operation.CodeOf(text).ToString() : null;
            if (!await place.IsEmptyAsync(cancellation))
            {
                return await operation.RefuseAsync(new Refusal("backup-not-empty-conflict", "There is something there already, and nothing is ever overwritten.", Remedy: "Name a new folder or container for each backup."));
            }

            Manifest manifest = await operation.Paper.WatchAsync("Backing up", said => new TakeBackup(operation, operation.IsRehearsal ? new NoPlace() : place, said)
                .RunAsync(code, !operation.Value(noMessages), cancellation));
            BackupUnit[] torn = [.. manifest.Units.Where(unit => !unit.IsConsistent)];
            await operation.Paper.TellAsync(
                new
                {
                    dryRun = operation.IsRehearsal,
                    projects = manifest.Units.Select(unit => unit.Name).Where(name => name != Belonging.Shared),
                    rows = manifest.Units.Sum(unit => unit.Rows),
                    manifest.Blobs,
                    manifest.Messages,
                    torn = torn.Select(unit => unit.Name),
                },
                words =>
                {
                    words.WriteLine($"{operation.Would("Backed up", "back up")} {manifest.Units.Sum(unit => unit.Rows)} rows, {manifest.Blobs} files and {manifest.Messages} messages of {manifest.Units.Count(unit => unit.Name != Belonging.Shared)} projects.");
                    foreach (BackupUnit unit in torn)
                    {
                        words.WriteLine($"{unit.Name} changed each time it was read: its rows may contradict each other. Take another backup at a quieter time.");
                    }
                });
            return torn.Length == 0 ? ExitCodes.Done : ExitCodes.Findings;
        });
    }
}

/// <summary><c>restore</c>.</summary>
internal static class RestoreCommand
{
    private const string Description =
        """
        Puts a backup back, into stores that hold nothing of it: an empty account, or another Azure:Prefix. Nothing is ever overwritten.

        Every checksum is compared before the first write. Stop the app first; afterwards run plenary verify, then start it. To let go of a
        restore that broke off, delete the tables and containers of that prefix.
        """;

    public static Command Build(OperationSource source)
    {
        (Option<string?> folder, Option<string?> container) = Places.Options("Where the backup lies");
        Option<bool> noMessages = new("--no-messages") { Description = "Do not send again what lay in the queues." };
        Option<bool> deadLetters = new("--dead-letters") { Description = "Also send again what lay among the dead letters." };
        Option<bool> evenTorn = new("--even-torn") { Description = "Also projects that changed each time they were read." };
        Option<bool> create = new("--create") { Description = "Make the tables and containers first; in Azure they are provisioned." };
        Command restore = new("restore", Description) { folder, container, noMessages, deadLetters, evenTorn, create };
        return source.Writes(restore, async (operation, cancellation) =>
        {
            IBackupPlace place = Places.Of(operation, folder, container);
            Outcome<Restored> outcome = await operation.Paper.WatchAsync("Restoring", said => new RestoreBackup(operation, place, said).RunAsync(
                !operation.Value(noMessages), operation.Value(deadLetters), operation.Value(evenTorn), operation.Value(create), cancellation));
            if (!outcome.TryGet(out Restored? restored))
            {
                return await operation.RefuseAsync(outcome.Refusals);
            }

            await operation.Paper.TellAsync(
                new { dryRun = operation.IsRehearsal, restored.Rows, restored.Blobs, restored.Messages },
                words => words.WriteLine($"{operation.Would("Restored", "restore")} {restored.Rows} rows, {restored.Blobs} files and {restored.Messages} messages."));
            return ExitCodes.Done;
        });
    }
}

/// <summary>The two options that say where a backup lies.</summary>
internal static class Places
{
    public static (Option<string?> Folder, Option<string?> Container) Options(string what) => (
        new Option<string?>("--folder") { Description = $"{what}: a folder of this machine.", HelpName = "path" },
        new Option<string?>("--container") { Description = $"{what}: a blob container in the account of the files, under the same prefix.", HelpName = "name" });

    public static IBackupPlace Of(Operation operation, Option<string?> folder, Option<string?> container) => (operation.Value(folder), operation.Value(container)) switch
    {
        ({ Length: > 0 } path, null) => new FolderPlace(path),
        (null, { Length: > 0 } name) => operation.ContainerNames.Contains(name)
            ? throw new UsageException($"The app itself keeps files in the container {name}; name another one.")
            : new ContainerPlace(operation.Blobs, name),
        _ => throw new UsageException("Say where the backup lies: --folder or --container."),
    };
}

/// <summary>Where a rehearsed backup goes.</summary>
internal sealed class NoPlace : IBackupPlace
{
    public Task<bool> IsEmptyAsync(CancellationToken cancellation) => Task.FromResult(true);

    public async Task WriteAsync(string name, Func<Stream, Task> write, CancellationToken cancellation)
    {
        await using CountedStream nowhere = new();
        await write(nowhere);
    }

    public Task<Stream?> OpenReadAsync(string name, CancellationToken cancellation) => Task.FromResult<Stream?>(null);
}

/// <summary>Takes bytes and keeps only their number.</summary>
internal sealed class CountedStream : Stream
{
    private long length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => length += count;
}
