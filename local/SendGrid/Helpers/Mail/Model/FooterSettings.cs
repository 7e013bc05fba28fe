using System.Text.Json.Serialization;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Mail;

public class FooterSettings
{
    [JsonPropertyName("enable")]
    public bool Enable { get; set; }

    [JsonPropertyName("text")]
    public string Text { get; set; }

    [JsonPropertyName("html")]
    public string Html { get; set; }
}
