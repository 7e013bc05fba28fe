using System.Globalization;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>How an offer is written: the place row that claims it, the offer, and everything it owes, in one transaction.</summary>
public sealed class OfferWriter(SelectionTable selections, IRegistry registry, IDecisions decisions)
{
    /// <summary>Until the project's own term, but never beyond its start.</summary>
    /// <param name="economy">The nominee's own, whose working days may count; null when the registry no longer has it.</param>
    public static DateTimeOffset ExpiryOf(Project project, Economy? economy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(project);
        DateTimeOffset term = project.Settings.OffersCountWorkingDays && economy is not null
            ? WorkingDays.EndOf(now, project.Settings.OfferStands, economy)
            : now + project.Settings.OfferStands;
        return term < project.StartsAt ? term : project.StartsAt;
    }

    /// <summary>Conflicts at the place when somebody holds it, at the offer when this nominee has one already.</summary>
    /// <param name="kept">The row of a place that was kept for this nominee's economy; null when the place is free.</param>
    public async Task<CommitResult> MakeAsync(Project project, SelectionDecision decision, PlaceName place, string cause, DateTimeOffset now, CancellationToken cancellation, Row? kept = null)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(decision);
        Economy? own = (await registry.ListAsync(cancellation)).FirstOrDefault(entry => entry.Economy.Id == decision.Economy)?.Economy;
        if (!Offer.Make(decision, place, now, ExpiryOf(project, own, now)).TryGet(out Offer? offer))
        {
            throw new InvalidOperationException($"An offer in {project.Code} cannot be made any more.");
        }

        string code = project.Code.ToString();
        (string economy, string nominationId) = CandidateId.Read(decision.NominationId);
        OfferRecord record = new(economy, nominationId, 1, offer);
        string version = record.Number.ToString(CultureInfo.InvariantCulture);
        Row claim = Row.Of(SelectionTable.PlaceOf(project.Code, place), ("Candidate", decision.NominationId));
        Batch batch = new(SelectionTable.PartitionOf(project.Code));
        _ = kept?.ETag is { } etag ? batch.Replace(Row.Stored(claim.Key, claim.Values, etag)) : batch.Insert(claim);
        batch.Insert(Row.Of(SelectionTable.OfferOf(project.Code, decision.NominationId), record, ("State", offer.State.ToString())))
            .Audit(new AuditEntry(now, "selection", "offer-made", decision.NominationId, new Dictionary<string, string>
            {
                ["place"] = place.ToString(),
                ["cause"] = cause,
            }))
            .Owe(new MailOwed(code, SelectionMails.OfferMade, $"nominee:{decision.NominationId}", decision.NominationId, version).ToOwed())
            .Owe(Term(project, record, offer, now));
        return await decisions.CommitAsync(selections.Table, batch, now, cancellation);
    }

    /// <summary>Settles or shortens an offer because the project changed.</summary>
    public Task<CommitResult> SettleAsync(
        Project project, Row row, OfferRecord before, Offer after, AuditEntry entry, IEnumerable<MailOwed> mails, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(entry);
        return SettleAsync(project.Code, row, before, after, entry, mails, cancellation, after.ExpiresAt == before.Offer.ExpiresAt ? [] : Term(project, before, after, entry.At));
    }

    /// <summary>Settles an offer; a place that falls free goes with it, and its successor is owed.</summary>
    public async Task<CommitResult> SettleAsync(
        ProjectCode code, Row row, OfferRecord before, Offer after, AuditEntry entry, IEnumerable<MailOwed> mails, CancellationToken cancellation, IEnumerable<Owed>? term = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(entry);
        Batch batch = new Batch(SelectionTable.PartitionOf(code))
            .Replace(row.With(before with { Offer = after }, ("State", after.State.ToString())))
            .Audit(entry)
            .Owe(mails.Select(mail => mail.ToOwed()))
            .Owe(term ?? []);
        if (before.Offer.HoldsPlace && !after.HoldsPlace)
        {
            RowKey key = SelectionTable.PlaceOf(code, before.Offer.Place);
            if (await selections.Table.FindAsync(key, cancellation) is { } place && place.Text("Candidate") == CandidateId.Of(before.Economy, before.NominationId))
            {
                batch.Delete(place);
            }

            batch.Owe(new Owed(
                Queues.PromoteAlternate,
                $"freed-{code}-{before.Offer.Place}-{Keys.Escape(CandidateId.Of(before.Economy, before.NominationId))}",
                Envelope.Write(new PlaceFreed(
                    code.ToString(), before.Offer.Place.ToString(), before.Economy, before.Offer.Pool, after.State == OfferState.Withdrawn ? before.NominationId : null))));
        }

        return await decisions.CommitAsync(selections.Table, batch, entry.At, cancellation);
    }

    /// <summary>Keeps a place for the economy whose participant gave it back, where the project lets it name somebody and the date is still to come.</summary>
    /// <returns>False when the place goes on to the next in line.</returns>
    public async Task<bool> KeepAsync(Project project, PlaceFreed freed, PlaceName place, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        ArgumentNullException.ThrowIfNull(freed);
        RegistryEntry? own = (await registry.ListAsync(cancellation)).FirstOrDefault(entry => entry.Economy.Id == freed.Economy);
        if (freed.Former is not { } former || own is null || !(now < project.ReplacementsCloseFor(own.Economy.Zone)))
        {
            return false;
        }

        string candidate = CandidateId.Of(freed.Economy, former);
        Batch batch = new Batch(SelectionTable.PartitionOf(project.Code))
            .Insert(Row.Of(SelectionTable.KeptOf(project.Code, candidate), ("Place", place.ToString())))
            .Insert(Row.Of(SelectionTable.PlaceOf(project.Code, place), ("Candidate", ""), (SelectionTable.KeptColumn, former)))
            .Audit(new AuditEntry(now, "selection", "place-kept", candidate, new Dictionary<string, string> { ["place"] = place.ToString() }))
            .Owe(new VacancyToOpen(project.Code.ToString(), freed.Economy, former, place.ToString(), freed.Pool).ToOwed());

        // A conflict means that a repeat of this message kept or gave the place already.
        await decisions.CommitAsync(selections.Table, batch, now, cancellation);
        return true;
    }

    /// <summary>A place that was kept goes to the next in line.</summary>
    public Task<CommitResult> PassOnAsync(ProjectCode code, Row kept, PlaceFreed freed, string former, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(kept);
        ArgumentNullException.ThrowIfNull(freed);
        Batch batch = new Batch(SelectionTable.PartitionOf(code))
            .Delete(kept)
            .Audit(new AuditEntry(now, "selection", "place-passed-on", CandidateId.Of(freed.Economy, former)))
            .Owe(new Owed(Queues.PromoteAlternate, $"passed-{code}-{freed.Place}-{Keys.Escape(CandidateId.Of(freed.Economy, former))}", Envelope.Write(freed)));
        return decisions.CommitAsync(selections.Table, batch, now, cancellation);
    }

    /// <summary>Expiry and reminders of an open offer.</summary>
    private static IEnumerable<Owed> Term(Project project, OfferRecord record, Offer offer, DateTimeOffset now)
    {
        string code = project.Code.ToString();
        string candidate = CandidateId.Of(record.Economy, record.NominationId);
        Owed expiry = new(
            Queues.ExpireOffer,
            string.Create(CultureInfo.InvariantCulture, $"expire-{code}-{Keys.Escape(candidate)}-{record.Number}-{offer.ExpiresAt.UtcTicks}"),
            Envelope.Write(new OfferDue(code, candidate, record.Number, offer.ExpiresAt.UtcTicks)),
            offer.ExpiresAt);
        return ReminderDue.Plan(code, Ladders.Offer, candidate, project.Settings.OfferReminderDays, offer.ExpiresAt, now).Prepend(expiry);
    }
}
