using System.Globalization;
using Plenary.Agenda;
using Plenary.Benchmarks.Figures;
using Plenary.Benchmarks.Stores;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Selection;
using Session = Plenary.Access.Session;

namespace Plenary.Benchmarks.Volume;

/// <summary>What waits for what: with 10 ms for every call of a store, the bus or the mailbox, how long a use case takes, and how many waits that is in a row.</summary>
internal static class WaitsBench
{
    private const string Part = "waits";
    private const int MillisecondsEach = 10;

    public static async Task<IReadOnlyList<SheetLine>> RunAsync(Action<string> say)
    {
        List<SheetLine> figures = [];
        await AddAsync("one nomination by JSON", 4, NominateAsync);
        await AddAsync("closing 1,000 nominations", 12, CloseAsync);
        await AddAsync("approving a selection of 50 and making the offers", 30, ApproveAsync);
        await AddAsync("taking the step of 1,000 reminders (who still owes, all messages)", 22, rig => RemindAsync(rig));
        await AddAsync($"sending those 1,000 mails, {ReminderBench.AtOnce} at once", (1000 / ReminderBench.AtOnce * 4) + 8, SendAsync);
        return figures;

        async Task AddAsync(string what, int most, Func<Rig, Task<Func<Task>>> prepare)
        {
            say(what);
            bool counts = false;
            Waves waves = new();
            using Rig rig = new(() => counts ? waves.WaitAsync() : Task.CompletedTask);
            Func<Task> work = await prepare(rig);
            counts = true;
            waves.Run(work);
            figures.Add(SheetLine.Of(
                Part,
                $"{what}: waits in a row, of so many calls",
                waves.Count,
                "",
                string.Create(CultureInfo.InvariantCulture, $"{waves.Count:#,0} of {waves.Calls:#,0} calls; {waves.Count * MillisecondsEach:#,0} ms at {MillisecondsEach} ms a call")).AtMost(most));
        }
    }

    private static async Task<Func<Task>> NominateAsync(Rig rig)
    {
        Project project = await PutProjectAsync(rig);
        string economy = SyntheticNominations.EconomyId(1);
        Row gate = SyntheticNominations.Gate(project, economy, 60);
        await rig.Stored[NominationTable.Name].CommitAsync(new Batch(gate.Key.Partition).Insert(gate), default);
        DeskCall call = new(project.Code, economy, new Session(Access.LinkPurpose.Desk, project.Code.ToString(), economy, 1, project.EndsAt.UtcTicks), Rig.Open);
        return () => rig.RunAsync<Nominate>(use => use.RunAsync(call, "key-1", TypedNominee.Of(SyntheticNominations.Entry("n1")), "1", default));
    }

    private static async Task<Func<Task>> CloseAsync(Rig rig)
    {
        Project project = await PutProjectAsync(rig);
        rig.Tables.Put(new SyntheticNominations([project], 25, 40));
        rig.Clock.Now = project.ClosesAt.AddSeconds(1);
        return () => rig.RunAsync<CloseNominations>(use => use.RunAsync(new NominationsDue(project.Code.ToString(), project.ClosesAt.UtcTicks), default));
    }

    private static async Task<Func<Task>> ApproveAsync(Rig rig)
    {
        Project project = await PutProjectAsync(rig);
        rig.Tables.Put(new SyntheticNominations([project], 25, 12));
        rig.Clock.Now = project.ClosesAt.AddHours(1);
        Outcome<SelectionRecord> proposed = await rig.RunAsync<ProposeSelection, Outcome<SelectionRecord>>(use => use.RunAsync(project.Code, Rig.Officer, rig.Clock.Now, default));
        string digest = proposed.TryGet(out SelectionRecord? record) ? record.Digest : throw new InvalidOperationException("Nothing was proposed.");
        return async () =>
        {
            await rig.RunAsync<ApproveSelection>(use => use.RunAsync(project.Code, digest, Rig.Approver, rig.Clock.Now, default));
            await rig.RunAsync<MakeOffers>(use => use.RunAsync(new SelectionApproved(project.Code.ToString(), digest), default));
            await rig.RunAsync<RelayOutbox>(use => use.RunAsync(OutboxNames.Place(SelectionTable.Name, SelectionTable.PartitionOf(project.Code)), rig.Clock.Now, default));
        };
    }

    private static async Task<Func<Task>> RemindAsync(Rig rig)
    {
        ReminderDue step = (await ReminderBench.PutParticipantsAsync(rig, 1000))[0];
        return () => rig.RunAsync<SendReminder>(use => use.RunAsync(step, default));
    }

    private static async Task<Func<Task>> SendAsync(Rig rig)
    {
        Func<Task> step = await RemindAsync(rig);
        await step();
        return () => ReminderBench.DrainAsync(rig, ReminderBench.AtOnce);
    }

    private static async Task<Project> PutProjectAsync(Rig rig)
    {
        Project project = Rig.Projects(1)[0];
        await rig.PutAsync([project], 25);
        return project;
    }
}
