namespace Plenary.Infra.Mail;

/// <summary>A file within a mail.</summary>
/// <param name="Type">At most with a calendar method (<c>text/calendar; method=REQUEST</c>): SendGrid refuses other parameters, a charset included.</param>
public sealed record MailAttachment(string FileName, string Type, byte[] Content);

/// <summary>One mail to one person.</summary>
/// <param name="Tags">Come back with every delivery event; ids only.</param>
public sealed record OutgoingMail(
    string ToAddress,
    string ToName,
    string Subject,
    string Text,
    string Html,
    IReadOnlyList<string> Categories,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<MailAttachment> Attachments);

/// <summary>How the provider took it.</summary>
public enum MailAnswerKind
{
    /// <summary>It is the provider's now.</summary>
    Accepted,

    /// <summary>Not taken, certainly: try again later.</summary>
    TryLater,

    /// <summary>Not taken, and never will be as it is.</summary>
    Refused,

    /// <summary>Not taken: our key is not accepted. Nothing else will be either.</summary>
    Unauthorized,

    /// <summary>Perhaps taken: the answer was lost.</summary>
    Unknown,
}

/// <param name="MessageId">The provider's, when accepted.</param>
/// <param name="Status">Its HTTP status; 0 when there was no answer.</param>
/// <param name="RetryAfter">As the provider asks; null when it does not say.</param>
public sealed record MailAnswer(MailAnswerKind Kind, string? MessageId, int Status, TimeSpan? RetryAfter = null);

/// <summary>Hands a mail to the provider, once.</summary>
public interface IMailProvider
{
    Task<MailAnswer> SendAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken cancellation);
}
