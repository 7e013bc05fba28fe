using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;

namespace Plenary.Functions.Tests.Nominations;

/// <summary>Opening a desk, its mail, and the reminders before the closing.</summary>
public sealed class OpenDeskTests : IDisposable
{
    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task Opening_a_desk_twice_is_opening_it_once()
    {
        await rig.OpenAsync();
        int rows = (await rig.AllRowsAsync()).Count;

        await rig.OpenAsync();

        Assert.Equal(rows, (await rig.AllRowsAsync()).Count);
        MailOwed mail = Assert.Single(await rig.OwedAsync());
        Assert.Equal(("notification-circulated", "officer:indonesia", "1"), (mail.Kind, mail.Person, mail.Version));
    }

    [Fact]
    public async Task A_revision_moves_the_closing_keeps_the_nominations_and_writes_again()
    {
        await rig.OpenAsync();
        await rig.NominateAsync();
        rig.Projects.Move(new DateOnly(2023, 8, 7));

        await rig.OpenAsync();

        DeskRows rows = await rig.RowsAsync();
        Assert.Equal(DeskRig.ClosesAt.AddDays(7), rows.Desk.ClosesAt);
        Assert.Single(rows.Nominees);
        MailOwed second = Assert.Single(await rig.OwedAsync(), mail => mail.Version == "2");
        Assert.StartsWith("Revised:", (await rig.ComposeAsync(second)).Draft!.Subject, StringComparison.Ordinal);
        Assert.Equal("superseded", (await rig.ComposeAsync(second with { Version = "1" })).NotOwed);
    }

    [Fact]
    public async Task The_mail_says_dates_places_and_closing_in_the_officers_zone_and_brings_a_link_that_opens_this_desk_only()
    {
        await rig.OpenAsync();

        MailDraft draft = (await rig.ComposeAsync(Assert.Single(await rig.OwedAsync()))).Draft!;

        string text = draft.Body.Text;
        Assert.Contains("14 August 2023 to 16 August 2023", text, StringComparison.Ordinal);
        Assert.Contains("up to 38", text, StringComparison.Ordinal);
        Assert.Contains("31 July 2023, 21:59:59 (Asia/Jakarta) — 31 July 2023, 14:59:59 UTC", text, StringComparison.Ordinal);
        Assert.Contains("https://plenary.example/projects/23-IP-10-GE-WSP-A", text, StringComparison.Ordinal);
        string token = text.Split("https://plenary.example/l/")[1].Split('\n')[0].Trim();
        Link? link = await rig.Get<ILinks>().FindAsync(token, default);
        Assert.Equal((LinkPurpose.Desk, "indonesia", 1), (link!.Purpose, link.Subject, link.Generation));
        Assert.Equal(rig.Projects.Project.EndsAt.AddDays(60), link.ExpiresAt);
    }

    [Fact]
    public async Task Where_there_is_no_officer_the_head_is_written_to_and_told_why()
    {
        await rig.OpenAsync("turkiye");

        MailDraft draft = (await rig.ComposeAsync(Assert.Single(await rig.OwedAsync()))).Draft!;

        Assert.Contains("head of the national productivity organisation", draft.Body.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_is_registered_nobody_is_written_to_and_the_desk_is_open_all_the_same()
    {
        await rig.OpenAsync("nepal");

        Assert.Equal("nobody-registered", (await rig.ComposeAsync(Assert.Single(await rig.OwedAsync()))).NotOwed);
        Assert.Equal("Nepal", (await rig.RowsAsync("nepal")).Desk.EconomyName);
    }

    [Fact]
    public async Task A_hand_over_kills_the_old_links_once_and_writes_to_the_new_officer()
    {
        await rig.OpenAsync();

        await rig.HandOverAsync();
        await rig.HandOverAsync();
        await rig.OpenAsync();

        Assert.Equal(2, (await rig.RowsAsync()).Desk.Generation);
        Assert.Equal(["1", "1-2"], (await rig.OwedAsync()).Select(mail => mail.Version).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_version_that_leaves_the_economy_out_closes_its_desk_says_so_once_and_a_later_one_opens_it_again()
    {
        await rig.OpenAsync();
        await rig.NominateAsync();
        await rig.Get<SaveNomination>().StartAsync(rig.Call(), "form-1", default);
        Invite(new ParticipatingEconomies(true, [], [DeskRig.Economy]));

        await rig.OpenAsync();
        await rig.OpenAsync();

        MailOwed owed = Assert.Single(await rig.OwedAsync(), mail => mail.Version == "2");
        Assert.Equal(CirculationMail.NotInvited, owed.Kind);
        Assert.StartsWith("No longer invited: Indonesia", (await rig.ComposeAsync(owed)).Draft!.Subject, StringComparison.Ordinal);
        Assert.Equal("superseded", (await rig.ComposeAsync(owed with { Kind = CirculationMail.Kind })).NotOwed);
        Assert.Equal("desk-closed", Assert.Single((await rig.Get<Nominate>().RunAsync(rig.Call(), "k", DeskRig.Somebody(2), "", default)).Refusals).Code);
        Assert.Single((await rig.RowsAsync()).Nominees, nominee => nominee.State == NomineeState.Submitted);
        Assert.Empty((await RemindAsync(DeskRig.ClosesAt)).Mails);
        Assert.False(Assert.Single(await rig.Get<INominations>().CountsAsync(rig.Code, default)).IsInvited);

        Invite(ParticipatingEconomies.AllMembers);
        await rig.OpenAsync();
        await rig.NominateAsync(2);
        Assert.Equal(CirculationMail.Kind, Assert.Single(await rig.OwedAsync(), mail => mail.Version == "3").Kind);
    }

    [Fact]
    public async Task An_economy_that_is_not_invited_gets_no_desk()
    {
        Invite(new ParticipatingEconomies(true, [], [DeskRig.Economy]));

        await rig.OpenAsync();

        Assert.Empty(await rig.AllRowsAsync());
    }

    [Theory]
    [InlineData("23-IP-10-GE-WSP-B", "indonesia")]
    [InlineData("23-IP-10-GE-WSP-A", "atlantis")]
    [InlineData("rubbish", "indonesia")]
    public async Task What_cannot_be_opened_leaves_nothing_behind(string project, string economy)
    {
        await rig.Get<OpenDesk>().RunAsync(new DeskToOpen(project, economy), default);

        Assert.Empty(await rig.AllRowsAsync());
    }

    [Fact]
    public async Task Only_officers_who_still_owe_something_are_reminded()
    {
        await rig.OpenAsync("fiji");
        await rig.OpenAsync("turkiye");
        await rig.OpenAsync();
        await rig.NominateAsync(1);
        await rig.NominateAsync(2, economy: "turkiye");
        await rig.Get<SaveNomination>().StartAsync(rig.Call(economy: "turkiye"), "form-1", default);

        Reminding reminding = await RemindAsync(DeskRig.ClosesAt);

        Assert.Equal(["officer:fiji", "officer:turkiye"], reminding.Mails.Select(mail => mail.Person));
        Assert.All(reminding.Mails, mail => Assert.Equal("closing-reminder", mail.Kind));
    }

    [Fact]
    public async Task A_step_counted_from_another_closing_or_come_too_late_reminds_nobody()
    {
        await rig.OpenAsync();

        Assert.Equal("anchor-moved", (await RemindAsync(DeskRig.ClosesAt.AddDays(1))).Skipped);
        rig.Clock.Now = DeskRig.ClosesAt;
        Assert.Equal("too-late", (await RemindAsync(DeskRig.ClosesAt)).Skipped);
    }

    [Fact]
    public async Task A_reminder_is_not_sent_to_who_has_submitted_in_the_meantime()
    {
        await rig.OpenAsync();
        MailOwed owed = Assert.Single((await RemindAsync(DeskRig.ClosesAt)).Mails);
        Assert.Contains("has not nominated anybody", (await rig.ComposeAsync(owed)).Draft!.Body.Text, StringComparison.Ordinal);

        await rig.NominateAsync();
        Assert.Equal("already-submitted", (await rig.ComposeAsync(owed)).NotOwed);

        rig.Projects.Move(new DateOnly(2023, 8, 7));
        Assert.Equal("anchor-moved", (await rig.ComposeAsync(owed)).NotOwed);
    }

    private void Invite(ParticipatingEconomies invited) => rig.Projects.Project = rig.Projects.Project with
    {
        Version = rig.Projects.Project.Version + 1,
        Notification = rig.Projects.Project.Notification with { Participating = invited },
    };

    private Task<Reminding> RemindAsync(DateTimeOffset anchor) =>
        rig.Get<IRemind>().WhoStillOwesAsync(new ReminderDue(rig.Code.ToString(), Ladders.Closing, "", -1, anchor.UtcTicks), rig.Clock.Now, default);
}
