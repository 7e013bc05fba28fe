using Microsoft.AspNetCore.Http;
using Plenary.Access;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Nominations;

/// <summary>The chain from the head of an agency to the liaison officer.</summary>
public sealed class EndorsementTests : IDisposable
{
    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_nomination_without_the_endorsement_is_refused_with_code_and_remedy_and_taken_with_it()
    {
        string id = await PrepareAsync();

        Refusal unasked = Assert.Single((await SubmitAsync(id)).Refusals);
        await AskAsync(id);
        Refusal waiting = Assert.Single((await SubmitAsync(id)).Refusals);
        await AnswerAsync(id, 1, endorses: true);
        Outcome<Receipt> taken = await SubmitAsync(id);

        Assert.Equal(("endorsement-missing", "endorsement"), (unasked.Code, unasked.Field));
        Assert.Equal("endorsement-missing", waiting.Code);
        Assert.NotNull(unasked.Remedy);
        Assert.Empty(taken.Refusals);
        Assert.Equal(EndorsementState.Endorsed, (await FindAsync(id)).Sent?.Endorsement?.State);
    }

    [Fact]
    public async Task An_endorsement_is_stamped_audited_and_told_to_the_officer()
    {
        string id = await PrepareAsync();
        await AskAsync(id);
        rig.Clock.Now = rig.Clock.Now.AddHours(5);

        await AnswerAsync(id, 1, endorses: true);

        Endorsement endorsement = (await FindAsync(id)).Endorsement!;
        Assert.Equal((EndorsementState.Endorsed, rig.Clock.Now), (endorsement.State, endorsement.AnsweredAt));
        Assert.Contains(await rig.AllRowsAsync(), row => row.Text("Action") == "nomination-endorsed" && row.Text("Actor") == $"endorser:indonesia/{id}");
        MailOwed owed = Assert.Single(await rig.OwedAsync(), owed => owed.Kind == EndorsementMails.Answered);
        MailDraft draft = (await rig.ComposeAsync(owed)).Draft!;
        Assert.Equal("officer@indonesia.example", draft.ToAddress);
        Assert.StartsWith("Endorsed:", draft.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Declining_needs_a_reason_which_the_officer_reads_and_blocks_the_nomination()
    {
        string id = await PrepareAsync();
        await AskAsync(id);

        Outcome<Nominee> silent = await AnswerAsync(id, 1, endorses: false);
        Outcome<Nominee> said = await AnswerAsync(id, 1, endorses: false, "Needed here.");
        Refusal refusal = Assert.Single((await SubmitAsync(id)).Refusals);

        Assert.Equal(("endorsement-reason-missing", "reason"), (silent.Refusals[0].Code, silent.Refusals[0].Field));
        Assert.Empty(said.Refusals);
        Assert.Equal("endorsement-declined", refusal.Code);
        Assert.Contains("Needed here.", refusal.Reason, StringComparison.Ordinal);
        MailDraft draft = (await rig.ComposeAsync(Assert.Single(await rig.OwedAsync(), owed => owed.Kind == EndorsementMails.Answered))).Draft!;
        Assert.Contains("Needed here.", draft.Body.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_answer_twice_is_one_answer_and_of_two_different_ones_the_first_counts()
    {
        string id = await PrepareAsync();
        await AskAsync(id);
        await AnswerAsync(id, 1, endorses: true);

        Outcome<Nominee> again = await AnswerAsync(id, 1, endorses: true);
        Outcome<Nominee> other = await AnswerAsync(id, 1, endorses: false, "No.");

        Assert.Empty(again.Refusals);
        Assert.Equal("endorsement-answered-already", Assert.Single(other.Refusals).Code);
        Assert.Single(await rig.OwedAsync(), owed => owed.Kind == EndorsementMails.Answered);
    }

    [Fact]
    public async Task Changing_the_name_or_the_organisation_asks_again_and_ends_the_link_before()
    {
        string id = await PrepareAsync();
        await AskAsync(id);
        await AnswerAsync(id, 1, endorses: true);

        await SaveAsync(id, typed => typed with { Position = "Head of section" });
        Assert.Equal(EndorsementState.Endorsed, (await FindAsync(id)).Endorsement?.State);
        await SaveAsync(id, typed => typed with { Organisation = "Another agency" });

        Endorsement endorsement = (await FindAsync(id)).Endorsement!;
        Assert.Equal((2, EndorsementState.Asked, "Another agency"), (endorsement.Number, endorsement.State, endorsement.Organisation));
        Assert.Equal("link-forbidden", Assert.Single((await AnswerAsync(id, 1, endorses: true)).Refusals).Code);
        Assert.Equal(["1", "2"], (await rig.OwedAsync()).Where(owed => owed.Kind == EndorsementMails.Asked).Select(owed => owed.Version).Order(StringComparer.Ordinal));
        Assert.Equal("endorsement-missing", Assert.Single((await SubmitAsync(id)).Refusals).Code);
    }

    [Fact]
    public async Task Pressing_the_button_twice_asks_once_and_asking_somebody_else_asks_anew()
    {
        string id = await PrepareAsync();
        await AskAsync(id);
        await AskAsync(id);
        Assert.Equal(1, (await FindAsync(id)).Endorsement?.Number);

        await AskAsync(id, email: "other@agency.example");
        Assert.Equal(2, (await FindAsync(id)).Endorsement?.Number);
        Assert.Equal("superseded", (await rig.ComposeAsync((await rig.OwedAsync()).First(owed => owed.Kind == EndorsementMails.Asked && owed.Version == "1"))).NotOwed);
    }

    [Fact]
    public async Task Who_is_asked_must_be_somebody_with_an_address_and_not_the_nominee()
    {
        string id = await PrepareAsync();

        Outcome<Nominee> wrong = await rig.Get<AskEndorser>().RunAsync(rig.Call(), id, "", "nowhere", default);
        Outcome<Nominee> self = await rig.Get<AskEndorser>().RunAsync(rig.Call(), id, "The Head", "NOMINEE1@agency.example", default);

        Assert.Equal(["endorserName", "endorserEmail"], wrong.Refusals.Select(refusal => refusal.Field));
        Assert.Equal("endorser-is-nominee", Assert.Single(self.Refusals).Code);
    }

    [Fact]
    public async Task There_is_one_reminder_before_the_answer_is_due_and_none_for_who_has_answered()
    {
        string id = await PrepareAsync();
        await AskAsync(id);
        Owed planned = Assert.Single(await rig.OwedMessagesAsync(NominationTable.Name), owed => owed.Queue == Queues.SendReminder);
        ReminderDue step = Envelope.Read<ReminderDue>(planned.Body);
        Assert.Equal((await FindAsync(id)).Endorsement!.DueAt.AddDays(-2), planned.DueAt);

        Reminding owes = await RemindAsync(step);
        await AnswerAsync(id, 1, endorses: true);
        Reminding answered = await RemindAsync(step);
        Reminding moved = await RemindAsync(step with { AnchorTicks = step.AnchorTicks + 1 });

        Assert.Equal($"endorser:indonesia/{id}", Assert.Single(owes.Mails).Person);
        Assert.Empty(answered.Mails);
        Assert.Equal("anchor-moved", moved.Skipped);
        Assert.Equal("already-answered", (await rig.ComposeAsync(owes.Mails[0])).NotOwed);
    }

    [Fact]
    public async Task From_the_closing_on_no_answer_is_taken()
    {
        string id = await PrepareAsync();
        await AskAsync(id);
        rig.Clock.Now = DeskRig.ClosesAt;

        Assert.Equal("nominations-closed", Assert.Single((await AnswerAsync(id, 1, endorses: true)).Refusals).Code);
        Assert.Equal("too-late", (await rig.ComposeAsync((await rig.OwedAsync()).First(owed => owed.Kind == EndorsementMails.Asked))).NotOwed);
    }

    [Fact]
    public async Task An_answer_is_never_due_after_the_closing()
    {
        string id = await PrepareAsync();
        rig.Clock.Now = DeskRig.ClosesAt.AddDays(-2);

        await AskAsync(id);

        Assert.Equal(DeskRig.ClosesAt, (await FindAsync(id)).Endorsement?.DueAt);
    }

    [Fact]
    public async Task The_page_opens_for_the_holder_of_the_present_link_alone_and_reading_it_changes_nothing()
    {
        string id = await PrepareAsync();
        await AskAsync(id);
        string before = (await rig.AllRowsAsync()).Count.ToString(System.Globalization.CultureInfo.InvariantCulture);

        Answer right = await ShowAsync(Session(id, 1), id);
        Answer older = await ShowAsync(Session(id, 0), id);
        Answer officer = await ShowAsync(rig.Session(), id);
        Answer other = await ShowAsync(Session("22222222", 1), id);

        Assert.Equal((200, 403, 403, 403), (right.Status, older.Status, officer.Status, other.Status));
        Assert.Contains("Ministry of Manpower", right.Body, StringComparison.Ordinal);
        Assert.Equal(before, (await rig.AllRowsAsync()).Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(EndorsementState.Asked, (await FindAsync(id)).Endorsement?.State);
    }

    [Fact]
    public async Task A_post_without_the_code_of_the_mail_or_the_token_of_the_form_answers_nothing()
    {
        string id = await PrepareAsync();
        await AskAsync(id);

        Answer forged = await PostAsync(id, "forged", ("answer", "endorse"), ("code", CodeOf(id)));
        Answer uncoded = await PostAsync(id, null, ("answer", "endorse"), ("code", "AAAAAA"));
        Answer empty = await PostAsync(id, null);
        Assert.Equal(EndorsementState.Asked, (await FindAsync(id)).Endorsement?.State);
        Answer right = await PostAsync(id, null, ("answer", "endorse"), ("code", $" {CodeOf(id).ToLowerInvariant()[..3]} {CodeOf(id)[3..]}"));

        Assert.Equal((403, 422, 422, 302), (forged.Status, uncoded.Status, empty.Status, right.Status));
        Assert.NotNull(uncoded.Page.QuerySelector("#code-error"));
        Assert.Equal(2, empty.Page.QuerySelectorAll(".govuk-error-summary__list li").Length);
        Assert.Equal(EndorsementState.Endorsed, (await FindAsync(id)).Endorsement?.State);
    }

    [Fact]
    public async Task Ten_wrong_codes_lock_the_asking_against_the_right_one_too_until_the_officer_asks_again()
    {
        string id = await PrepareAsync();
        await AskAsync(id);
        await PostAsync(id, null, ("answer", "endorse"));
        List<int> statuses = [];
        foreach (int _ in Enumerable.Range(0, Endorsement.MostWrongCodes))
        {
            statuses.Add((await PostAsync(id, null, ("answer", "endorse"), ("code", "AAAAAA"))).Status);
        }

        Answer right = await PostAsync(id, null, ("answer", "endorse"), ("code", CodeOf(id)));
        Answer wrong = await PostAsync(id, null, ("answer", "endorse"), ("code", "AAAAAA"));
        Answer shown = await ShowAsync(Session(id, 1), id);

        Assert.All(statuses, status => Assert.Equal(422, status));
        Assert.Equal((403, 403, 200), (right.Status, wrong.Status, shown.Status));
        Assert.Null(shown.Page.QuerySelector("input[name=code]"));
        Assert.Equal((EndorsementState.Asked, Endorsement.MostWrongCodes), ((await FindAsync(id)).Endorsement!.State, (await FindAsync(id)).Endorsement!.WrongCodes));
        Assert.Single(await rig.AllRowsAsync(), row => row.Text("Action") == "endorsement-locked");

        // Asked again, even within the minutes in which the same asking is one: another number, another code.
        await AskAsync(id);
        Assert.Equal((2, 0), ((await FindAsync(id)).Endorsement!.Number, (await FindAsync(id)).Endorsement!.WrongCodes));
        Assert.Empty((await AnswerAsync(id, 2, endorses: true)).Refusals);
    }

    [Fact]
    public async Task Codes_tried_at_once_are_counted_like_those_tried_in_turn()
    {
        string id = await PrepareAsync();
        await AskAsync(id);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => PostAsync(id, null, ("answer", "endorse"), ("code", "AAAAAA"))));
        while ((await FindAsync(id)).Endorsement is { IsLocked: false })
        {
            await PostAsync(id, null, ("answer", "endorse"), ("code", "AAAAAA"));
        }

        Assert.Equal(Endorsement.MostWrongCodes, (await FindAsync(id)).Endorsement!.WrongCodes);
        Assert.Equal("code-tries-forbidden", Assert.Single((await AnswerAsync(id, 1, endorses: true)).Refusals).Code);
    }

    [Fact]
    public async Task A_form_sent_without_a_code_locks_nobody_out()
    {
        string id = await PrepareAsync();
        await AskAsync(id);

        foreach (int _ in Enumerable.Range(0, Endorsement.MostWrongCodes + 1))
        {
            await PostAsync(id, null, ("answer", "endorse"), ("code", " "));
        }

        Assert.Equal(302, (await PostAsync(id, null, ("answer", "endorse"), ("code", CodeOf(id)))).Status);
    }

    [Fact]
    public async Task The_mail_carries_link_and_code_and_says_what_is_endorsed()
    {
        string id = await PrepareAsync();
        await AskAsync(id);

        MailDraft draft = (await rig.ComposeAsync((await rig.OwedAsync()).Single(owed => owed.Kind == EndorsementMails.Asked))).Draft!;

        Assert.Equal(("head@agency.example", "The Head"), (draft.ToAddress, draft.ToName));
        string text = draft.Body.Text;
        Assert.All((string[])["Nominee 1", "Ministry of Manpower", CodeOf(id), "https://plenary.example/l/"], words => Assert.Contains(words, text, StringComparison.Ordinal));
        string token = text[(text.IndexOf("/l/", StringComparison.Ordinal) + 3)..].Split((char[]?)null)[0];
        Link? link = await rig.Get<ILinks>().FindAsync(token, default);
        Assert.Equal((LinkPurpose.Endorsement, $"indonesia/{id}", 1), (link?.Purpose, link?.Subject, link?.Generation));
    }

    [Fact]
    public async Task A_project_without_the_rule_has_neither_page_nor_question()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();
        HttpRequest request = rig.Request("GET", rig.Session());

        Answer page = await DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Save(request, rig.Code.ToString(), DeskRig.Economy, nominee.Id, "endorsement", default));

        Assert.Equal(404, page.Status);
        Assert.True((await rig.Get<AskEndorser>().RunAsync(rig.Call(), nominee.Id, "The Head", "head@agency.example", default)).IsRefused);
        Assert.Null(nominee.Sent?.Endorsement);
    }

    private async Task<string> PrepareAsync()
    {
        Project project = rig.Projects.Project;
        rig.Projects.Project = project with { Notification = project.Notification with { Eligibility = new EligibilityRules { EndorsementDays = 7 } } };
        await rig.OpenAsync();
        Outcome<Nominee> draft = await rig.Get<SaveNomination>().StartAsync(rig.Call(), "form-1", default);
        string id = draft.TryGet(out Nominee? nominee) ? nominee.Id : throw new InvalidOperationException();
        await SaveAsync(id, _ => DeskRig.Somebody());
        return id;
    }

    private async Task SaveAsync(string id, Func<TypedNominee, TypedNominee> type) =>
        Assert.Empty((await rig.Get<SaveNomination>().RunAsync(rig.Call(), id, type, default)).Refusals);

    private async Task AskAsync(string id, string email = "head@agency.example") =>
        Assert.Empty((await rig.Get<AskEndorser>().RunAsync(rig.Call(), id, "The Head", email, default)).Refusals);

    private Task<Outcome<Nominee>> AnswerAsync(string id, int number, bool endorses, string reason = "") =>
        rig.Get<AnswerEndorsement>().RunAsync(rig.Code, DeskRig.Economy, id, number, endorses, reason, rig.Clock.Now, default);

    private Task<Outcome<Receipt>> SubmitAsync(string id) => rig.Get<SubmitNomination>().RunAsync(rig.Call(), id, default);

    private async Task<Nominee> FindAsync(string id) => (await rig.RowsAsync()).Find(id) ?? throw new InvalidOperationException();

    private Task<Reminding> RemindAsync(ReminderDue step) => rig.Make<EndorsementReminder>().WhoStillOwesAsync(step, rig.Clock.Now, default);

    private string CodeOf(string id) => rig.Get<Sessions>().CodeOf(LinkPurpose.Endorsement, rig.Code.ToString(), $"{DeskRig.Economy}/{id}", 1);

    private Plenary.Access.Session Session(string id, int number) =>
        new(LinkPurpose.Endorsement, rig.Code.ToString(), $"{DeskRig.Economy}/{id}", number, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks);

    private Task<Answer> ShowAsync(Plenary.Access.Session session, string id)
    {
        HttpRequest request = rig.Request("GET", session);
        return DeskRig.AnswerAsync(request, rig.Make<EndorsementEndpoint>().Run(request, rig.Code.ToString(), DeskRig.Economy, id, default));
    }

    private Task<Answer> PostAsync(string id, string? token, params (string Name, string Value)[] fields)
    {
        Plenary.Access.Session session = Session(id, 1);
        HttpRequest request = rig.Request("POST", session, [(FormText.TokenField, token ?? rig.Get<Sessions>().FormToken(session)), .. fields]);
        return DeskRig.AnswerAsync(request, rig.Make<EndorsementEndpoint>().RunAnswer(request, rig.Code.ToString(), DeskRig.Economy, id, default));
    }
}
