using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Plenary.Local.Tests.Tables;

/// <summary>What happens to one attempt before (or instead of) the real service.</summary>
public sealed record Fault(int Status, string? RetryAfter = null, bool AnswerLost = false)
{
    /// <summary>The request never arrives.</summary>
    public static Fault ConnectionLost { get; } = new(0);

    /// <summary>The service does its work, and nobody hears of it.</summary>
    public static Fault LostAnswer { get; } = new(0, AnswerLost: true);
}

/// <summary>Plays faults for the first attempts, one each, and then lets requests through to the real service.</summary>
public sealed class FaultyTransport(params Fault[] faults) : HttpPipelineTransport
{
    private static readonly HttpClientTransport Real = new(new HttpClient());
    private readonly Queue<Fault> left = new(faults);

    /// <summary>Every attempt: its method and address, and its Authorization header.</summary>
    public List<(string Method, Uri Uri, string Authorization)> Attempts { get; } = [];

    public override Request CreateRequest() => Real.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("The clients only send asynchronously.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        message.Request.Headers.TryGetValue("Authorization", out string? authorization);
        Attempts.Add((message.Request.Method.Method, message.Request.Uri.ToUri(), authorization ?? string.Empty));
        if (!left.TryDequeue(out Fault? fault))
        {
            await Real.ProcessAsync(message);
        }
        else if (fault.AnswerLost)
        {
            await Real.ProcessAsync(message);
            throw new RequestFailedException("The connection broke before the answer came.");
        }
        else if (fault.Status == 0)
        {
            throw new RequestFailedException("The connection broke.", new IOException("Connection reset by peer."));
        }
        else
        {
            message.Response = new CannedResponse(fault.Status, fault.RetryAfter);
        }
    }

    private sealed class CannedResponse(int status, string? retryAfter) : Response
    {
        public override int Status => status;

        public override string ReasonPhrase => "Canned";

        public override Stream? ContentStream { get; set; } = new MemoryStream();

        public override string ClientRequestId { get; set; } = string.Empty;

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() =>
            retryAfter is null ? [] : [new HttpHeader("Retry-After", retryAfter)];

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = string.Equals(name, "Retry-After", StringComparison.OrdinalIgnoreCase) ? retryAfter : null;
            return value is not null;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = TryGetHeader(name, out string? value) ? [value] : null;
            return values is not null;
        }
    }
}
