using System.Diagnostics;
using Plenary.Support;

namespace Plenary.Faults.Hook;

/// <summary>Carries out a <see cref="CrashOrder"/>: the process ends as with kill -9, in the midst of whatever else it does.</summary>
internal sealed class ProcessGate(string file) : ICallGate
{
    private readonly Lock gate = new();
    private CrashOrder? order;
    private int calls;

    public Action? Enter(string call)
    {
        lock (gate)
        {
            if (CrashOrder.Read(file) is not { } current)
            {
                (order, calls) = (null, 0);
                return null;
            }

            if (order != current)
            {
                (order, calls) = (current, 0);
            }

            Console.WriteLine(CrashOrder.Line(++calls, call));
            if (calls != current.At)
            {
                return null;
            }
        }

        if (order.AfterEffect)
        {
            return Die;
        }

        Die();
        return null;
    }

    private static void Die()
    {
        using Process self = Process.GetCurrentProcess();
        self.Kill();
        throw new CrashException();
    }
}
