using System.Text.Json.Serialization;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Mail;

public class Ganalytics
{
    [JsonPropertyName("enable")]
    public bool? Enable { get; set; }

    [JsonPropertyName("utm_source")]
    public string UtmSource { get; set; }

    [JsonPropertyName("utm_medium")]
    public string UtmMedium { get; set; }

    [JsonPropertyName("utm_term")]
    public string UtmTerm { get; set; }

    [JsonPropertyName("utm_content")]
    public string UtmContent { get; set; }

    [JsonPropertyName("utm_campaign")]
    public string UtmCampaign { get; set; }
}
