using System.Globalization;
using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Nominations;

/// <summary>Keeps what was typed about a nominee, complete or not. What had been submitted stays as it was until it is submitted again.</summary>
public sealed class SaveNomination(NominationTable table)
{
    /// <summary>A new draft in the last place. The same key twice is the same draft: a form posted twice at once makes one.</summary>
    public Task<Outcome<Nominee>> StartAsync(DeskCall call, string key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return table.ChangeAsync(call, (desk, batch) => DecideStart(call, desk, batch, key), cancellation);
    }

    /// <param name="type">Lays what was typed in this step over what is there.</param>
    public Task<Outcome<Nominee>> RunAsync(DeskCall call, string id, Func<TypedNominee, TypedNominee> type, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(type);
        return table.ChangeAsync(call, (desk, batch) => Decide(call, desk, batch, id, type), cancellation);
    }

    private static Outcome<Nominee>? DecideStart(DeskCall call, DeskRows desk, Batch batch, string key)
    {
        if (desk.Admit(call, null).Closed is { } closed)
        {
            return closed;
        }

        if (desk.FindKey(key) is { } earlier && desk.Find(earlier.Nominee) is { } made)
        {
            return made;
        }

        return Ranking.NextFree(desk.TakenRanks, desk.Desk.MostNominees).Then<Nominee>(rank =>
        {
            Nominee draft = Nominee.Start(Nominee.DrawId(), NomineeEntry.Empty, call.ReceivedAt);
            desk.InsertNominee(batch, draft, rank, key, "");
            DeskRows.Audit(batch, call, "nomination-started", draft.Id);
            return draft;
        });
    }

    private static Outcome<Nominee>? Decide(DeskCall call, DeskRows desk, Batch batch, string id, Func<TypedNominee, TypedNominee> type)
    {
        if (desk.Admit(call, id).Closed is { } closed)
        {
            return closed;
        }

        if (desk.Find(id) is not { } nominee)
        {
            return NotFound;
        }

        if (call.Draft is not null && nominee.State != NomineeState.Draft)
        {
            return new Refusal("draft-closed", $"The liaison officer of {desk.Desk.EconomyName} has submitted this already.", Remedy: "Write to the officer if something must be changed.");
        }

        (NomineeEntry entry, IReadOnlyList<Refusal> problems) = type(TypedNominee.Of(nominee.Entry)).Read();
        entry = desk.Desk.Eligibility.Keep(entry);
        List<Refusal> all = [.. problems];
        if (desk.HolderOf(entry.Email) is { } holder && holder != id)
        {
            all.Add(Nominate.EmailTaken);
        }

        if (all.Count > 0)
        {
            return Outcome<Nominee>.Refused(all);
        }

        return nominee.Save(entry, call.ReceivedAt).Then<Nominee>(saved =>
        {
            if (saved != nominee)
            {
                saved = AskEndorser.AgainIfChanged(call, desk, batch, saved);
                desk.ReplaceNominee(batch, saved);
                DeskRows.Audit(batch, call, "nomination-saved", id, saved.Endorsement is { } endorsement ? [("EndorsementNumber", endorsement.Number.ToString(CultureInfo.InvariantCulture))] : []);
            }

            return saved;
        });
    }

    internal static Refusal NotFound { get; } = new("nomination-not-found", "There is no such nomination at your desk.", Remedy: "Go back to the list.");
}
