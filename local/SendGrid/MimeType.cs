#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid;

public class MimeType
{
    public static readonly string Html = "text/html";

    public static readonly string Text = "text/plain";
}
