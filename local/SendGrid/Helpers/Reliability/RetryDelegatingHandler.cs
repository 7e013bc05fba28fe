using System.Security.Cryptography;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Reliability;

public class RetryDelegatingHandler : DelegatingHandler
{
    private readonly ReliabilitySettings settings;

    public RetryDelegatingHandler(ReliabilitySettings settings) => this.settings = settings;

    public RetryDelegatingHandler(HttpMessageHandler innerHandler, ReliabilitySettings settings)
        : base(innerHandler) => this.settings = settings;

    /// <summary>
    /// With retries set: an answer that may be retried becomes an <see cref="HttpRequestException"/> once they are used up,
    /// and a cancelled or timed-out call a <see cref="TimeoutException"/>. The official handler does the same.
    /// </summary>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (settings.MaximumNumberOfRetries == 0)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        for (int attempts = 0; ; attempts++)
        {
            try
            {
                HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
                return settings.RetriableServerErrorStatusCodes.Contains(response.StatusCode)
                    ? throw new HttpRequestException($"Http status code '{response.StatusCode}' indicates server error")
                    : response;
            }
            catch (TaskCanceledException)
            {
                if (attempts >= settings.MaximumNumberOfRetries)
                {
                    throw new TimeoutException();
                }
            }
            catch (HttpRequestException) when (attempts < settings.MaximumNumberOfRetries)
            {
            }

#pragma warning disable RS0030 // The official handler waits on the wall clock and has no seam for another.
            await Task.Delay(WaitAfter(attempts), CancellationToken.None);
#pragma warning restore RS0030
        }
    }

    private TimeSpan WaitAfter(int attempts)
    {
        int delta = (int)settings.DeltaBackOff.TotalMilliseconds;
        int spread = RandomNumberGenerator.GetInt32((int)(delta * 0.8), (int)(delta * 1.2) + 1);
        double wait = settings.MinimumBackOff.TotalMilliseconds + ((Math.Pow(2, attempts) - 1) * spread);
        return TimeSpan.FromMilliseconds(Math.Min(wait, settings.MaximumBackOff.TotalMilliseconds));
    }
}
