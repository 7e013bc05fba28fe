namespace Plenary.Support;

/// <summary>Stands for the end of the process: nothing catches it on purpose.</summary>
public sealed class CrashException : Exception
{
    public CrashException()
        : base("The process was killed here.")
    {
    }

    public CrashException(string message)
        : base(message)
    {
    }

    public CrashException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>
/// Numbers every call on a store, bus or provider, and kills the process at one of them: before the call, or after it had its effect.
/// Once dead, every further call fails too, until <see cref="Restart"/>.
/// </summary>
/// <param name="at">1 and up; beyond the last call nothing happens.</param>
/// <param name="afterEffect">The call takes effect, but nobody learns of it.</param>
public sealed class CrashPoints(int at, bool afterEffect) : ICallGate
{
    private int calls;
    private bool dead;

    public int Calls => calls;

    public bool HasCrashed { get; private set; }

    public void Restart() => dead = false;

    public Action? Enter(string call)
    {
        if (dead)
        {
            throw new CrashException();
        }

        bool isHere = Interlocked.Increment(ref calls) == at;
        return !isHere ? null : afterEffect ? () => throw Die() : throw Die();
    }

    private CrashException Die()
    {
        dead = true;
        HasCrashed = true;
        return new CrashException();
    }
}
