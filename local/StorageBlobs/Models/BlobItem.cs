namespace Azure.Storage.Blobs.Models;

public class BlobItem
{
    internal BlobItem()
    {
    }

    public string Name { get; internal set; }

    public bool Deleted { get; internal set; }

    public string Snapshot { get; internal set; }

    public string VersionId { get; internal set; }

    public BlobItemProperties Properties { get; internal set; }

    public IDictionary<string, string> Metadata { get; internal set; }
}
