namespace Azure.Storage.Blobs.Models;

public class BlobDownloadResult
{
    internal BlobDownloadResult()
    {
    }

    public BlobDownloadDetails Details { get; internal set; }

    public BinaryData Content { get; internal set; }
}
