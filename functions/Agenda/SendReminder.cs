using Microsoft.Extensions.Logging;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared;

namespace Plenary.Agenda;

/// <summary>Takes one step of a ladder: asks the slice that stands behind it who still owes something now, and has them written to.</summary>
public sealed partial class SendReminder(IEnumerable<IRemind> ladders, ITables tables, IBus bus, TimeProvider clock, ILogger<SendReminder> logger)
{
    public async Task RunAsync(ReminderDue step, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(step);
        DateTimeOffset now = clock.GetUtcNow();
        IRemind ladder = ladders.SingleOrDefault(ladder => ladder.Ladder == step.Ladder)
            ?? throw new InvalidOperationException($"Nobody stands behind the ladder {step.Ladder}.");
        ITable taken = tables.Get(ReminderTable.Name);
        if (await taken.FindAsync(ReminderTable.KeyOf(step), cancellation) is not null)
        {
            // Taken before: asking again would write to whoever has come to owe something since.
            return;
        }

        Reminding reminding = step.IsSupersededAt(now) ? Reminding.Skip("superseded") : await ladder.WhoStillOwesAsync(step, now, cancellation);
        IReadOnlyList<MailOwed> mails = reminding.Skipped is null ? reminding.Mails : [];

        // Post, then note: a crash in between posts the same mails under the same ids, the other order would lose the step.
        await bus.SendAsync(Queues.SendMail, MailsOwed.ToMessages(mails), cancellation);
        ReminderTaken note = new(step, now, reminding.Skipped, mails.Count);
        await taken.CommitAsync(new Batch(step.Project).Insert(ReminderTable.ToRow(note)), cancellation);
        if (note.Skipped is { } code)
        {
            Log.Skipped(logger, step.Project, step.Ladder, step.Subject, step.Step(), code.Replace('-', ' '));
        }
        else
        {
            Log.Taken(logger, step.Project, step.Ladder, step.Subject, step.Step(), note.Mails);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Reminder {Ladder} {Step} of {Project}/{Subject}: {Count} to write to.")]
        public static partial void Taken(ILogger logger, string project, string ladder, string subject, string step, int count);

        [LoggerMessage(2, LogLevel.Warning, "Reminder {Ladder} {Step} of {Project}/{Subject} skipped: {Reason}.")]
        public static partial void Skipped(ILogger logger, string project, string ladder, string subject, string step, string reason);
    }
}

/// <summary>A step that has been taken, or knowingly not.</summary>
/// <param name="Skipped">Why nobody was written to, such as <c>too-late</c>; null when the step was taken.</param>
/// <param name="Mails">How many still owed something.</param>
public sealed record ReminderTaken(ReminderDue Step, DateTimeOffset At, string? Skipped, int Mails);

/// <summary>Keys and rows of the steps taken; owned by this slice.</summary>
public static class ReminderTable
{
    public const string Name = "Reminders";

    public static RowKey KeyOf(ReminderDue step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return new RowKey(step.Project, $"{Keys.Escape(step.Ladder)}|{Keys.Escape(step.Subject)}|{step.Step()}|{Keys.Ticks(step.AnchorTicks)}");
    }

    public static Row ToRow(ReminderTaken taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        return Row.Of(KeyOf(taken.Step), taken, ("Ladder", taken.Step.Ladder), ("Outcome", taken.Skipped ?? "taken"), ("Mails", taken.Mails));
    }
}

/// <summary>What became of the reminders of a project, for every slice to read.</summary>
public interface IReminders
{
    Task<IReadOnlyList<ReminderTaken>> ListAsync(string project, CancellationToken cancellation);
}

/// <inheritdoc />
public sealed class Reminders(ITables tables) : IReminders
{
    public async Task<IReadOnlyList<ReminderTaken>> ListAsync(string project, CancellationToken cancellation)
    {
        List<ReminderTaken> found = [];
        await foreach (Row row in tables.Get(ReminderTable.Name).ListAsync(project, KeyRange.All, cancellation))
        {
            found.Add(row.Body<ReminderTaken>());
        }

        return [.. found.OrderBy(taken => taken.At)];
    }
}
