using System.Globalization;
using System.Runtime.ExceptionServices;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Shared;

namespace Plenary.Mail;

/// <summary>
/// Brings one owed mail a step on its way. A message may come twice, late, or while another one about the same intent is being worked
/// on: the ledger decides, and whoever holds the claim sends.
/// </summary>
public sealed class SendMail(MailLedger ledger, MailComposers composers, Postbox postbox, IBus bus, TimeProvider clock)
{
    /// <summary>Clocks differ by no more than this.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>What some mails were composed from together may be this old when the last of them leaves.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Mails of one kind and project: claimed in one transaction, composed from one reading, then sent and marked one after another, so that
    /// a crash leaves no more than one of them truly in doubt.
    /// </summary>
    public async Task RunAsync(IReadOnlyList<MailOwed> some, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(some);
        DateTimeOffset now = clock.GetUtcNow();
        bool areAlike = some.Count > 1 && some.All(owed => (owed.Project, owed.Kind) == (some[0].Project, some[0].Kind));
        if (!areAlike || await ledger.InsertAllAsync([.. some.Select(owed => MailIntent.Waiting(owed, now).Claim(now))], cancellation) is not { } claims)
        {
            // Some were taken up before: what is to be done about each, the ledger tells.
            await RunEachAsync(some, cancellation);
            return;
        }

        int taken = 0;
        try
        {
            IReadOnlyList<Composition> compositions = await composers.For(some[0].Kind).ComposeAllAsync(some, now, cancellation);
            while (taken < claims.Count && clock.GetUtcNow() - now <= Fresh)
            {
                cancellation.ThrowIfCancellationRequested();
                int at = taken++;
                await FinishAsync(claims[at], compositions[at], now, cancellation);
            }
        }
        finally
        {
            // Nothing of these has left: the next delivery of the message can try at once.
            foreach (StoredIntent claim in claims.Skip(taken))
            {
                await ledger.ReplaceAsync(claim, MailIntent.Waiting(claim.Intent.Owed, now), CancellationToken.None);
            }
        }

        await RunEachAsync(some.Skip(taken), cancellation);
    }

    public async Task RunAsync(MailOwed owed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owed);
        DateTimeOffset now = clock.GetUtcNow();
        IComposeMail composer = composers.For(owed.Kind);
        MailIntent before = MailIntent.Waiting(owed, now);
        StoredIntent? claim = await ledger.InsertAsync(before.Claim(now), cancellation);
        if (claim is null)
        {
            (claim, before) = await TakeUpAsync(owed, now, cancellation);
        }

        if (claim is null)
        {
            return;
        }

        await FinishAsync(claim, await ComposeAsync(composer, claim, before, now, cancellation), now, cancellation);
    }

    /// <summary>One that fails keeps none of the others back; then the message comes again.</summary>
    private async Task RunEachAsync(IEnumerable<MailOwed> some, CancellationToken cancellation)
    {
        ExceptionDispatchInfo? first = null;
        foreach (MailOwed owed in some)
        {
            try
            {
                await RunAsync(owed, cancellation);
            }
#pragma warning disable CA1031 // Thrown below, once all have had their turn.
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                first ??= ExceptionDispatchInfo.Capture(failure);
            }
        }

        first?.Throw();
    }

    private async Task FinishAsync(StoredIntent claim, Composition composition, DateTimeOffset now, CancellationToken cancellation)
    {
        MailOwed owed = claim.Intent.Owed;

        // Claim, send, mark: a crash before the mark leaves a claim, which counts as a lost answer ten minutes later. The other
        // order, mark then send, would lose mails.
        MailIntent after;
        if (composition.Draft is { } draft)
        {
            MailAnswer answer = await postbox.PostAsync(owed, draft, now);
            after = await ledger.UpdateAsync(claim, intent => intent.After(answer, draft.Language, now), CancellationToken.None);
        }
        else
        {
            after = await ledger.UpdateAsync(claim, intent => intent.NotOwed(composition.NotOwed ?? "not-owed", now), CancellationToken.None);
        }

        if (after.LookAgainAt is { } at)
        {
            // Mark, then ask to be woken: a crash in between brings this message again, which asks then.
            await WakeAsync(owed, $"mail-{owed.Id}-{after.Attempts}", at, cancellation);
        }
    }

    /// <summary>The claim on an intent that is in the ledger already, if there is anything to do about it now.</summary>
    private async Task<(StoredIntent? Claim, MailIntent Before)> TakeUpAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        while (true)
        {
            StoredIntent known = await ledger.FindAsync(owed.Project, owed.Id, cancellation)
                ?? throw new InvalidOperationException($"Intent {owed.Id} has gone from the ledger.");
            MailStep step = known.Intent.Next(now);
            if (step.Kind is MailStepKind.Wait)
            {
                if (known.Intent.WakesFor(step.At, now + Skew))
                {
                    return (null, known.Intent);
                }

                // Under an id of its own: the broker may still remember the one that has just arrived, and drop a repeat of it. And later by as much as
                // our clock is behind the broker's, which has just brought what it held until the same instant.
                TimeSpan left = step.At - now;
                string id = string.Create(CultureInfo.InvariantCulture, $"mail-{owed.Id}-{known.Intent.Attempts}-{now.UtcTicks}");
                DateTimeOffset wakeAt = step.At + (left < Skew ? left : TimeSpan.Zero);

                // Asked first, noted then: a crash in between costs one message more, the other order would cost the mail. Unnoted, every copy of a
                // message would ask for one more, and each of those again.
                await WakeAsync(owed, id, wakeAt, cancellation);
                if (await ledger.ReplaceAsync(known, known.Intent with { WakeAt = wakeAt }, cancellation) is null)
                {
                    continue;
                }
            }

            if (step.Intent is not { } next)
            {
                return (null, known.Intent);
            }

            if (await ledger.ReplaceAsync(known, next, cancellation) is { } taken)
            {
                return (next.State is MailState.Sending ? taken : null, known.Intent);
            }

            // Somebody was faster: see what there is to do now.
        }
    }

    private async Task<Composition> ComposeAsync(
        IComposeMail composer, StoredIntent claim, MailIntent before, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return await composer.ComposeAsync(claim.Intent.Owed, now, cancellation);
        }
        catch
        {
            // Nothing has left: give the claim back, so that the next delivery of the message can try at once.
            await ledger.UpdateAsync(claim, intent => intent.ClaimedAt == claim.Intent.ClaimedAt && intent.State is MailState.Sending ? before with { WakeAt = intent.WakeAt } : intent, CancellationToken.None);
            throw;
        }
    }

    private Task WakeAsync(MailOwed owed, string id, DateTimeOffset at, CancellationToken cancellation) =>
        bus.SendAsync(Queues.SendMail, [new BusMessage(id, Envelope.Write(owed), at)], cancellation);
}
