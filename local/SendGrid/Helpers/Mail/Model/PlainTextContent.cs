#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Mail.Model;

public class PlainTextContent : Content
{
    public PlainTextContent(string value)
        : base(MimeType.Text, value)
    {
    }
}
