namespace Azure.Storage.Blobs.Models;

public class BlobDownloadStreamingResult : IDisposable
{
    internal BlobDownloadStreamingResult()
    {
    }

    public BlobDownloadDetails Details { get; internal set; }

    public Stream Content { get; internal set; }

    public void Dispose() => Content?.Dispose();
}
