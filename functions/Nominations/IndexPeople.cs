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
public sealed class IndexPeople(NominationTable nominations, PersonTable people)
{
    public async Task RunAsync(PeopleToIndex message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        ProjectCode project = ProjectCode.Parse(message.Project);
        DeskRows? desk = message.Nominees.Count == 1
            ? await nominations.FindNomineeAsync(project, message.Economy, message.Nominees[0], cancellation)
            : await nominations.FindAsync(project, message.Economy, cancellation);
        foreach (string id in message.Nominees)
        {
            if (desk?.Find(id)?.Sent is { } sent)
            {
                await people.AddAsync(new PersonSeen(project, message.Economy, id), sent.Entry, cancellation);
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
