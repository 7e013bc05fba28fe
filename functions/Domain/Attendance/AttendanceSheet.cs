namespace Plenary.Domain;

/// <summary>Who was present at which session. A nominee nobody marked was absent.</summary>
public sealed class AttendanceSheet
{
    private readonly HashSet<string> sessionIds;
    private readonly Dictionary<string, HashSet<string>> present;

    /// <param name="present">Pairs of nomination and session; pairs with an unknown session do not count, doubled ones count once.</param>
    public AttendanceSheet(IEnumerable<ProjectSession> sessions, IEnumerable<(string NominationId, string SessionId)> present)
    {
        ArgumentNullException.ThrowIfNull(present);
        sessionIds = new HashSet<string>(sessions.Select(session => session.Id), StringComparer.Ordinal);
        this.present = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach ((string nominationId, string sessionId) in present)
        {
            if (!sessionIds.Contains(sessionId))
            {
                continue;
            }

            if (!this.present.TryGetValue(nominationId, out HashSet<string>? attended))
            {
                this.present.Add(nominationId, attended = new HashSet<string>(StringComparer.Ordinal));
            }

            attended.Add(sessionId);
        }
    }

    /// <summary>How many came to at least one session.</summary>
    public int Attended => present.Count;

    public bool WasPresent(string nominationId, string sessionId) => present.TryGetValue(nominationId, out HashSet<string>? attended) && attended.Contains(sessionId);

    /// <summary>Sessions attended out of all sessions.</summary>
    public Share ShareOf(string nominationId) => new(present.TryGetValue(nominationId, out HashSet<string>? attended) ? attended.Count : 0, sessionIds.Count);

    public int CountPresent(string sessionId) => present.Values.Count(attended => attended.Contains(sessionId));
}
