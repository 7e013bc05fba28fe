using System.Text.Json.Serialization;

namespace Plenary.Local;

/// <summary>How the provider answers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BehaviourMode>))]
internal enum BehaviourMode
{
    [JsonStringEnumMemberName("accept")]
    Accept,

    /// <summary>Refuses with a status of one's choice, and keeps nothing.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,

    /// <summary>429, with the headers that say when to come back.</summary>
    [JsonStringEnumMemberName("throttle")]
    Throttle,

    /// <summary>Keeps the mail and breaks the connection instead of answering.</summary>
    [JsonStringEnumMemberName("drop-after-accept")]
    DropAfterAccept,

    [JsonStringEnumMemberName("unauthorized")]
    Unauthorized,

    /// <summary>Waits, then accepts.</summary>
    [JsonStringEnumMemberName("slow")]
    Slow,
}

/// <param name="Status">For <see cref="BehaviourMode.Fail"/>; 503 when not given.</param>
/// <param name="Until">From this instant on, mails are accepted again; null: no end.</param>
/// <param name="Count">How many requests it still meets; null: all.</param>
/// <param name="DelayMs">For <see cref="BehaviourMode.Slow"/>, on the injected clock; and, for <see cref="BehaviourMode.Throttle"/>
/// without an end, how far ahead the announced reset lies (a minute when not given).</param>
internal sealed record Behaviour(BehaviourMode Mode, int? Status = null, DateTimeOffset? Until = null, int? Count = null, int? DelayMs = null)
{
    public static readonly Behaviour Accepting = new(BehaviourMode.Accept);
}

/// <summary>The behaviour asked for, for as long as it was asked for. Of this process only.</summary>
internal sealed class ProviderBehaviour(TimeProvider clock)
{
    private readonly Lock gate = new();
    private Behaviour current = Behaviour.Accepting;

    public void Set(Behaviour behaviour)
    {
        lock (gate)
        {
            current = behaviour;
        }
    }

    public Behaviour Peek()
    {
        lock (gate)
        {
            if (current.Until <= clock.GetUtcNow() || current.Count <= 0)
            {
                current = Behaviour.Accepting;
            }

            return current;
        }
    }

    /// <summary>What the next request meets; uses up one of a limited count.</summary>
    public Behaviour Take()
    {
        lock (gate)
        {
            Behaviour taken = Peek();
            current = taken with { Count = taken.Count - 1 };
            return taken;
        }
    }
}
