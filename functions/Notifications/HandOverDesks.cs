using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Nominations;
using Plenary.Shared;

namespace Plenary.Notifications;

/// <summary>Hands an economy's desks to its new officer: one message for each project that is circulated and not over.</summary>
public sealed class HandOverDesks(IProjects projects, IBus bus, TimeProvider clock)
{
    public async Task RunAsync(OfficerChanged changed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(changed);
        DateTimeOffset now = clock.GetUtcNow();
        Owed[] desks = [.. (await projects.ListAsync(cancellation))
            .Where(project => project.State == ProjectState.Circulated && now < project.EndsAt)
            .Select(project => new DeskToOpen(project.Code.ToString(), changed.Economy, changed.Handover).ToOwed(project.Version))];
        await bus.SendAsync(Queues.OpenDesk, [.. desks.Select(desk => new BusMessage(desk.Id, desk.Body))], cancellation);
    }
}
