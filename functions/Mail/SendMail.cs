using System.Globalization;
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

        Composition composition = await ComposeAsync(composer, claim, before, now, cancellation);

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
