using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Plenary.Access;

namespace Plenary.Mail;

public sealed partial class ReceiveMailEventsEndpoint(
    ReceiveMailEvents receive, EventSignature signature, TimeProvider clock, ILogger<ReceiveMailEventsEndpoint> logger)
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
            return No(StatusCodes.Status413PayloadTooLarge, "too-large", "Send at most one megabyte at a time.");
        }

        string? given = request.Headers[EventSignature.SignatureHeader];
        string? timestamp = request.Headers[EventSignature.TimestampHeader];
        if (!signature.IsGood(given, timestamp, body, clock.GetUtcNow()))
        {
            Log.NotSigned(logger);
            return No(StatusCodes.Status401Unauthorized, "not-signed", "The signature is missing, wrong or more than five minutes old.");
        }

        try
        {
            await receive.RunAsync(MailEvent.ReadAll(body), cancellation);
            return TypedResults.NoContent();
        }
        catch (JsonException)
        {
            return No(StatusCodes.Status400BadRequest, "not-events", "Send an array of events.");
        }
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

    private static IResult No(int status, string code, string remedy) => TypedResults.Problem(
        statusCode: status, title: "The events were not taken.", detail: remedy, extensions: new Dictionary<string, object?> { ["code"] = code });

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Delivery events without a good signature were turned away.")]
        public static partial void NotSigned(ILogger logger);
    }
}
