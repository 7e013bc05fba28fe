#nullable enable

using System.Buffers;
using Azure.Core;

namespace Azure.Data.Tables.Protocol;

/// <summary>A request body in one rented array, given back when the request is disposed of.</summary>
internal sealed class PooledBuffer(int capacity) : RequestContent, IBufferWriter<byte>
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(capacity);

    internal int Length { get; private set; }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(Length);
    }

    public override bool TryComputeLength(out long length)
    {
        length = Length;
        return true;
    }

    public override void WriteTo(Stream stream, CancellationToken cancellation) => stream.Write(buffer, 0, Length);

    public override async Task WriteToAsync(Stream stream, CancellationToken cancellation) =>
        await stream.WriteAsync(buffer.AsMemory(0, Length), cancellation);

    public override void Dispose()
    {
        byte[] rented = Interlocked.Exchange(ref buffer, []);
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    internal void Write(ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(buffer.AsSpan(Length));
        Length += utf8.Length;
    }

    internal void Write(string text)
    {
        Reserve(text.Length * 3);
        Length += System.Text.Encoding.UTF8.GetBytes(text, buffer.AsSpan(Length));
    }

    private void Reserve(int size)
    {
        int needed = Length + Math.Max(size, 1);
        if (needed <= buffer.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
        buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
