using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;
using Plenary.Shared.Telemetry;

namespace Plenary.Mail;

public sealed partial class ReceiveMailEventsEndpoint(
    ReceiveMailEvents receive, EventSignature signature, ILogger<ReceiveMailEventsEndpoint> logger)
{
    private const int MostBytes = 1024 * 1024;

    [Function("ReceiveMailEvents")]
    [OpenTo(Audience.SignedSystem)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/mail/events")] HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await ReadAsync(request.Body, cancellation) is not { } body)
        {
            return No(StatusCodes.Status413PayloadTooLarge, "events-too-large", "At most one megabyte of events is taken at a time.");
        }

        string? given = request.Headers[EventSignature.SignatureHeader];
        string? timestamp = request.Headers[EventSignature.TimestampHeader];
        if (!signature.IsGood(given, timestamp, body, request.ReceivedAt()))
        {
            Measures.SignatureFailures.Add(1);
            Log.NotSigned(logger);
            return No(StatusCodes.Status401Unauthorized, "events-not-signed", "The signature is missing, wrong or more than five minutes old.");
        }

        if (!MailEvent.TryReadAll(body, out IReadOnlyList<MailEvent>? events))
        {
            return No(StatusCodes.Status400BadRequest, "events-unreadable", "Events come as a JSON array of objects.");
        }

        await receive.RunAsync(events, cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Null when there is more than is taken.</summary>
    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellation)
    {
        using MemoryStream read = new();
        byte[] buffer = new byte[16 * 1024];
        for (int count; (count = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (read.Length + count > MostBytes)
            {
                return null;
            }

            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }

    private static IResult No(int status, string code, string reason) => Answers.Problem(status, [new Refusal(code, reason)]);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Delivery events without a good signature were turned away.")]
        public static partial void NotSigned(ILogger logger);
    }
}
