using System.Globalization;
using System.Text;

namespace Plenary.Support;

/// <summary>One HTTP/1.1 message as it came over the wire: its first lines and its body, byte for byte.</summary>
internal sealed record HttpFrame(string Head, byte[] Body)
{
    public string FirstLine => Head[..Head.IndexOf('\r', StringComparison.Ordinal)];

    /// <summary>As sent: a body that came in chunks is kept with their marks.</summary>
    public byte[] Bytes => [.. Encoding.Latin1.GetBytes(Head), .. Body];

    public string? Header(string name)
    {
        foreach (string line in Head.Split("\r\n").Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return null;
    }

    /// <summary>An answer of our own, with a body of JSON.</summary>
    public static HttpFrame Answer(int status, string json, params IEnumerable<(string Name, string Value)> headers)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);
        StringBuilder head = new();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Fault\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n");
        foreach ((string name, string value) in headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return new HttpFrame(head.Append("\r\n").ToString(), body);
    }
}

/// <summary>Reads messages one after another from one side of a line.</summary>
internal sealed class HttpFrames(Stream stream)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    /// <param name="isBodiless">Answers to HEAD have a length and no body.</param>
    /// <returns>Null when the other side has hung up between two messages.</returns>
    public async Task<HttpFrame?> ReadAsync(bool isBodiless, CancellationToken cancellation)
    {
        StringBuilder head = new();
        do
        {
            if (await NextAsync(cancellation) is not { } next)
            {
                return head.Length == 0 ? null : throw new IOException("The line broke within the head of a message.");
            }

            head.Append((char)next);
        }
        while (head.Length < 4 || head[^1] != '\n' || head[^2] != '\r' || head[^3] != '\n' || head[^4] != '\r');

        HttpFrame frame = new(head.ToString(), []);
        if (isBodiless || frame.FirstLine.Split(' ') is ["HTTP/1.1", "204" or "304", ..])
        {
            return frame;
        }

        using MemoryStream body = new();
        if (frame.Header("Transfer-Encoding") is not null)
        {
            await ReadChunksAsync(body, cancellation);
        }
        else if (frame.Header("Content-Length") is { } length)
        {
            await CopyAsync(body, long.Parse(length, CultureInfo.InvariantCulture), cancellation);
        }

        return frame with { Body = body.ToArray() };
    }

    private async Task ReadChunksAsync(MemoryStream body, CancellationToken cancellation)
    {
        while (true)
        {
            string size = await LineAsync(body, cancellation);
            int length = int.Parse(size.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await CopyAsync(body, length, cancellation);
            if (length > 0)
            {
                await LineAsync(body, cancellation);
                continue;
            }

            while ((await LineAsync(body, cancellation)).Length > 0)
            {
                // Trailers, until the empty line.
            }

            return;
        }
    }

    private async Task<string> LineAsync(MemoryStream copy, CancellationToken cancellation)
    {
        StringBuilder line = new();
        while (line.Length < 2 || line[^1] != '\n' || line[^2] != '\r')
        {
            byte next = await NextAsync(cancellation) ?? throw new IOException("The line broke within a chunk.");
            copy.WriteByte(next);
            line.Append((char)next);
        }

        return line.ToString(0, line.Length - 2);
    }

    private async Task CopyAsync(MemoryStream to, long count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (start == end && !await FillAsync(cancellation))
            {
                throw new IOException("The line broke within a body.");
            }

            int piece = (int)Math.Min(count, end - start);
            to.Write(buffer, start, piece);
            start += piece;
            count -= piece;
        }
    }

    private async ValueTask<byte?> NextAsync(CancellationToken cancellation) =>
        start < end || await FillAsync(cancellation) ? buffer[start++] : null;

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        start = 0;
        end = await stream.ReadAsync(buffer, cancellation);
        return end > 0;
    }
}
