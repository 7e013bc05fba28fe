using Plenary.Closing;
using Plenary.Domain;
using Plenary.Functions.Tests.Nominations;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;

namespace Plenary.Functions.Tests.Closing;

public sealed class CloseNominationsTests : IDisposable
{
    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void The_key_is_what_it_has_always_been() =>
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "closing"), ClosingTable.KeyOf(rig.Code));

    [Fact]
    public async Task Closing_keeps_the_figures_and_owes_the_summary_once_however_often_it_is_announced()
    {
        await PrepareAsync();
        rig.Clock.Now = DeskRig.ClosesAt.AddSeconds(20);

        await CloseAsync(DeskRig.ClosesAt);
        await CloseAsync(DeskRig.ClosesAt);

        ClosedNominations closed = (await rig.Get<IClosings>().FindAsync(rig.Code, default))!;
        Assert.Equal(DeskRig.ClosesAt, closed.ClosedAt);
        Assert.Equal(2, closed.Submitted);
        MailOwed owed = Assert.Single(await rig.OwedAsync(ClosingTable.Name));
        Assert.Equal(("closing-summary", "secretariat"), (owed.Kind, owed.Person));
    }

    [Fact]
    public async Task The_summary_tells_of_every_economy()
    {
        await PrepareAsync();
        rig.Clock.Now = DeskRig.ClosesAt;
        await CloseAsync(DeskRig.ClosesAt);

        MailDraft draft = (await rig.ComposeAsync(Assert.Single(await rig.OwedAsync(ClosingTable.Name)))).Draft!;

        Assert.Equal("secretariat@organisation.example", draft.ToAddress);
        Assert.Contains("Indonesia: 2 submitted, 1 draft left", draft.Body.Text, StringComparison.Ordinal);
        Assert.Contains("Fiji: none", draft.Body.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closing_that_was_moved_to_later_closes_nothing_yet()
    {
        await PrepareAsync();
        rig.Projects.Move(new DateOnly(2023, 8, 7));
        rig.Clock.Now = DeskRig.ClosesAt.AddSeconds(1);

        await CloseAsync(DeskRig.ClosesAt);
        Assert.Null(await rig.Get<IClosings>().FindAsync(rig.Code, default));

        rig.Clock.Now = DeskRig.ClosesAt.AddDays(7);
        await CloseAsync(DeskRig.ClosesAt.AddDays(7));
        Assert.Equal(DeskRig.ClosesAt.AddDays(7), (await rig.Get<IClosings>().FindAsync(rig.Code, default))!.ClosedAt);
    }

    [Fact]
    public async Task After_a_closing_was_moved_the_later_one_replaces_the_earlier_and_is_told_again()
    {
        await PrepareAsync();
        rig.Clock.Now = DeskRig.ClosesAt;
        await CloseAsync(DeskRig.ClosesAt);
        MailOwed first = Assert.Single(await rig.OwedAsync(ClosingTable.Name));
        rig.Projects.Move(new DateOnly(2023, 8, 7));
        rig.Clock.Now = DeskRig.ClosesAt.AddDays(7);

        await CloseAsync(DeskRig.ClosesAt.AddDays(7));

        Assert.Equal(2, (await rig.OwedAsync(ClosingTable.Name)).Count);
        Assert.Equal("superseded", (await rig.ComposeAsync(first)).NotOwed);
    }

    [Fact]
    public async Task A_closing_announced_far_too_early_is_a_fault_that_the_broker_repeats()
    {
        await PrepareAsync();
        rig.Clock.Now = DeskRig.ClosesAt.AddHours(-1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => CloseAsync(DeskRig.ClosesAt));
    }

    [Fact]
    public async Task A_cancelled_project_does_not_close()
    {
        await PrepareAsync();
        rig.Projects.Project = rig.Projects.Project with { State = ProjectState.Cancelled };
        rig.Clock.Now = DeskRig.ClosesAt;

        await CloseAsync(DeskRig.ClosesAt);

        Assert.Null(await rig.Get<IClosings>().FindAsync(rig.Code, default));
    }

    private async Task PrepareAsync()
    {
        await rig.OpenAsync();
        await rig.OpenAsync("fiji");
        await rig.NominateAsync(1);
        await rig.NominateAsync(2);
        await rig.Get<SaveNomination>().StartAsync(rig.Call(), "form-1", default);
    }

    private Task CloseAsync(DateTimeOffset closesAt) =>
        rig.Get<CloseNominations>().RunAsync(new NominationsDue(rig.Code.ToString(), closesAt.UtcTicks), default);
}
