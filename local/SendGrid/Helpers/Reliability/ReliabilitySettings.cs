using System.Net;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Reliability;

public class ReliabilitySettings
{
    /// <summary>No retries: the first answer is the answer.</summary>
    public ReliabilitySettings()
        : this(0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero)
    {
    }

    public ReliabilitySettings(int maximumNumberOfRetries, TimeSpan minimumBackoff, TimeSpan maximumBackOff, TimeSpan deltaBackOff)
    {
        Require(maximumNumberOfRetries >= 0, nameof(maximumNumberOfRetries), "maximumNumberOfRetries must be greater than 0");
        Require(maximumNumberOfRetries <= 5, nameof(maximumNumberOfRetries), "The maximum number of retries allowed is 5");
        Require(minimumBackoff >= TimeSpan.Zero, nameof(minimumBackoff), "minimumBackoff must be greater than 0");
        Require(maximumBackOff >= TimeSpan.Zero, nameof(maximumBackOff), "maximumBackOff must be greater than 0");
        Require(maximumBackOff <= TimeSpan.FromSeconds(30), nameof(maximumBackOff), "maximumBackOff must be less than 30 seconds");
        Require(deltaBackOff >= TimeSpan.Zero, nameof(deltaBackOff), "deltaBackOff must be greater than 0");
        Require(minimumBackoff <= maximumBackOff, nameof(minimumBackoff), "minimumBackoff must be less than maximumBackOff");
        MaximumNumberOfRetries = maximumNumberOfRetries;
        MinimumBackOff = minimumBackoff;
        MaximumBackOff = maximumBackOff;
        DeltaBackOff = deltaBackOff;
    }

    public int MaximumNumberOfRetries { get; }

    public TimeSpan MinimumBackOff { get; }

    public TimeSpan MaximumBackOff { get; }

    public TimeSpan DeltaBackOff { get; }

    public List<HttpStatusCode> RetriableServerErrorStatusCodes { get; } = [.. DefaultRetriableServerErrorStatusCodes];

    public static List<HttpStatusCode> DefaultRetriableServerErrorStatusCodes { get; } =
    [
        HttpStatusCode.InternalServerError,
        HttpStatusCode.BadGateway,
        HttpStatusCode.ServiceUnavailable,
        HttpStatusCode.GatewayTimeout,
    ];

    private static void Require(bool holds, string parameter, string message)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(parameter, message);
        }
    }
}
