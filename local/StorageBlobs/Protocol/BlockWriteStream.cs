#nullable enable

using System.Buffers;

namespace Azure.Storage.Blobs.Protocol;

/// <summary>Collects what is written into blocks; a flush makes all of them the blob.</summary>
internal sealed class BlockWriteStream(BlockUpload upload, int blockSize) : Stream
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(blockSize);
    private int filled;
    private long written;
    private bool isCommitted = true;
    private bool isClosed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !isClosed;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => written;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        while (!source.IsEmpty)
        {
            int count = Math.Min(source.Length, blockSize - filled);
            source[..count].CopyTo(buffer.AsMemory(filled));
            source = source[count..];
            filled += count;
            written += count;
            isCommitted = false;
            if (filled == blockSize)
            {
                await StageAsync(cancellationToken);
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (filled > 0)
        {
            await StageAsync(cancellationToken);
        }

        if (!isCommitted)
        {
            await upload.CommitAsync(cancellationToken);
            isCommitted = true;
        }
    }

    public override void Flush() => FlushAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override async ValueTask DisposeAsync()
    {
        if (!isClosed)
        {
            isClosed = true;
            await FlushAsync(CancellationToken.None);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }

        await base.DisposeAsync();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !isClosed)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        base.Dispose(disposing);
    }

    private async Task StageAsync(CancellationToken cancellation)
    {
        await upload.StageAsync(buffer.AsMemory(0, filled), upload.NextBlock(), cancellation);
        filled = 0;
    }
}
