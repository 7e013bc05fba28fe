using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Plenary.Infra.Blobs;
using Plenary.Infra.Identity;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Shared;

/// <summary>Makes the tables and containers on one machine, before the first request.</summary>
public sealed class StoreCreation(ITables tables, IBlobs blobs, IEnumerable<NeededStores> needed, IOptions<AzureOptions> options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.CreateStores)
        {
            return;
        }

        await Task.WhenAll(
            tables.CreateAsync(needed.SelectMany(one => one.Tables).Append(OutboxNames.Markers).Distinct(), cancellationToken),
            blobs.CreateAsync(needed.SelectMany(one => one.Containers).Distinct(), cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
