using System.Text.Json.Serialization;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Mail;

public class ClickTracking
{
    [JsonPropertyName("enable")]
    public bool? Enable { get; set; }

    [JsonPropertyName("enable_text")]
    public bool? EnableText { get; set; }
}
