using System.Text.Json.Serialization;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Mail;

public class MailSettings
{
    [JsonPropertyName("bcc")]
    public BCCSettings BccSettings { get; set; }

    [JsonPropertyName("bypass_list_management")]
    public BypassListManagement BypassListManagement { get; set; }

    [JsonPropertyName("bypass_spam_management")]
    public BypassSpamManagement BypassSpamManagement { get; set; }

    [JsonPropertyName("bypass_bounce_management")]
    public BypassBounceManagement BypassBounceManagement { get; set; }

    [JsonPropertyName("bypass_unsubscribe_management")]
    public BypassUnsubscribeManagement BypassUnsubscribeManagement { get; set; }

    [JsonPropertyName("footer")]
    public FooterSettings FooterSettings { get; set; }

    [JsonPropertyName("sandbox_mode")]
    public SandboxMode SandboxMode { get; set; }

    [JsonPropertyName("spam_check")]
    public SpamCheck SpamCheck { get; set; }
}
