namespace Plenary.Agenda;

/// <summary>
/// One relay of a partition at a time in this process. Every decision asks for one, and a run hands on all it finds: without turns a busy
/// partition would be read by all of them at once, each to delete what the others have deleted.
/// </summary>
public sealed class RelayTurns
{
    /// <summary>Partitions that are being relayed, and whether somebody has asked again since the run began.</summary>
    private readonly Dictionary<string, bool> running = new(StringComparer.Ordinal);

    /// <summary>
    /// Relays, unless that is being done: then whoever does it runs once more. Should they fail or die, their own message comes again and does
    /// for all, and the sweep stands behind it.
    /// </summary>
    public async Task RunAsync(string place, Func<Task> relay)
    {
        ArgumentNullException.ThrowIfNull(relay);
        lock (running)
        {
            if (running.ContainsKey(place))
            {
                running[place] = true;
                return;
            }

            running[place] = false;
        }

        try
        {
            do
            {
                await relay();
            }
            while (IsAskedAgain(place));
        }
        catch
        {
            lock (running)
            {
                running.Remove(place);
            }

            throw;
        }
    }

    /// <summary>Either there is one more run, or the turn is over: nobody can ask in between.</summary>
    private bool IsAskedAgain(string place)
    {
        lock (running)
        {
            if (running[place])
            {
                running[place] = false;
                return true;
            }

            running.Remove(place);
            return false;
        }
    }
}
