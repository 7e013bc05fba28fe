using System.Diagnostics;
using System.Text.Json;
using Plenary.Agenda;
using Plenary.Benchmarks.Figures;
using Plenary.Benchmarks.Stores;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Benchmarks.Volume;

/// <summary>The reminder before the start, to everybody who has confirmed: from the ladder's step to the mail that the provider has.</summary>
internal static class ReminderBench
{
    private const string Part = "reminders";
    private const int PerEconomy = 10;
    private const int Economies = 100;
    private const int PerProject = PerEconomy * Economies;

    /// <summary>What the provider takes to answer.</summary>
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(20);

    /// <summary>As many as host.json lets run at once.</summary>
    public static int AtOnce { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))
        .RootElement.GetProperty("extensions").GetProperty("serviceBus").GetProperty("maxConcurrentCalls").GetInt32();

    public static async Task<IReadOnlyList<SheetLine>> RunAsync(int count, int timed, Action<string> say)
    {
        say($"{count:#,0} reminders, counted");
        using Rig counted = new();
        (long mails, long sendCalls) = await SendAsync(counted, count);
        Meter total = counted.Tables.Total;

        say($"{timed:#,0} reminders, timed");
#pragma warning disable RS0030 // The mailbox answers in real time.
        using Rig slow = new(mailbox: () => Task.Delay(Answer, TimeProvider.System));
#pragma warning restore RS0030
        long start = Stopwatch.GetTimestamp();
        (long sent, _) = await SendAsync(slow, timed);
        double rate = sent / Stopwatch.GetElapsedTime(start).TotalSeconds;
        double ceiling = AtOnce / Answer.TotalSeconds;
        double each = mails;
        return
        [
            SheetLine.Ratio(Part, $"{mails:#,0} reminders: writing storage transactions for each mail (claim, mark; steps and notes included)", total.Commits / each).AtMost(2.1, "≤ 2, amortised"),
            SheetLine.Ratio(Part, "all storage requests for each mail, reading the state anew included", total.Requests / each).AtMost(2, "≤ 2, amortised"),
            SheetLine.Ratio(Part, $"messages in each call of the bus, {MailsOwed.Most} mails in each", mails / (double)MailsOwed.Most / sendCalls).AtLeast(99, "batches of up to 100"),
            SheetLine.Ratio(Part, $"mails a second over the most that {AtOnce} at once can send to a mailbox that answers in {Answer.TotalMilliseconds:0} ms", rate / ceiling, "%"),
            SheetLine.Of(Part, $"the same, mails a second ({sent:#,0} of them)", rate, "/s"),
            SheetLine.Of(Part, "point reads, pages of queries, writes for each mail", total.Requests / each, "", $"{SheetLine.Words(total.PointReads / each, "")}, {SheetLine.Words(total.Pages / each, "")}, {SheetLine.Words(total.Commits / each, "")}"),
        ];
    }

    /// <summary>Confirmed participants of so many projects of a thousand each, and the step that is due.</summary>
    public static async Task<IReadOnlyList<ReminderDue>> PutParticipantsAsync(Rig rig, int count)
    {
        IReadOnlyList<Project> projects = Rig.Projects(Math.Max(1, count / PerProject));
        rig.Tables.Put(new SyntheticNominations(projects, Economies, PerEconomy));
        await rig.PutAsync(projects, Economies);
        foreach (Project project in projects)
        {
            int number = 0;
            for (int economy = 0; economy < Economies; economy++)
            {
                for (int rank = 1; rank <= PerEconomy && number < count; rank++)
                {
                    string id = SyntheticNominations.NomineeId(economy, rank);
                    string candidate = CandidateId.Of(SyntheticNominations.EconomyId(economy), id);
                    Offer offer = new(
                        candidate,
                        SyntheticNominations.EconomyId(economy),
                        Pool.Overseas,
                        new PlaceName(Pool.Overseas, ++number),
                        project.ClosesAt,
                        project.StartsAt,
                        OfferState.Accepted,
                        project.ClosesAt.AddHours(1));
                    Row row = Row.Of(SelectionTable.OfferOf(project.Code, candidate), new OfferRecord(SyntheticNominations.EconomyId(economy), id, 1, offer), ("State", offer.State.ToString()));
                    await rig.Stored[SelectionTable.Name].CommitAsync(new Batch(row.Key.Partition).Insert(row), default);
                }
            }
        }

        rig.Clock.Now = projects[0].StartsAt.AddDays(-7);
        return [.. projects.Select(project => new ReminderDue(project.Code.ToString(), Ladders.Start, "", -7, project.StartsAt.UtcTicks))];
    }

    /// <summary>Takes the messages of the queue as the host does, so many at once.</summary>
    public static async Task<long> DrainAsync(Rig rig, int atOnce)
    {
        Queue<BusMessage> waiting = new(rig.Bus.Take().Where(sent => sent.Queue == Queues.SendMail).Select(sent => sent.Message));
        long taken = waiting.Sum(message => MailsOwed.Read(message.Body).Count);
        Lock gate = new();
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => TakeAsync()));
        return taken;

        async Task TakeAsync()
        {
            while (true)
            {
                BusMessage? message;
                lock (gate)
                {
                    if (!waiting.TryDequeue(out message))
                    {
                        return;
                    }
                }

                await rig.RunAsync<SendMail>(use => use.RunAsync(MailsOwed.Read(message.Body), default));
            }
        }
    }

    private static async Task<(long Mails, long Calls)> SendAsync(Rig rig, int count)
    {
        long mails = 0;
        foreach (ReminderDue step in await PutParticipantsAsync(rig, count))
        {
            await rig.RunAsync<SendReminder>(use => use.RunAsync(step, default));
            mails += await DrainAsync(rig, AtOnce);
        }

        return rig.Mailbox.Taken == mails
            ? (mails, rig.Bus.Calls)
            : throw new InvalidOperationException($"{mails} reminders were owed, {rig.Mailbox.Taken} reached the mailbox.");
    }
}
