namespace Azure.Storage.Blobs.Models;

public class BlobInfo
{
    internal BlobInfo()
    {
    }

    public ETag ETag { get; internal set; }

    public DateTimeOffset LastModified { get; internal set; }

    public string VersionId { get; internal set; }
}
