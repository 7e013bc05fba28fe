using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;

namespace Plenary.Access;

/// <summary>Replaces the people of one economy by what an officer of the secretariat typed, all problems at once.</summary>
public sealed class SaveOfficers(RegistryTable registry, IDecisions decisions)
{
    /// <summary>Each may owe two looks at the desks, and all of it is one transaction.</summary>
    public const int MostOfficers = 40;

    public async Task<Outcome<RegistryEntry>> RunAsync(string economyId, IReadOnlyList<Officer> officers, bool isActive, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await registry.Table.FindAsync(RegistryTable.KeyOf(economyId), cancellation) is not { } row)
        {
            return new Refusal("economy-not-found", "There is no such economy in the registry.");
        }

        if (officers.Count > MostOfficers)
        {
            return new Refusal("registry-too-large", $"One economy has {MostOfficers} people at the most.", Remedy: "Leave out those whose time is over.");
        }

        RegistryEntry before = row.Body<RegistryEntry>();
        RegistryEntry after = new(before.Economy with { IsActive = isActive }, officers);
        Batch batch = new(RegistryTable.Partition);
        batch.Replace(row.With(after))
            .Owe(OfficerChanged.Between(before, after, batch.OperationId, now))
            .Audit(new AuditEntry(now, caller.Actor, "registry-changed", economyId, new Dictionary<string, string>
            {
                ["officers"] = officers.Count.ToString(CultureInfo.InvariantCulture),
            }));
        CommitResult result = await decisions.CommitAsync(registry.Table, batch, now, cancellation);
        registry.Forget();
        return result.IsDone
            ? after
            : new Refusal("registry-changed-conflict", "Somebody else changed this economy at the same moment.", Remedy: "Look at it again, then repeat your change.");
    }
}
