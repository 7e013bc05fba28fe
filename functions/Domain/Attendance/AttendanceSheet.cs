namespace Plenary.Domain;

/// <summary>Who was present at which session. A nominee nobody marked was absent.</summary>
public sealed class AttendanceSheet
{
    private readonly HashSet<int> numbers;
    private readonly Dictionary<string, HashSet<int>> present;

    /// <param name="present">Pairs of nomination and session number; pairs with an unknown session do not count, doubled ones count once.</param>
    public AttendanceSheet(IEnumerable<ProjectSession> sessions, IEnumerable<(string NominationId, int Session)> present)
    {
        ArgumentNullException.ThrowIfNull(present);
        numbers = [.. sessions.Select(session => session.Number)];
        this.present = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        foreach ((string nominationId, int session) in present)
        {
            if (!numbers.Contains(session))
            {
                continue;
            }

            if (!this.present.TryGetValue(nominationId, out HashSet<int>? attended))
            {
                this.present.Add(nominationId, attended = []);
            }

            attended.Add(session);
        }
    }

    /// <summary>How many came to at least one session.</summary>
    public int Attended => present.Count;

    public bool WasPresent(string nominationId, int session) => present.TryGetValue(nominationId, out HashSet<int>? attended) && attended.Contains(session);

    /// <summary>Sessions attended out of all sessions.</summary>
    public Share ShareOf(string nominationId) => new(present.TryGetValue(nominationId, out HashSet<int>? attended) ? attended.Count : 0, numbers.Count);

    public int CountPresent(int session) => present.Values.Count(attended => attended.Contains(session));
}
