#nullable enable

namespace Azure.Storage.Blobs.Protocol;

/// <summary>A download that asks for the rest when the connection breaks, and only of the very same version.</summary>
internal sealed class ResumingStream(
    Stream first, long offset, long? length, int resumptions, IProgress<long>? progress,
    Func<HttpRange, CancellationToken, Task<Stream>> resume)
    : Stream
{
    private Stream current = first;
    private long read;
    private int left = resumptions;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length ?? throw new NotSupportedException();

    public override long Position
    {
        get => read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                int count = await current.ReadAsync(buffer, cancellationToken);
                if (count == 0 && buffer.Length > 0 && length is { } whole && read < whole)
                {
                    throw new IOException($"The download ended after {read} of {whole} bytes.");
                }

                read += count;
                progress?.Report(read);
                return count;
            }
            catch (Exception failure) when (
                failure is IOException or RequestFailedException { Status: 0 } && left > 0 && !cancellationToken.IsCancellationRequested)
            {
                left--;
                await current.DisposeAsync();
                HttpRange rest = new(offset + read, length is { } whole ? whole - read : null);
                current = await resume(rest, cancellationToken);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            current.Dispose();
        }

        base.Dispose(disposing);
    }
}
