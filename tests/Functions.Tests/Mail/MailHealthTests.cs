using Plenary.Functions.Tests.Shared;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Mail;

public sealed class MailHealthTests
{
    private readonly MailRig rig = new();
    private readonly QuietQueues queues = new();

    [Fact]
    public async Task A_mail_that_leaves_at_once_is_never_listed()
    {
        await rig.RunAsync();

        Assert.Equal((0, 0), await AskAsync());
        Assert.Empty(await ListedAsync());
    }

    [Fact]
    public async Task A_mail_that_is_put_off_is_owed_since_it_was_first_taken_up_until_it_leaves()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Later());
        rig.Provider.Answers.Enqueue(FakeProvider.Later());
        await rig.RunAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.RunAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((180, 0), await AskAsync());

        await rig.RunAsync();

        Assert.Equal(MailState.Sent, (await rig.IntentAsync()).State);
        Assert.Equal((0, 0), await AskAsync());
        Assert.Empty(await ListedAsync());
    }

    [Fact]
    public async Task A_mail_whose_outcome_is_unknown_is_counted_until_an_event_tells()
    {
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);
        rig.Provider.Answers.Enqueue(FakeProvider.Lost);
        await rig.RunAsync();
        Assert.Equal((0, 1), await AskAsync());
        rig.Clock.Advance(TimeSpan.FromMinutes(11));
        await rig.RunAsync();
        Assert.Equal((0, 1), await AskAsync());

        await rig.TellAsync(rig.Event("delivered"));

        Assert.Equal((0, 0), await AskAsync());
    }

    [Fact]
    public async Task A_message_that_nobody_takes_up_is_owed_too()
    {
        queues.OldestWaiting = rig.Clock.Now.AddMinutes(-20);

        Assert.Equal((1200, 0), await AskAsync());
    }

    [Fact]
    public async Task Asking_costs_one_page()
    {
        await rig.RunAsync();
        int before = rig.Tables[MailTable.Name].RoundTrips;

        await AskAsync();

        Assert.Equal(1, rig.Tables[MailTable.Name].RoundTrips - before);
    }

    private async Task<(double Oldest, double Unknown)> AskAsync()
    {
        HealthLine line = await new MailHealth(rig.Ledger, queues).AskAsync(rig.Clock.Now, default);
        Assert.True(line.IsHealthy);
        return (line.Figures!["oldestOwedMail"], line.Figures["unknownMails"]);
    }

    private async Task<List<Row>> ListedAsync() =>
        await rig.Tables[MailTable.Name].ListAsync(MailTable.Lingering, KeyRange.All, default).ToListAsync();
}
