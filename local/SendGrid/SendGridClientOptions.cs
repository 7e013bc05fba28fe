using System.Net.Http.Headers;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid;

public class SendGridClientOptions : BaseClientOptions
{
    public SendGridClientOptions() => Host = "https://api.sendgrid.com";

    public string ApiKey
    {
        get;
        set
        {
            if (string.IsNullOrWhiteSpace(value))
            {
#pragma warning disable CA2208 // The official client names its field here.
                throw new ArgumentNullException("apiKey");
#pragma warning restore CA2208
            }

            field = value;
            Auth = new AuthenticationHeaderValue("Bearer", value);
        }
    }

    public SendGridClientOptions SetDataResidency(string region)
    {
        if (string.IsNullOrWhiteSpace(region))
        {
            throw new ArgumentNullException(nameof(region));
        }

        Host = region switch
        {
            "eu" => "https://api.eu.sendgrid.com/",
            "global" => "https://api.sendgrid.com/",
            _ => throw new InvalidOperationException("Region can only be 'global' or 'eu'."),
        };
        return this;
    }
}
