using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Plenary.Local;

/// <summary>What runs at the moment, so that the host can say it is idle and end without cutting anything off.</summary>
internal sealed class Runs(FunctionExecutionDelegate pipeline, IServiceScopeFactory scopes) : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource cutOff = new();
    private int requests;
    private int background;

    public int Count => Volatile.Read(ref requests) + Volatile.Read(ref background);

    /// <summary>Cancelled when no new work may be taken.</summary>
    public CancellationToken Stopping => stopping.Token;

    public async Task RunRequestAsync(Invocation invocation)
    {
        Interlocked.Increment(ref requests);
        try
        {
            await pipeline(invocation);
        }
        finally
        {
            Interlocked.Decrement(ref requests);
        }
    }

    /// <summary>Counts a piece of work outside requests until it is disposed; includes settling a message.</summary>
    public IDisposable Begin()
    {
        Interlocked.Increment(ref background);
        return new Piece(this);
    }

    /// <summary>Runs a timer or queue function in a scope of its own. What it throws comes out.</summary>
    public async Task RunInScopeAsync(Func<IServiceProvider, CancellationToken, Invocation> make)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        await pipeline(make(scope.ServiceProvider, cutOff.Token));
    }

    public void Stop() => stopping.Cancel();

    /// <summary>
    /// Waits for the loops, which end with the work they have in hand, and for what was started by hand; after
    /// <paramref name="patience"/> asks all of it to stop, and waits a little more.
    /// </summary>
    /// <returns>Whether all of it ended.</returns>
    public async Task<bool> DrainAsync(Task loops, TimeSpan patience, TimeSpan more)
    {
        if (await EndsWithinAsync(loops, patience))
        {
            return true;
        }

        await cutOff.CancelAsync();
        return await EndsWithinAsync(loops, more);
    }

    public void Dispose()
    {
        stopping.Dispose();
        cutOff.Dispose();
    }

    private async Task<bool> EndsWithinAsync(Task loops, TimeSpan patience)
    {
        long start = MovableClock.Machine.GetTimestamp();
        while (!loops.IsCompleted || Volatile.Read(ref background) > 0)
        {
            if (MovableClock.Machine.GetElapsedTime(start) > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), MovableClock.Machine);
        }

        return true;
    }

    private sealed class Piece(Runs runs) : IDisposable
    {
        private int ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref ended, 1) == 0)
            {
                Interlocked.Decrement(ref runs.background);
            }
        }
    }
}
