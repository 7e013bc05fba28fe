namespace Plenary.Domain;

/// <summary>One session of a project, in the project's own zone.</summary>
/// <param name="Id">Short and stable, such as <c>day-1</c>; the column name in presence lists.</param>
/// <param name="End">After <paramref name="Start"/>: a session does not cross midnight.</param>
public sealed record PresenceSession(string Id, DateOnly Day, string Name, TimeOnly Start, TimeOnly End)
{
    /// <summary>Sessions by day and start, or everything that is wrong with them.</summary>
    public static Outcome<IReadOnlyList<PresenceSession>> Arrange(IEnumerable<PresenceSession> sessions)
    {
        List<PresenceSession> arranged = [.. sessions.OrderBy(session => session.Day).ThenBy(session => session.Start).ThenBy(session => session.Id, StringComparer.Ordinal)];
        List<Refusal> refusals = [];
        HashSet<string> ids = new(StringComparer.OrdinalIgnoreCase);
        foreach (PresenceSession session in arranged)
        {
            if (string.IsNullOrWhiteSpace(session.Id) || !ids.Add(session.Id))
            {
                refusals.Add(new Refusal("session-id-taken", $"The session id \u201C{session.Id}\u201D is empty or used twice.", "sessions", "Give each session its own id."));
            }

            if (session.End <= session.Start)
            {
                refusals.Add(new Refusal(
                    "session-ends-early",
                    $"Session {session.Id} on {session.Day:yyyy-MM-dd} ends at {session.End:HH:mm}, not after its start at {session.Start:HH:mm}.",
                    "sessions",
                    "Correct the times."));
            }
        }

        return refusals.Count > 0 ? Outcome<IReadOnlyList<PresenceSession>>.Refused(refusals) : arranged;
    }
}
