namespace Azure.Storage.Blobs.Models;

public class BlobRequestConditions : BlobLeaseRequestConditions
{
    public string LeaseId { get; set; }
}
