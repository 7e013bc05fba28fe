namespace Plenary.Simulation;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>The store or broker answers 503 for longer than its client repeats; nothing happened.</summary>
    Fails,

    /// <summary>It happened, the answer was lost, and the client's own repeat meets what it did itself.</summary>
    AnswerLost,

    /// <summary>It happened, and the client never learns.</summary>
    AnswerLostForGood,

    /// <summary>The process is killed before the call.</summary>
    CrashBefore,

    /// <summary>The process is killed when the call has had its effect.</summary>
    CrashAfter,

    /// <summary>The process is killed when it has replied.</summary>
    CrashAfterReply,

    /// <summary>The broker takes and gives nothing for some hours.</summary>
    BrokerDown,

    /// <summary>Messages come again after they were completed, up to fifty times.</summary>
    Redelivery,

    /// <summary>Locks run out while the work goes on: two consumers have the same message.</summary>
    LocksLost,

    /// <summary>The provider says 429 or 5xx for some sends.</summary>
    ProviderPutsOff,

    /// <summary>The provider takes mails and drops the connection.</summary>
    ProviderTakesSilently,

    /// <summary>The provider drops the connection and takes nothing.</summary>
    ProviderDrops,

    /// <summary>Delivery events come 46 times, out of order, late.</summary>
    EventStorm,

    /// <summary>The timer misses occurrences.</summary>
    TimerLost,

    /// <summary>Two instances run each occurrence at once.</summary>
    TimerTwice,

    /// <summary>Lists come in pages of few rows or none.</summary>
    ShortPages,

    /// <summary>A message that nobody can read lies in every queue.</summary>
    Poison,
}

/// <summary>One fault of a run.</summary>
/// <param name="Step">The step of the story from whose beginning on it is in force.</param>
/// <param name="Call">For those that strike a call on a port: the how manieth after that.</param>
/// <param name="Amount">Hours, times or calls, as the kind has it.</param>
/// <param name="Point">Strikes the call of this name instead of a counted one; <paramref name="Call"/> says its how manieth occurrence in the whole story.</param>
public sealed record Fault(FaultKind Kind, int Step, int Call, int Amount, string? Point = null)
{
    public bool StrikesCalls => Kind <= FaultKind.CrashAfterReply;

    public override string ToString() => Point is null
        ? $"{Kind} from step {Step}{(StrikesCalls ? $" at call {Call}" : $", {Amount}")}"
        : $"{Kind} at {Point}, occurrence {Call}";
}
