namespace Azure.Storage.Blobs.Models;

public class BlobContentInfo
{
    internal BlobContentInfo()
    {
    }

    public ETag ETag { get; internal set; }

    public DateTimeOffset LastModified { get; internal set; }

    public byte[] ContentHash { get; internal set; }

    public string VersionId { get; internal set; }
}
