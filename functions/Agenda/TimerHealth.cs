using Microsoft.Extensions.Options;
using Plenary.Infra.Tables;
using Plenary.Shared;
using Plenary.Shared.Telemetry;

namespace Plenary.Agenda;

/// <summary>When the timer last ran to its end, and what it found lying.</summary>
public sealed record Beat(DateTimeOffset At, Backlog Backlog);

/// <summary>How long the timer has been silent, and what its last run found in the outbox: one point read.</summary>
public sealed class TimerHealth(ITables tables, IOptions<AgendaOptions> options, TimeProvider clock) : IHealthProbe
{
    /// <summary>So many periods without a run are no accident.</summary>
    private const int MostMissed = 3;

    /// <summary>Before the first run ever there is nothing else to count from.</summary>
    private readonly DateTimeOffset begun = clock.GetUtcNow();

    public string Name => "timer";

    public async Task<HealthLine> AskAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        Row? row = await tables.Get(AgendaTable.Name).FindAsync(AgendaTable.BeatKey, cancellation);
        Beat? beat = row?.Body<Beat>();
        TimeSpan age = now - (beat?.At ?? begun);
        double outbox = beat?.Backlog.OldestOwed is { } oldest ? (now - oldest).TotalSeconds : 0;
        Measures.TimerAge.Record(age.TotalSeconds);
        return new HealthLine(Name, age <= MostMissed * options.Value.Period(), new Dictionary<string, double>
        {
            ["timerAge"] = age.TotalSeconds,
            ["oldestOutboxRow"] = outbox,
        });
    }
}
