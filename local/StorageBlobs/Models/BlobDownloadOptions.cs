namespace Azure.Storage.Blobs.Models;

public class BlobDownloadOptions
{
    public HttpRange Range { get; set; }

    public BlobRequestConditions Conditions { get; set; }

    public IProgress<long> ProgressHandler { get; set; }
}
