using System.Globalization;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Attendance;

/// <summary>Keeps who was present. What was recorded last counts; people who are no participants are refused by name of the row.</summary>
public sealed class RecordAttendance(ISelections selections, AttendanceTable attendance, IDecisions decisions)
{
    private const int RowsPerCommit = 90;

    /// <param name="presence">By candidate and session number; sessions that are not mentioned stay as they are.</param>
    /// <returns>How many participants' presence changed.</returns>
    public async Task<Outcome<int>> RunAsync(
        Project project, IReadOnlyDictionary<string, IReadOnlyDictionary<int, bool>> presence, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(presence);
        ArgumentNullException.ThrowIfNull(caller);
        HashSet<string> known = [.. (await selections.ListParticipantsAsync(project.Code, cancellation)).Select(participant => participant.Candidate)];
        if (presence.Keys.FirstOrDefault(candidate => !known.Contains(candidate)) is not null)
        {
            return new Refusal("participant-unknown", "The list names somebody who holds no place.", "present", "Open the page again; somebody may have given the place back.");
        }

        if (now < project.StartsAt && presence.Values.Any(sessions => sessions.Values.Any(there => there)))
        {
            return new Refusal("attendance-early", "The project has not begun yet.", "present", $"Record attendance from {ProjectCalendar.InZone(project.StartsAt, project.HostZone)} on.");
        }

        IReadOnlyDictionary<string, Row> stored = await attendance.ListPresenceAsync(project.Code, cancellation);
        List<Write> writes = [];
        foreach ((string candidate, IReadOnlyDictionary<int, bool> sessions) in presence)
        {
            Row? row = stored.GetValueOrDefault(candidate);
            IReadOnlyList<int> before = row?.Body<PresenceRecord>().Sessions ?? [];
            PresenceRecord after = new(candidate, [.. before
                .Where(number => !sessions.ContainsKey(number))
                .Concat(sessions.Where(session => session.Value).Select(session => session.Key))
                .Order()]);
            if (!after.Sessions.SequenceEqual(before) || row is null)
            {
                writes.Add(row is null
                    ? new Write(WriteKind.Insert, Row.Of(AttendanceTable.PresenceOf(project.Code, candidate), after, ("Sessions", after.Sessions.Count)))
                    : new Write(WriteKind.Replace, row.With(after, ("Sessions", after.Sessions.Count))));
            }
        }

        // Some ninety people a transaction: a crash in between leaves a part recorded, and sending the page again records the rest.
        foreach (Write[] part in writes.Chunk(RowsPerCommit))
        {
            Batch batch = new(AttendanceTable.PartitionOf(project.Code));
            foreach (Write write in part)
            {
                _ = write.Kind == WriteKind.Insert ? batch.Insert(write.Row) : batch.Replace(write.Row);
            }

            batch.Audit(new AuditEntry(now, caller.Actor, "attendance-recorded", project.Code.ToString(), new Dictionary<string, string>
            {
                ["participants"] = part.Length.ToString(CultureInfo.InvariantCulture),
            }));
            if (!(await decisions.CommitAsync(attendance.Table, batch, now, cancellation)).IsDone)
            {
                return new Refusal("attendance-changed-conflict", "Somebody else recorded attendance at the same moment.", "present", "Look at the page again, then repeat what is missing.");
            }
        }

        return writes.Count;
    }
}
