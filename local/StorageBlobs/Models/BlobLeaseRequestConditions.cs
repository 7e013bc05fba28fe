namespace Azure.Storage.Blobs.Models;

public class BlobLeaseRequestConditions : RequestConditions
{
    public string TagConditions { get; set; }
}
