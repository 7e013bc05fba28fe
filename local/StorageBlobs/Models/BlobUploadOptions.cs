namespace Azure.Storage.Blobs.Models;

public class BlobUploadOptions
{
    public BlobHttpHeaders HttpHeaders { get; set; }

    public IDictionary<string, string> Metadata { get; set; }

    public BlobRequestConditions Conditions { get; set; }

    public IProgress<long> ProgressHandler { get; set; }

    public StorageTransferOptions TransferOptions { get; set; }
}
