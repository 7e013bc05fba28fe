using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;

namespace Plenary.Functions.Tests.Nominations;

/// <summary>What a receipt is written from: on the last day there are hundreds, and each concerns one nominee.</summary>
public sealed class ReceiptMailTests : IDisposable
{
    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_receipt_reads_the_gate_and_its_nominee_however_many_others_there_are()
    {
        await rig.OpenAsync();
        for (int number = 1; number <= 5; number++)
        {
            await rig.NominateAsync(number);
        }

        MailOwed last = (await rig.OwedAsync()).Single(owed => owed.Subject.EndsWith(Id(5), StringComparison.Ordinal));
        foreach (Row row in (await rig.AllRowsAsync()).Where(row => row.Key.Row.StartsWith("nominee-", StringComparison.Ordinal) && row.Body<Nominee>().Entry.Name != "Nominee 5"))
        {
            // Anything that looked at the others would now fail.
            await rig.Table.CommitAsync(new Batch(row.Key.Partition).Replace(row.With("unreadable")), default);
        }

        MailDraft mail = (await rig.ComposeAsync(last)).Draft!;

        Assert.Contains("Nominee 5", mail.Body.Text, StringComparison.Ordinal);
        Assert.Matches("Rank among your nominees\\W+5", mail.Body.Text);

        string Id(int number) => rig.Table.Rows
            .Where(row => row.Key.Row.StartsWith("nominee-", StringComparison.Ordinal)).Select(row => row.Body<Nominee>()).Single(nominee => nominee.Entry.Name == $"Nominee {number}").Id;
    }

    [Fact]
    public async Task A_receipt_says_the_rank_with_which_its_nomination_came()
    {
        await rig.OpenAsync();
        await rig.NominateAsync(1, "4");
        MailOwed owed = (await rig.OwedAsync()).Single(one => one.Kind == NominationMails.Receipt);

        Assert.Matches("Rank among your nominees\\W+4", (await rig.ComposeAsync(owed)).Draft!.Body.Text);
    }

    [Fact]
    public async Task A_receipt_of_before_ranks_were_noted_looks_the_rank_up()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync(1, "4");
        MailOwed owed = (await rig.OwedAsync()).Single(one => one.Kind == NominationMails.Receipt);
        DeskRows desk = await rig.RowsAsync();
        Batch batch = new(desk.Partition);
        desk.ReplaceNominee(batch, nominee with { Sent = nominee.Sent! with { Rank = null } });
        Assert.True((await rig.Table.CommitAsync(batch, default)).IsDone);

        Assert.Matches("Rank among your nominees\\W+4", (await rig.ComposeAsync(owed)).Draft!.Body.Text);
    }

    [Fact]
    public async Task Somebody_staged_by_a_file_that_never_counted_is_not_found_alone_either()
    {
        await rig.OpenAsync();
        DeskRows desk = await rig.RowsAsync();
        Nominee staged = Nominee.Start("k7qf2m9xb4td", NomineeEntry.Empty with { Name = "Staged" }, rig.Clock.Now);
        Batch batch = new(desk.Partition);
        desk.StageImport(batch, new NomineeImport("h1", [staged.Id], rig.Clock.Now), [staged]);
        Assert.True((await rig.Table.CommitAsync(batch, default)).IsDone);

        DeskRows? found = await rig.Desks.FindNomineeAsync(rig.Code, DeskRig.Economy, staged.Id, default);

        Assert.Null(found!.Find(staged.Id));
    }
}
