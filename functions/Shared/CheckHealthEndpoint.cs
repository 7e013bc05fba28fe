using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;

namespace Plenary.Shared;

/// <summary>
/// For whoever watches: <c>/health/live</c> asks nothing, <c>/health/ready</c> asks every part; ages are in seconds. No names, no addresses,
/// no versions.
/// </summary>
public sealed class CheckHealthEndpoint(CheckHealth checkHealth)
{
    [Function("CheckHealth")]
    [OpenTo(Audience.Public)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/{kind:regex(^(live|ready)$)}")] HttpRequest request, string kind, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        IReadOnlyList<HealthLine> lines = kind == "live" ? [] : await checkHealth.RunAsync(cancellation);
        bool isHealthy = lines.All(line => line.IsHealthy);
        return Answers.Ok(
            new
            {
                status = isHealthy ? "healthy" : "unhealthy",
                parts = lines.ToDictionary(line => line.Name, line => line.IsHealthy),
                figures = lines.SelectMany(line => line.Figures ?? new Dictionary<string, double>()).ToDictionary(figure => figure.Key, figure => Math.Round(figure.Value)),
            },
            isHealthy ? 200 : 503);
    }
}
