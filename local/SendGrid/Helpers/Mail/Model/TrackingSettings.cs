using System.Text.Json.Serialization;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Mail;

public class TrackingSettings
{
    [JsonPropertyName("click_tracking")]
    public ClickTracking ClickTracking { get; set; }

    [JsonPropertyName("open_tracking")]
    public OpenTracking OpenTracking { get; set; }

    [JsonPropertyName("subscription_tracking")]
    public SubscriptionTracking SubscriptionTracking { get; set; }

    [JsonPropertyName("ganalytics")]
    public Ganalytics Ganalytics { get; set; }
}
