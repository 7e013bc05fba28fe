namespace Plenary.Local.Tests.Blobs;

/// <summary>Bytes that follow from their position, made as they are read: as large as one likes at no cost.</summary>
internal sealed class PatternStream(long length, bool canSeek) : Stream
{
    private long at;

    public override bool CanRead => true;

    public override bool CanSeek => canSeek;

    public override bool CanWrite => false;

    public override long Length => canSeek ? length : throw new NotSupportedException();

    public override long Position
    {
        get => canSeek ? at : throw new NotSupportedException();
        set => at = canSeek ? value : throw new NotSupportedException();
    }

    public static byte At(long position) => (byte)((position * 31) >> 3);

    // Short and odd reads, as a socket gives them.
    public override int Read(byte[] buffer, int offset, int count)
    {
        int given = (int)Math.Min(Math.Min(count, 60_001), length - at);
        for (int index = 0; index < given; index++)
        {
            buffer[offset + index] = At(at + index);
        }

        at += given;
        return given;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
