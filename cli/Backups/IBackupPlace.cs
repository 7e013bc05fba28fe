using Azure;
using Plenary.Infra.Blobs;

namespace Plenary.Cli.Backups;

/// <summary>Where a backup lies.</summary>
internal interface IBackupPlace
{
    Task<bool> IsEmptyAsync(CancellationToken cancellation);

    /// <summary>The file is there when this returns, and not before.</summary>
    Task WriteAsync(string name, Func<Stream, Task> write, CancellationToken cancellation);

    /// <summary>Null when there is none.</summary>
    Task<Stream?> OpenReadAsync(string name, CancellationToken cancellation);
}

/// <summary>A folder of this machine. File names are those of the backup, so a folder can be looked through with any tool.</summary>
internal sealed class FolderPlace(string folder) : IBackupPlace
{
    public Task<bool> IsEmptyAsync(CancellationToken cancellation) =>
        Task.FromResult(!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any());

    public async Task WriteAsync(string name, Func<Stream, Task> write, CancellationToken cancellation)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? folder);
        await using FileStream file = new(path + ".part", FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024);
        await write(file);
        await file.FlushAsync(cancellation);
        file.Close();
        File.Move(path + ".part", path, overwrite: true);
    }

    public Task<Stream?> OpenReadAsync(string name, CancellationToken cancellation)
    {
        string path = PathOf(name);
        return Task.FromResult<Stream?>(File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024) : null);
    }

    private string PathOf(string name)
    {
        string path = Path.GetFullPath(Path.Combine(folder, name));
        return path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new InvalidOperationException("A name in the backup leads out of its folder.");
    }
}

/// <summary>A blob container beside those of the app; each file goes by way of the disk, so that memory holds none.</summary>
internal sealed class ContainerPlace(IBlobs blobs, string container) : IBackupPlace
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    public async Task<bool> IsEmptyAsync(CancellationToken cancellation)
    {
        await blobs.CreateAsync([container], cancellation);
        try
        {
            return !await blobs.ListAsync(container, "", cancellation).AnyAsync(cancellation);
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            // A dry run has not made it.
            return true;
        }
    }

    public async Task WriteAsync(string name, Func<Stream, Task> write, CancellationToken cancellation)
    {
        await using FileStream file = new(
            Path.Combine(Path.GetTempPath(), $"plenary-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        await write(file);
        file.Position = 0;
        await blobs.UploadAsync(container, name, file, "application/octet-stream", NoMetadata, cancellation);
    }

    public Task<Stream?> OpenReadAsync(string name, CancellationToken cancellation) => blobs.OpenReadAsync(container, name, cancellation);
}
