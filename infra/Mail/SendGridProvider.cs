using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Plenary.Infra.Telemetry;
using SendGrid;
using SendGrid.Helpers.Mail;

namespace Plenary.Infra.Mail;

/// <summary>Over SendGrid's v3 Web API. No retries of its own: the ledger of owed mail decides about them.</summary>
public sealed class SendGridProvider(HttpClient http, IOptions<SendGridOptions> options) : IMailProvider
{
    private readonly SendGridOptions settings = options.Value;
    private readonly SendGridClient client = new(http, new SendGridClientOptions { ApiKey = options.Value.ApiKey, Host = options.Value.Host });

    /// <summary>
    /// The connection to send over: it gives up on finding and reaching the host well before the attempt as a whole would, so that a mail that cannot
    /// have left is told from one whose fate is unknown.
    /// </summary>
    /// <param name="timeoutSeconds">How long one attempt may take; half of it goes to the connection at most.</param>
    public static SocketsHttpHandler Connect(int timeoutSeconds) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(timeoutSeconds / 2.0),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    public async Task<MailAnswer> SendAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mail);
        SendGridMessage message = ToMessage(mail);
        using Activity? span = Traces.Source.StartActivity("SendGrid mail/send", ActivityKind.Client);
        MailAnswer answer = await PostAsync(message, now, cancellation);
        span?.SetTag("mail.answer", answer.Kind.ToString()).SetTag("http.response.status_code", answer.Status);
        return answer;
    }

    private async Task<MailAnswer> PostAsync(SendGridMessage message, DateTimeOffset now, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        try
        {
            Response answer = await client.SendEmailAsync(message, patience.Token);
            return Read(answer.StatusCode, answer.Headers, now);
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            // No byte of the mail left this machine.
            return new MailAnswer(MailAnswerKind.TryLater, null, 0);
        }
        catch (OperationCanceledException late) when (late.InnerException is TimeoutException && !patience.IsCancellationRequested)
        {
            // The connection was not made in its time.
            return new MailAnswer(MailAnswerKind.TryLater, null, 0);
        }
        catch (HttpRequestException)
        {
            return new MailAnswer(MailAnswerKind.Unknown, null, 0);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new MailAnswer(MailAnswerKind.Unknown, null, 0);
        }
    }

    private static MailAnswer Read(HttpStatusCode status, HttpResponseHeaders headers, DateTimeOffset now)
    {
        int code = (int)status;
        return code switch
        {
            >= 200 and < 300 => new MailAnswer(MailAnswerKind.Accepted, First(headers, "X-Message-Id"), code),
            429 => new MailAnswer(MailAnswerKind.TryLater, null, code, ResetAfter(headers, now)),
            401 or 403 => new MailAnswer(MailAnswerKind.Unauthorized, null, code),

            // A gateway that waited in vain does not know whether the mail was taken.
            504 => new MailAnswer(MailAnswerKind.Unknown, null, code),
            408 or >= 500 => new MailAnswer(MailAnswerKind.TryLater, null, code),
            _ => new MailAnswer(MailAnswerKind.Refused, null, code),
        };
    }

    private static TimeSpan? ResetAfter(HttpResponseHeaders headers, DateTimeOffset now) =>
        long.TryParse(First(headers, "X-RateLimit-Reset"), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) &&
        DateTimeOffset.FromUnixTimeSeconds(seconds) is var reset && reset > now
            ? reset - now
            : null;

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers is not null && headers.TryGetValues(name, out IEnumerable<string>? found) ? found.FirstOrDefault() : null;

    private SendGridMessage ToMessage(OutgoingMail mail)
    {
        SendGridMessage message = new();
        message.SetFrom(new EmailAddress(settings.FromAddress, settings.FromName));
        if (!string.IsNullOrEmpty(settings.ReplyToAddress))
        {
            message.SetReplyTo(new EmailAddress(settings.ReplyToAddress, settings.FromName));
        }

        message.AddTo(new EmailAddress(mail.ToAddress, mail.ToName));
        message.SetSubject(mail.Subject);
        message.AddContent(MimeType.Text, mail.Text);
        message.AddContent(MimeType.Html, mail.Html);
        foreach (string category in mail.Categories)
        {
            message.AddCategory(category);
        }

        foreach ((string name, string value) in mail.Tags)
        {
            message.AddCustomArg(name, value);
        }

        foreach ((string name, string value) in mail.Headers)
        {
            message.AddHeader(name, value);
        }

        foreach (MailAttachment attachment in mail.Attachments)
        {
            message.AddAttachment(attachment.FileName, Convert.ToBase64String(attachment.Content), attachment.Type, "attachment");
        }

        // Personal links must arrive as they were written: no rewriting, no pixel.
        message.SetClickTracking(false, false);
        message.SetOpenTracking(false);
        if (settings.Sandbox)
        {
            message.MailSettings = new MailSettings { SandboxMode = new SandboxMode { Enable = true } };
        }

        return message;
    }
}
