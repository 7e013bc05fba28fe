using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;

namespace Plenary.Functions.Tests.Nominations;

/// <summary>Drafts, submitting, amending, withdrawing and ranking.</summary>
public sealed class SaveNominationTests : IDisposable
{
    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_draft_is_saved_with_required_fields_missing_and_found_again()
    {
        Nominee draft = await StartAsync();

        await SaveAsync(draft.Id, typed => typed with { Name = "Ann" });

        Nominee found = (await rig.RowsAsync()).Find(draft.Id)!;
        Assert.Equal((NomineeState.Draft, "Ann", ""), (found.State, found.Entry.Name, found.Entry.Email));
    }

    [Fact]
    public async Task Pressing_the_button_for_a_new_nominee_twice_makes_one_draft()
    {
        await rig.OpenAsync();
        SaveNomination save = rig.Get<SaveNomination>();

        Outcome<Nominee>[] both = await Task.WhenAll(Task.Run(() => save.StartAsync(rig.Call(), "form-1", default)), Task.Run(() => save.StartAsync(rig.Call(), "form-1", default)));

        Assert.All(both, outcome => Assert.Empty(outcome.Refusals));
        Assert.Single((await rig.RowsAsync()).Nominees);
    }

    [Fact]
    public async Task What_is_wrong_in_a_step_is_refused_all_at_once_and_nothing_is_saved()
    {
        Nominee draft = await StartAsync();

        Outcome<Nominee> outcome = await rig.Get<SaveNomination>().RunAsync(
            rig.Call(), draft.Id, typed => typed with { Name = "A\u0000nn", Email = "a@b.example, c@d.example" }, default);

        Assert.Equal(["name", "email"], outcome.Refusals.Select(refusal => refusal.Field));
        Assert.Equal("", (await rig.RowsAsync()).Find(draft.Id)!.Entry.Name);
    }

    [Fact]
    public async Task A_draft_cannot_be_changed_from_the_closing_on()
    {
        Nominee draft = await StartAsync();

        Outcome<Nominee> outcome = await rig.Get<SaveNomination>().RunAsync(rig.Call(DeskRig.ClosesAt), draft.Id, typed => typed with { Name = "Ann" }, default);

        Assert.Equal("nominations-closed", Assert.Single(outcome.Refusals).Code);
    }

    [Fact]
    public async Task A_draft_lacking_required_fields_is_not_submitted_and_says_which()
    {
        Nominee draft = await StartAsync();
        await SaveAsync(draft.Id, typed => typed with { Name = "Ann", Email = "ann@agency.example" });

        Outcome<Receipt> outcome = await rig.Get<SubmitNomination>().RunAsync(rig.Call(), draft.Id, default);

        Assert.Equal(["nationality", "position", "organisation", "sector", "statement"], outcome.Refusals.Select(refusal => refusal.Field));
    }

    [Fact]
    public async Task Submitting_from_a_form_costs_one_query_and_one_transaction()
    {
        Nominee draft = await StartAsync();
        await SaveAsync(draft.Id, _ => DeskRig.Somebody());
        int before = rig.Table.RoundTrips;

        await rig.Get<SubmitNomination>().RunAsync(rig.Call(), draft.Id, default);

        Assert.Equal(2, rig.Table.RoundTrips - before);
    }

    [Fact]
    public async Task A_form_posted_twice_at_once_is_one_submission_with_one_receipt()
    {
        Nominee draft = await StartAsync();
        await SaveAsync(draft.Id, _ => DeskRig.Somebody());
        SubmitNomination submit = rig.Get<SubmitNomination>();

        Outcome<Receipt>[] both = await Task.WhenAll(Task.Run(() => submit.RunAsync(rig.Call(), draft.Id, default)), Task.Run(() => submit.RunAsync(rig.Call(), draft.Id, default)));

        Assert.All(both, outcome => Assert.Empty(outcome.Refusals));
        Assert.Single(await rig.OwedAsync(), mail => mail.Kind == NominationMails.Receipt);
        Assert.Equal(1, (await rig.RowsAsync()).Find(draft.Id)!.Sent!.Version);
    }

    [Fact]
    public async Task A_form_left_open_over_the_closing_is_refused_with_the_closing_and_keeps_the_draft()
    {
        Nominee draft = await StartAsync();
        await SaveAsync(draft.Id, _ => DeskRig.Somebody());

        Outcome<Receipt> outcome = await rig.Get<SubmitNomination>().RunAsync(rig.Call(DeskRig.ClosesAt.AddSeconds(1)), draft.Id, default);

        Assert.Contains("14:59:59 UTC", Assert.Single(outcome.Refusals).Reason, StringComparison.Ordinal);
        Assert.Equal("Nominee 1", (await rig.RowsAsync()).Find(draft.Id)!.Entry.Name);
    }

    [Fact]
    public async Task What_was_submitted_stands_until_changes_are_submitted_too()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();

        await SaveAsync(nominee.Id, typed => typed with { Position = "Minister" });

        Nomination standing = (await rig.Get<INominations>().FindAsync(rig.Code, DeskRig.Economy, nominee.Id, default))!;
        Assert.Equal("Director", standing.Entry.Position);
        Assert.True((await rig.RowsAsync()).HasUnsent((await rig.RowsAsync()).Find(nominee.Id)!));

        await rig.Get<SubmitNomination>().RunAsync(rig.Call(), nominee.Id, default);

        standing = (await rig.Get<INominations>().FindAsync(rig.Code, DeskRig.Economy, nominee.Id, default))!;
        Assert.Equal("Minister", standing.Entry.Position);
        Assert.Contains(await rig.OwedAsync(), mail => mail is { Kind: NominationMails.Receipt, Version: "2" });
    }

    [Fact]
    public async Task Changing_the_address_frees_the_old_one_for_somebody_else()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();

        await SaveAsync(nominee.Id, typed => typed with { Email = "new@agency.example" });
        Outcome<Receipt> heir = await rig.Get<Nominate>().RunAsync(rig.Call(), "heir", DeskRig.Somebody(2) with { Email = "nominee1@agency.example" }, "", default);
        Outcome<Receipt> twin = await rig.Get<Nominate>().RunAsync(rig.Call(), "twin", DeskRig.Somebody(3) with { Email = "new@agency.example" }, "", default);

        Assert.Empty(heir.Refusals);
        Assert.Equal("email-taken", Assert.Single(twin.Refusals).Code);
    }

    [Fact]
    public async Task Withdrawing_closes_the_gap_and_frees_the_address()
    {
        await rig.OpenAsync();
        Nominee[] nominees = [await rig.NominateAsync(1), await rig.NominateAsync(2), await rig.NominateAsync(3)];

        await rig.Get<WithdrawNomination>().RunAsync(rig.Call(), nominees[0].Id, default);

        DeskRows rows = await rig.RowsAsync();
        Assert.Equal([nominees[1].Id, nominees[2].Id], rows.Order);
        Assert.Equal([1, 2], rows.TakenRanks);
        Assert.Equal(NomineeState.Withdrawn, rows.Find(nominees[0].Id)!.State);
        Assert.Null(rows.HolderOf("nominee1@agency.example"));
        Assert.Contains(await rig.OwedAsync(), mail => mail.Kind == NominationMails.Withdrawn && mail.Subject.EndsWith(nominees[0].Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Withdrawing_twice_is_withdrawing_once_and_after_the_closing_it_is_refused()
    {
        await rig.OpenAsync();
        Nominee one = await rig.NominateAsync(1);
        Nominee two = await rig.NominateAsync(2);
        WithdrawNomination withdraw = rig.Get<WithdrawNomination>();

        await withdraw.RunAsync(rig.Call(), one.Id, default);
        Outcome<Nominee> again = await withdraw.RunAsync(rig.Call(), one.Id, default);
        Outcome<Nominee> late = await withdraw.RunAsync(rig.Call(DeskRig.ClosesAt), two.Id, default);

        Assert.Empty(again.Refusals);
        Assert.Single(await rig.OwedAsync(), mail => mail.Kind == NominationMails.Withdrawn);
        Assert.Equal("nominations-closed", Assert.Single(late.Refusals).Code);
    }

    [Fact]
    public async Task Removing_a_draft_leaves_nothing_of_it()
    {
        Nominee draft = await StartAsync();
        await SaveAsync(draft.Id, typed => typed with { Email = "ann@agency.example" });

        await rig.Get<WithdrawNomination>().RunAsync(rig.Call(), draft.Id, default);

        string[] prefixes = [.. (await rig.AllRowsAsync()).Select(row => row.Key.Row.Split('-')[0]).Distinct().Order()];
        Assert.Equal(["audit", "gate", "outbox"], prefixes);
    }

    [Fact]
    public async Task Reordering_makes_a_dense_order_in_one_transaction()
    {
        await rig.OpenAsync();
        Nominee[] nominees = [await rig.NominateAsync(1, "3"), await rig.NominateAsync(2, "7"), await rig.NominateAsync(3, "9")];
        string[] wanted = [nominees[2].Id, nominees[0].Id, nominees[1].Id];
        int before = rig.Table.RoundTrips;

        Outcome<string[]> outcome = await rig.Get<RankNominees>().RunAsync(rig.Call(), _ => wanted, default);

        Assert.Equal(2, rig.Table.RoundTrips - before);
        Assert.Empty(outcome.Refusals);
        DeskRows rows = await rig.RowsAsync();
        Assert.Equal(wanted, rows.Order);
        Assert.Equal([1, 2, 3], rows.TakenRanks);
    }

    [Fact]
    public async Task An_order_that_leaves_somebody_out_or_names_a_stranger_is_refused()
    {
        await rig.OpenAsync();
        Nominee one = await rig.NominateAsync(1);
        await rig.NominateAsync(2);

        Outcome<string[]> few = await rig.Get<RankNominees>().RunAsync(rig.Call(), _ => new[] { one.Id }, default);
        Outcome<string[]> twice = await rig.Get<RankNominees>().RunAsync(rig.Call(), _ => new[] { one.Id, one.Id }, default);

        Assert.Equal("order-incomplete", Assert.Single(few.Refusals).Code);
        Assert.Equal("order-incomplete", Assert.Single(twice.Refusals).Code);
    }

    [Fact]
    public async Task Ranks_shown_to_other_slices_count_the_submitted_alone()
    {
        Nominee draft = await StartAsync();
        Nominee submitted = await rig.NominateAsync(1);

        List<Nomination> list = [];
        await foreach (Nomination nomination in rig.Get<INominations>().ListSubmittedAsync(rig.Code, default))
        {
            list.Add(nomination);
        }

        Nomination only = Assert.Single(list);
        Assert.Equal((submitted.Id, 1, "Indonesia", "Nominee 1", "nominee1@agency.example"), (only.Id, only.Rank, only.EconomyName, only.Name, only.Email));
        NominationCounts counts = Assert.Single(await rig.Get<INominations>().CountsAsync(rig.Code, default));
        Assert.Equal((1, 1, 0, 0), (counts.Submitted, counts.Drafts, counts.Unsent, counts.Withdrawn));
        Assert.Null(await rig.Get<INominations>().FindAsync(rig.Code, DeskRig.Economy, draft.Id, default));
    }

    [Fact]
    public async Task The_receipt_carries_reference_copy_and_closing()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();
        MailOwed owed = (await rig.OwedAsync()).Single(mail => mail.Kind == NominationMails.Receipt);

        Composition composed = await rig.ComposeAsync(owed);

        Assert.Equal("officer@indonesia.example", composed.Draft!.ToAddress);
        Assert.Contains(nominee.Reference, composed.Draft.Subject, StringComparison.Ordinal);
        string text = composed.Draft.Body.Text;
        Assert.Contains("nominee1@agency.example", text, StringComparison.Ordinal);
        Assert.Contains("31 July 2023, 14:59:59 UTC", text, StringComparison.Ordinal);
        Assert.Contains("https://plenary.example/l/", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_that_a_later_one_replaces_or_a_withdrawal_overtakes_is_not_sent()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();
        MailOwed first = (await rig.OwedAsync()).Single(mail => mail.Kind == NominationMails.Receipt);
        await rig.Get<SubmitNomination>().AmendAsync(rig.Call(), nominee.Id, DeskRig.Somebody() with { Position = "Minister" }, default);

        Assert.Equal("superseded", (await rig.ComposeAsync(first)).NotOwed);

        await rig.Get<WithdrawNomination>().RunAsync(rig.Call(), nominee.Id, default);
        Assert.Equal("superseded", (await rig.ComposeAsync(first with { Version = "2" })).NotOwed);
        Assert.NotNull((await rig.ComposeAsync((await rig.OwedAsync()).Single(mail => mail.Kind == NominationMails.Withdrawn))).Draft);
    }

    private async Task<Nominee> StartAsync()
    {
        await rig.OpenAsync();
        Outcome<Nominee> outcome = await rig.Get<SaveNomination>().StartAsync(rig.Call(), "form-0", default);
        return outcome.TryGet(out Nominee? draft) ? draft : throw new InvalidOperationException();
    }

    private async Task SaveAsync(string id, Func<TypedNominee, TypedNominee> type) =>
        Assert.Empty((await rig.Get<SaveNomination>().RunAsync(rig.Call(), id, type, default)).Refusals);
}
