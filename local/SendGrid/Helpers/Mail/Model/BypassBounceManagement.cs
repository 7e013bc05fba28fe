using System.Text.Json.Serialization;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Mail;

public class BypassBounceManagement
{
    [JsonPropertyName("enable")]
    public bool Enable { get; set; }
}
