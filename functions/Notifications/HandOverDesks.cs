using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Nominations;
using Plenary.Shared;

namespace Plenary.Notifications;

/// <summary>
/// Hands an economy's desks to whoever is in post: one message for each project that was circulated, for as long as links to its desks live. Desks that need
/// not change hands see so themselves.
/// </summary>
public sealed class HandOverDesks(IProjects projects, IBus bus, TimeProvider clock)
{
    public async Task RunAsync(OfficerChanged changed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(changed);
        DateTimeOffset now = clock.GetUtcNow();
        Owed[] desks = [.. (await projects.ListAsync(cancellation))
            .Where(project => project.CirculatedAt is not null && now < project.EndsAt + Desk.LinksOutlive)
            .Select(project => new DeskToOpen(project.Code.ToString(), changed.Economy, changed.Handover, changed.AtTicks).ToOwed(project.Version))];
        await bus.SendAsync(Queues.OpenDesk, [.. desks.Select(desk => new BusMessage(desk.Id, desk.Body))], cancellation);
    }
}
