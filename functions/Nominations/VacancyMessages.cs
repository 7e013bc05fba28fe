using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>A place fell free that this economy may fill; it is kept for it. Posted to <c>open-vacancy</c>.</summary>
/// <param name="Former">Id of the nomination that held it.</param>
/// <param name="Pool">The pool of the person who held it.</param>
public sealed record VacancyToOpen(string Project, string Economy, string Former, string Place, Pool Pool)
{
    public Owed ToOwed() => new(Queues.OpenVacancy, $"vacancy-{Project}-{Keys.Escape(Economy)}-{Former}", Envelope.Write(this));
}

/// <summary>The last moment for naming somebody has passed, and with it all that came in before. Void when it has moved since, or somebody was named.</summary>
public sealed record VacancyDue(string Project, string Economy, string Former, long UntilTicks)
{
    public Owed ToOwed() => new(
        Queues.EndVacancy,
        string.Create(CultureInfo.InvariantCulture, $"vacancy-over-{Project}-{Keys.Escape(Economy)}-{Former}-{UntilTicks}"),
        Envelope.Write(this),
        new DateTimeOffset(UntilTicks, TimeSpan.Zero) + Vacancy.Writes);
}
