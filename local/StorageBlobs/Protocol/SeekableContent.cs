#nullable enable

using Azure.Core;

namespace Azure.Storage.Blobs.Protocol;

/// <summary>Sends a stream from where it stands now, again on each attempt, and leaves it open.</summary>
internal sealed class SeekableContent(Stream stream, IProgress<long>? progress) : RequestContent
{
    private readonly long origin = stream.Position;

    public override bool TryComputeLength(out long length)
    {
        length = stream.Length - origin;
        return true;
    }

    public override void WriteTo(Stream destination, CancellationToken cancellation)
    {
        stream.Position = origin;
        stream.CopyTo(destination);
        progress?.Report(stream.Position - origin);
    }

    public override async Task WriteToAsync(Stream destination, CancellationToken cancellation)
    {
        stream.Position = origin;
        await stream.CopyToAsync(destination, cancellation);
        progress?.Report(stream.Position - origin);
    }

    public override void Dispose()
    {
    }
}
