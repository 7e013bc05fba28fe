#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Errors.Model;

/// <summary>The message of every exception in this namespace is one of these, written as JSON.</summary>
public class SendGridErrorResponse
{
    public int ErrorHttpStatusCode { get; set; }

    public string ErrorReasonPhrase { get; set; }

    public string SendGridErrorMessage { get; set; }

    public string FieldWithError { get; set; }

    public string HelpLink { get; set; }
}
