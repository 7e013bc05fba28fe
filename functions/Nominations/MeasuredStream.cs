using System.Security.Cryptography;

namespace Plenary.Nominations;

/// <summary>The file somebody sends went over the limit while it was read.</summary>
public sealed class DocumentTooLargeException : Exception
{
    public DocumentTooLargeException()
        : base("The document is larger than allowed.")
    {
    }

    public DocumentTooLargeException(string message)
        : base(message)
    {
    }

    public DocumentTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Reads on from another stream, counts and hashes what passes, and stops at the byte behind the limit. Holds nothing back.</summary>
public sealed class MeasuredStream(Stream inner, long most) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string? sha256;

    public long Count { get; private set; }

    /// <summary>Of all that was read; nothing may be read afterwards.</summary>
    public string Sha256 => sha256 ??= Convert.ToHexStringLower(hash.GetHashAndReset());

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Count;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Measure(buffer.AsSpan(offset), inner.Read(buffer, offset, count));

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        await ReadAsync(buffer.AsMemory(offset, count), cancellationToken);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken);
        return Measure(buffer.Span, read);
    }

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
            hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Measure(ReadOnlySpan<byte> buffer, int read)
    {
        Count += read;
        if (Count > most)
        {
            throw new DocumentTooLargeException();
        }

        hash.AppendData(buffer[..read]);
        return read;
    }
}
