#nullable enable

namespace Azure.Storage.Blobs.Protocol;

/// <summary>Reads a blob piece by piece as it is asked for, so that it can be sought in.</summary>
internal sealed class RangeReadStream(
    long length, long position, int bufferSize, Func<HttpRange, Memory<byte>, CancellationToken, Task> fetch)
    : Stream
{
    private readonly byte[] buffer = new byte[(int)Math.Clamp(Math.Min(bufferSize, length), 1, int.MaxValue)];
    private long bufferStart;
    private int bufferLength;
    private long at = position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => at;
        set => at = value >= 0 && value <= length ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (at >= length || destination.IsEmpty)
        {
            return 0;
        }

        if (at < bufferStart || at >= bufferStart + bufferLength)
        {
            int size = (int)Math.Min(buffer.Length, length - at);
            bufferLength = 0;
            await fetch(new HttpRange(at, size), buffer.AsMemory(0, size), cancellationToken);
            (bufferStart, bufferLength) = (at, size);
        }

        int from = (int)(at - bufferStart);
        int count = Math.Min(destination.Length, bufferLength - from);
        buffer.AsMemory(from, count).CopyTo(destination);
        at += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => at + offset,
        SeekOrigin.End => length + offset,
        _ => throw new ArgumentOutOfRangeException(nameof(origin)),
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
