using Microsoft.AspNetCore.Http;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Shared;
using Session = Plenary.Access.Session;

namespace Plenary.Functions.Tests.Nominations;

/// <summary>Drafts that others fill in, the economy's own date for them, and the warnings before both closings.</summary>
public sealed class DraftsTests : IDisposable
{
    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task Only_incomplete_drafts_are_warned_of_and_late_ones_get_no_past_warning()
    {
        DateTimeOffset step = DeskRig.ClosesAt.AddHours(-48);
        rig.Clock.Now = step.AddDays(-3);
        await rig.OpenAsync();
        await rig.OpenAsync("fiji");
        await rig.OpenAsync("turkiye");
        await rig.NominateAsync(1);
        Nominee incomplete = await StartAsync(DeskRig.Economy);
        Nominee complete = await StartAsync("fiji");
        await rig.Get<SaveNomination>().RunAsync(rig.Call(economy: "fiji"), complete.Id, _ => DeskRig.Somebody(2), default);
        rig.Clock.Now = step.AddMinutes(1);
        await StartAsync("turkiye");

        Reminding reminding = await RemindAsync("", -48, DeskRig.ClosesAt);

        MailOwed owed = Assert.Single(reminding.Mails);
        Assert.Equal(("draft-reminder", "officer:indonesia"), (owed.Kind, owed.Person));
        MailDraft mail = (await rig.ComposeAsync(owed)).Draft!;
        Assert.Contains("still missing: name, e-mail address, nationality", mail.Body.Text, StringComparison.Ordinal);
        Assert.Equal(["officer:indonesia", "officer:turkiye"], (await RemindAsync("", -4, DeskRig.ClosesAt)).Mails.Select(one => one.Person));

        await rig.Get<SaveNomination>().RunAsync(rig.Call(), incomplete.Id, _ => DeskRig.Somebody(3), default);
        Assert.Equal("nothing-incomplete", (await rig.ComposeAsync(owed)).NotOwed);
    }

    [Fact]
    public async Task A_warning_counted_from_a_closing_that_has_moved_is_void()
    {
        await rig.OpenAsync();
        await StartAsync(DeskRig.Economy);
        MailOwed owed = Assert.Single((await RemindAsync("", -48, DeskRig.ClosesAt)).Mails);

        rig.Projects.Move(new DateOnly(2023, 8, 7));
        await rig.OpenAsync();

        Assert.Equal("anchor-moved", (await RemindAsync("", -48, DeskRig.ClosesAt)).Skipped);
        Assert.Equal("anchor-moved", (await rig.ComposeAsync(owed)).NotOwed);
        Assert.Single((await RemindAsync("", -48, rig.Projects.Project.ClosesAt)).Mails);
    }

    [Fact]
    public async Task A_desk_that_closes_with_its_own_day_has_warnings_of_its_own()
    {
        rig.Projects.Project = rig.Projects.Project with { Settings = rig.Projects.Project.Settings with { Closing = ClosingPolicy.Nominator }, ClosesAt = new DateTimeOffset(2023, 7, 31, 21, 0, 0, TimeSpan.Zero) };
        await rig.OpenAsync("fiji");
        await rig.OpenAsync("turkiye");
        await StartAsync("fiji");

        ReminderDue[] planned = [.. (await rig.OwedMessagesAsync(NominationTable.Name)).Where(owed => owed.Queue == Queues.SendReminder).Select(owed => Envelope.Read<ReminderDue>(owed.Body))];

        DateTimeOffset closing = new(2023, 7, 31, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal([("fiji", "-168h"), ("fiji", "-48h"), ("fiji", "-4h")], planned.Select(step => (step.Subject, step.Step())).Order());
        Assert.All(planned, step => Assert.Equal(closing, step.Anchor()));
        Assert.Empty((await RemindAsync("", -48, rig.Projects.Project.ClosesAt)).Mails);
        Assert.Equal("officer:fiji", Assert.Single((await RemindAsync("fiji", -48, closing)).Mails).Person);
    }

    [Fact]
    public async Task A_national_date_is_kept_planned_for_and_survives_a_revision()
    {
        await rig.OpenAsync();
        Assert.Empty((await SetDateAsync("24 July 2023")).Refusals);
        Assert.Empty((await SetDateAsync("24 July 2023")).Refusals);
        rig.Projects.Move(new DateOnly(2023, 8, 7));
        await rig.OpenAsync();

        Desk desk = (await rig.RowsAsync()).Desk;
        DateTimeOffset end = new(2023, 7, 24, 17, 0, 0, TimeSpan.Zero);
        Assert.Equal((new DateOnly(2023, 7, 24), end), (desk.NationalDate, desk.DraftersCloseAt));
        Assert.Contains(await rig.OwedMessagesAsync(NominationTable.Name), owed => owed.Queue == Queues.SendReminder && owed.DueAt == end.AddHours(-4));
        Assert.Equal("national-date-late", Assert.Single((await SetDateAsync("9 August 2023")).Refusals).Code);
        Assert.Equal("nationalDate", Assert.Single((await SetDateAsync("soon")).Refusals).Field);
        Assert.Empty((await SetDateAsync("")).Refusals);
        Assert.Null((await rig.RowsAsync()).Desk.NationalDate);
    }

    [Fact]
    public async Task A_link_opens_one_draft_until_the_national_date_and_the_officer_submits_after_it()
    {
        await rig.OpenAsync();
        await SetDateAsync("24 July 2023");
        Nominee draft = await StartAsync(DeskRig.Economy);
        MailDraft mail = await InviteAsync(draft.Id);
        Assert.Equal("agency@ministry.example", mail.ToAddress);
        Assert.Contains("24 July 2023, 23:59:59 (Asia/Jakarta) — 24 July 2023, 16:59:59 UTC", mail.Body.Text, StringComparison.Ordinal);
        Link link = (await rig.Get<ILinks>().FindAsync(mail.Body.Text.Split("/l/")[1].Split('\n')[0], default))!;
        Assert.Equal((LinkPurpose.Draft, $"indonesia/{draft.Id}", 1), (link.Purpose, link.Subject, link.Generation));

        DateTimeOffset end = new(2023, 7, 24, 17, 0, 0, TimeSpan.Zero);
        rig.Clock.Now = end.AddMilliseconds(-1);
        Answer saved = await EditAsync(draft.Id, DeskRig.Somebody(1));
        Assert.Equal((302, $"/drafts/{rig.Code}/indonesia/{draft.Id}?done=saved"), (saved.Status, saved.Location));
        Answer shown = await EditAsync(draft.Id, null);
        Assert.Equal("Nominee 1", shown.Page.QuerySelector("input[name=name]")?.GetAttribute("value"));

        rig.Clock.Now = end;
        Answer late = await EditAsync(draft.Id, DeskRig.Somebody(2));
        Assert.Equal(409, late.Status);
        Assert.Contains("24 July 2023, 16:59:59 UTC", late.Body, StringComparison.Ordinal);
        Assert.Empty((await EditAsync(draft.Id, null)).Page.QuerySelectorAll("form"));
        Assert.Equal("Nominee 1", (await rig.RowsAsync()).Find(draft.Id)?.Entry.Name);
        Assert.True((await rig.Get<SubmitNomination>().RunAsync(rig.Call(), draft.Id, default)).TryGet(out Receipt? receipt));
        Assert.Null(receipt.Nominee.Sent?.Late);
        rig.Clock.Now = end.AddMilliseconds(-1);
        Assert.Equal(409, (await EditAsync(draft.Id, DeskRig.Somebody(2))).Status);
    }

    [Fact]
    public async Task A_link_to_one_draft_opens_no_other_no_desk_and_dies_with_a_hand_over()
    {
        await rig.OpenAsync();
        Nominee draft = await StartAsync(DeskRig.Economy);
        Nominee other = await StartAsync(DeskRig.Economy, "form-other");
        Session session = SessionOf(draft.Id);

        Assert.Equal(200, (await OpenAsync(draft.Id, session)).Status);
        Assert.Equal(403, (await OpenAsync(other.Id, session)).Status);
        Assert.Equal(403, (await OpenAsync(draft.Id, rig.Session())).Status);
        HttpRequest desk = rig.Request(session: session);
        Assert.Equal(403, (await DeskRig.AnswerAsync(desk, rig.Make<DeskEndpoints>().Show(desk, rig.Code.ToString(), DeskRig.Economy, default))).Status);
        await rig.HandOverAsync();
        Assert.Equal(403, (await OpenAsync(draft.Id, session)).Status);
    }

    [Fact]
    public async Task Whoever_was_asked_is_warned_before_the_national_date()
    {
        await rig.OpenAsync();
        await SetDateAsync("24 July 2023");
        Nominee draft = await StartAsync(DeskRig.Economy);
        await InviteAsync(draft.Id);

        Reminding reminding = await RemindAsync(DeskRig.Economy, -48, new DateTimeOffset(2023, 7, 24, 17, 0, 0, TimeSpan.Zero));

        Assert.Equal([$"drafter:indonesia/{draft.Id}", "officer:indonesia"], reminding.Mails.Select(mail => mail.Person).Order());
        MailDraft mail = (await rig.ComposeAsync(reminding.Mails.Single(one => one.Person.StartsWith("drafter:", StringComparison.Ordinal)))).Draft!;
        Assert.Equal("agency@ministry.example", mail.ToAddress);
        Assert.Contains("Still missing: name", mail.Body.Text, StringComparison.Ordinal);
        Assert.Equal(["officer:indonesia"], (await RemindAsync("", -48, DeskRig.ClosesAt)).Mails.Select(one => one.Person));
    }

    private async Task<Nominee> StartAsync(string economy, string key = "form-1") =>
        (await rig.Get<SaveNomination>().StartAsync(rig.Call(economy: economy), key, default)).TryGet(out Nominee? draft) ? draft : throw new InvalidOperationException();

    [Fact]
    public async Task A_link_that_was_revoked_says_so_opens_and_saves_nothing_and_a_new_one_does()
    {
        await rig.OpenAsync();
        Nominee draft = await StartAsync(DeskRig.Economy);
        await InviteAsync(draft.Id);
        Session first = SessionOf(draft.Id) with { Number = 1 };
        Assert.Equal(200, (await OpenAsync(draft.Id, first)).Status);

        Assert.Equal(302, (await PostAsync(draft.Id)).Status);
        Assert.Equal(302, (await PostAsync(draft.Id)).Status);

        Answer answer = await OpenAsync(draft.Id, first);
        Assert.Equal(403, answer.Status);
        Assert.Contains("The liaison officer of Indonesia has revoked this link", answer.Page.Body!.TextContent, StringComparison.Ordinal);
        DeskCall drafter = new(rig.Code, DeskRig.Economy, first, rig.Clock.Now, draft.Id);
        Assert.Equal("revoked-link-forbidden", Assert.Single((await rig.Get<SaveNomination>().RunAsync(drafter, draft.Id, _ => DeskRig.Somebody(), default)).Refusals).Code);
        MailOwed invited = Assert.Single(await rig.OwedAsync(), mail => mail.Kind == DraftMails.Invitation);
        Assert.Equal("link-revoked", (await rig.ComposeAsync(invited)).NotOwed);
        Assert.Equal(["officer:indonesia"], (await RemindAsync("", -48, DeskRig.ClosesAt)).Mails.Select(mail => mail.Person));
        Assert.Single(await rig.AllRowsAsync(), row => row.Values.GetValueOrDefault("Action") as string == "draft-link-revoked");

        // At once, although it is the same address: the one before is dead.
        Assert.Empty((await rig.Get<InviteDrafter>().RunAsync(rig.Call(), draft.Id, "agency@ministry.example", default)).Refusals);
        Assert.Equal((403, 200), ((await OpenAsync(draft.Id, first)).Status, (await OpenAsync(draft.Id, first with { Number = 2 })).Status));
    }

    private Task<Answer> PostAsync(string id)
    {
        HttpRequest request = rig.Post();
        return DeskRig.AnswerAsync(request, rig.Make<DeskDatesEndpoint>().Revoke(request, rig.Code.ToString(), DeskRig.Economy, id, default));
    }

    private Task<Outcome<Desk>> SetDateAsync(string typed) => rig.Get<SetNationalDate>().RunAsync(rig.Call(), typed, default);

    private Task<Reminding> RemindAsync(string subject, int hours, DateTimeOffset anchor) =>
        rig.Get<IRemind>().WhoStillOwesAsync(new ReminderDue(rig.Code.ToString(), Ladders.Closing, subject, 0, anchor.UtcTicks, null, hours), rig.Clock.Now, default);

    private async Task<MailDraft> InviteAsync(string id)
    {
        Assert.Empty((await rig.Get<InviteDrafter>().RunAsync(rig.Call(), id, "agency@ministry.example", default)).Refusals);
        Assert.Empty((await rig.Get<InviteDrafter>().RunAsync(rig.Call(), id, "agency@ministry.example", default)).Refusals);
        return (await rig.ComposeAsync(Assert.Single(await rig.OwedAsync(), mail => mail.Kind == DraftMails.Invitation))).Draft!;
    }

    private Session SessionOf(string id) => rig.Session() with { Purpose = LinkPurpose.Draft, Subject = $"{DeskRig.Economy}/{id}" };

    private Task<Answer> OpenAsync(string id, Session session)
    {
        HttpRequest request = rig.Request(session: session);
        return DeskRig.AnswerAsync(request, rig.Make<EditDraftEndpoint>().Run(request, rig.Code.ToString(), DeskRig.Economy, id, default));
    }

    /// <summary>Posts the form, or only looks.</summary>
    private Task<Answer> EditAsync(string id, TypedNominee? typed)
    {
        Session session = SessionOf(id);
        HttpRequest request = typed is null ? rig.Request(session: session) : rig.Request(
            "POST",
            session,
            (FormText.TokenField, rig.Get<Sessions>().FormToken(session)),
            ("name", typed.Name),
            ("email", typed.Email),
            ("nationality", typed.Nationality),
            ("position", typed.Position),
            ("organisation", typed.Organisation),
            ("sector", typed.Sector),
            ("yearsOfExperience", typed.YearsOfExperience),
            ("statement", typed.Statement),
            ("wishes", typed.Wishes));
        return DeskRig.AnswerAsync(request, rig.Make<EditDraftEndpoint>().Run(request, rig.Code.ToString(), DeskRig.Economy, id, default));
    }
}
