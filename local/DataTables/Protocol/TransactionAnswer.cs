#nullable enable

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure.Core;

namespace Azure.Data.Tables.Protocol;

/// <summary>Takes the multipart answer of a transaction apart, line by line.</summary>
internal static class TransactionAnswer
{
    internal static List<Response> Read(ReadOnlySpan<byte> body, string clientRequestId)
    {
        List<Response> parts = new(8);
        Part? part = null;
        bool inHeaders = false;
        while (!body.IsEmpty)
        {
            int end = body.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? body : body[..end];
            if (part is not null && !inHeaders && !line.StartsWith("--"u8))
            {
                // Content runs to the next boundary; the line break before that belongs to the boundary.
                int length = body.IndexOf("\r\n--"u8);
                ReadOnlySpan<byte> content = length < 0 ? body : body[..length];
                part.Fill(content.Trim("\r\n"u8));
                part = null;
                body = length < 0 ? [] : body[(length + 2)..];
                continue;
            }

            line = line.TrimEnd((byte)'\r');
            body = end < 0 ? [] : body[(end + 1)..];
            if (line.StartsWith("HTTP/1.1 "u8))
            {
                line = line["HTTP/1.1 "u8.Length..];
                if (!Utf8Parser.TryParse(line, out int status, out int used))
                {
                    throw new FormatException("A part of the transaction's answer has no status.");
                }

                part = new Part(status, Encoding.UTF8.GetString(line[used..].Trim((byte)' ')), clientRequestId);
                parts.Add(part);
                inHeaders = true;
            }
            else if (inHeaders && line.IsEmpty)
            {
                inHeaders = false;
            }
            else if (inHeaders && part is not null)
            {
                int colon = line.IndexOf((byte)':');
                if (colon > 0)
                {
                    part.Add(Encoding.UTF8.GetString(line[..colon]), Encoding.UTF8.GetString(line[(colon + 1)..].Trim((byte)' ')));
                }
            }
            else if (line.StartsWith("--"u8))
            {
                part = null;
            }
        }

        return parts;
    }

    private sealed class Part(int status, string reason, string clientRequestId) : Response
    {
        private readonly List<HttpHeader> headers = new(8);

        public override int Status => status;

        public override string ReasonPhrase => reason;

        public override Stream? ContentStream { get; set; }

        public override string ClientRequestId { get; set; } = clientRequestId;

        public override bool IsError => status >= 400;

        public override void Dispose()
        {
        }

        internal void Add(string name, string value) => headers.Add(new HttpHeader(name, value));

        internal void Fill(ReadOnlySpan<byte> content)
        {
            if (!content.IsEmpty)
            {
                byte[] copy = content.ToArray();
                ContentStream = new MemoryStream(copy, 0, copy.Length, writable: false, publiclyVisible: true);
            }
        }

        protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers;

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            foreach (HttpHeader header in headers)
            {
                if (string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))
                {
                    value = header.Value;
                    return true;
                }
            }

            value = null;
            return false;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            bool found = TryGetHeader(name, out string? value);
            values = found ? [value ?? string.Empty] : null;
            return found;
        }
    }
}
