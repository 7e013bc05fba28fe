namespace Azure.Storage.Blobs.Models;

public class BlobOpenWriteOptions
{
    public long? BufferSize { get; set; }

    public BlobRequestConditions OpenConditions { get; set; }

    public IProgress<long> ProgressHandler { get; set; }

    public BlobHttpHeaders HttpHeaders { get; set; }

    public IDictionary<string, string> Metadata { get; set; }
}
