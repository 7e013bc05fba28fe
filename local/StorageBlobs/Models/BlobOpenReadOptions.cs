namespace Azure.Storage.Blobs.Models;

public class BlobOpenReadOptions
{
    public BlobOpenReadOptions(bool allowModifications)
    {
        AllowModifications = allowModifications;
    }

    public long Position { get; set; }

    public int? BufferSize { get; set; }

    public BlobRequestConditions Conditions { get; set; }

    internal bool AllowModifications { get; }
}
