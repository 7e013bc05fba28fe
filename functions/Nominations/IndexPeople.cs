using Microsoft.Azure.Functions.Worker;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>Nominees were submitted, first or anew. Posted to <c>index-people</c>; the names are read when it is heard.</summary>
/// <param name="Nominees">Ids.</param>
public sealed record PeopleToIndex(string Project, string Economy, IReadOnlyList<string> Nominees)
{
    /// <param name="version">What makes this message another one than the last about the same nominees.</param>
    public Owed ToOwed(string version) =>
        new(Queues.IndexPeople, $"people-{Keys.Escape(Project)}-{Keys.Escape(Economy)}-{Keys.Escape(version)}", Envelope.Write(this));
}

/// <summary>Makes nominees findable by name and address across economies and projects. The same message twice changes nothing.</summary>
public sealed class IndexPeople(INominations nominations, PersonTable people)
{
    public async Task RunAsync(PeopleToIndex message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        ProjectCode project = ProjectCode.Parse(message.Project);
        foreach (string id in message.Nominees)
        {
            if (await nominations.FindAsync(project, message.Economy, id, cancellation) is { } nomination)
            {
                await people.AddAsync(new PersonSeen(project, message.Economy, id), nomination.Entry, cancellation);
            }
        }
    }
}

public sealed class IndexPeopleListener(IndexPeople indexPeople)
{
    [Function("IndexPeople")]
    public Task Run([ServiceBusTrigger(Queues.IndexPeople, Connection = Queues.Connection)] string message, CancellationToken cancellation) =>
        indexPeople.RunAsync(Envelope.Read<PeopleToIndex>(message), cancellation);
}
