using System.Text.RegularExpressions;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Mail;

public partial class MailHelper
{
    public static SendGridMessage CreateSingleEmail(EmailAddress from, EmailAddress to, string subject, string plainTextContent, string htmlContent)
    {
        SendGridMessage message = Started(from, plainTextContent, htmlContent);
        message.SetSubject(subject);
        message.AddTo(to);
        return message;
    }

    public static SendGridMessage CreateSingleEmailToMultipleRecipients(EmailAddress from, List<EmailAddress> tos, string subject, string plainTextContent, string htmlContent)
    {
        SendGridMessage message = Started(from, plainTextContent, htmlContent);
        message.SetGlobalSubject(subject);
        for (int index = 0; index < tos.Count; index++)
        {
            message.AddTo(tos[index], index);
        }

        return message;
    }

    /// <summary>Reads <c>Name &lt;address&gt;</c> or a bare address; what fits neither becomes the address as it is.</summary>
    public static EmailAddress StringToEmailAddress(string rfc2822Email)
    {
        Match match = NameAndAddress().Match(rfc2822Email);
        return match.Success
            ? new EmailAddress(match.Groups["email"].Value.Trim(), match.Groups["name"].Value.Trim())
            : new EmailAddress(rfc2822Email, rfc2822Email.Contains('@', StringComparison.Ordinal) ? "" : null);
    }

    private static SendGridMessage Started(EmailAddress from, string plainTextContent, string htmlContent)
    {
        SendGridMessage message = new();
        message.SetFrom(from);
        if (!string.IsNullOrEmpty(plainTextContent))
        {
            message.AddContent(MimeType.Text, plainTextContent);
        }

        if (!string.IsNullOrEmpty(htmlContent))
        {
            message.AddContent(MimeType.Html, htmlContent);
        }

        return message;
    }

    [GeneratedRegex("^(?<name>[^<]*)<(?<email>[^>]*@[^>]*)>")]
    private static partial Regex NameAndAddress();
}
