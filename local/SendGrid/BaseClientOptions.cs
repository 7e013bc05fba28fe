using System.Net.Http.Headers;
using SendGrid.Helpers.Reliability;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid;

public class BaseClientOptions
{
    public ReliabilitySettings ReliabilitySettings
    {
        get;
#pragma warning disable CA2208 // The official client names its field here.
        set => field = value ?? throw new ArgumentNullException("reliabilitySettings");
#pragma warning restore CA2208
    } = new();

    public Dictionary<string, string> RequestHeaders { get; set; } = [];

    public string Host { get; set; }

    public string Version { get; set; } = "v3";

    public string UrlPath { get; set; }

    public AuthenticationHeaderValue Auth { get; set; }

    public bool HttpErrorAsException { get; set; }
}
