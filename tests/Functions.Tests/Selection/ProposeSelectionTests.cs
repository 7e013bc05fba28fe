using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Selection;

public sealed class ProposeSelectionTests
{
    [Fact]
    public async Task Nothing_is_proposed_before_the_closing_and_at_its_very_instant_it_is()
    {
        SelectionRig rig = new();

        Outcome<SelectionRecord> early = await rig.Whole.Propose.RunAsync(rig.Project.Code, World.Officer, rig.Project.ClosesAt.AddTicks(-1), default);
        Assert.Equal("nominations-still-open", Assert.Single(early.Refusals).Code);
        Assert.Empty(await rig.World.RowsAsync(SelectionTable.Name));

        Assert.False((await rig.Whole.Propose.RunAsync(rig.Project.Code, World.Officer, rig.Project.ClosesAt, default)).IsRefused);
    }

    [Fact]
    public async Task Whoever_was_nominated_by_an_economy_that_is_left_out_is_ineligible_with_that_reason_and_no_alternate()
    {
        SelectionRig rig = new(overseas: 2, local: 0, economies: 4, each: 2);
        string economy = rig.World.Nominations.All.First(one => one.Economy != "indonesia").Economy;
        Assert.True((await rig.Whole.Propose.RunAsync(rig.Project.Code, World.Officer, rig.World.Clock.Now, default)).TryGet(out SelectionRecord? before));
        rig.World.Clock.Now = rig.World.Clock.Now.AddMinutes(1);
        rig.World.Projects.Add(rig.Project with
        {
            Notification = rig.Project.Notification with { Participating = new ParticipatingEconomies(true, [], [economy]) },
            InvitedSince = rig.World.Clock.Now,
        });

        // The list that knew nothing of it is not approved.
        Assert.Equal("selection-changed-conflict", Assert.Single((await rig.Whole.Approve.RunAsync(rig.Project.Code, before.Digest, World.Approver, rig.World.Clock.Now, default)).Refusals).Code);
        SelectionRecord approved = await rig.ApproveAsync();

        SelectionResult result = await rig.StoredAsync(approved.Digest);
        SelectionDecision[] own = [.. result.Decisions.Where(decision => decision.Economy == economy)];
        Assert.All(own, decision => Assert.Equal((DecisionKind.Ineligible, SelectionReason.EconomyNotInvited), (decision.Kind, decision.ReasonCode)));
        Assert.Equal((2, 2), (own.Length, approved.Overseas.Ineligible));
    }

    [Fact]
    public async Task An_unknown_project_is_refused()
    {
        SelectionRig rig = new();

        Outcome<SelectionRecord> outcome = await rig.Whole.Propose.RunAsync(ProjectCode.Parse("99-XX-99-XX-XX-X"), World.Officer, rig.World.Clock.Now, default);

        Assert.Equal("project-not-found", Assert.Single(outcome.Refusals).Code);
    }

    [Fact]
    public async Task The_digest_does_not_depend_on_the_order_in_which_nominations_are_read()
    {
        SelectionRig rig = new();
        HashSet<string> digests = [];
        Random random = new(7);
        for (int round = 0; round < 5; round++)
        {
            Plenary.Nominations.Nomination[] shuffled = [.. rig.World.Nominations.All];
            random.Shuffle(shuffled);
            rig.World.Nominations.All.Clear();
            rig.World.Nominations.All.AddRange(shuffled);
            Assert.True((await rig.Whole.Propose.RunAsync(rig.Project.Code, World.Officer, rig.World.Clock.Now, default)).TryGet(out SelectionRecord? proposal));
            digests.Add(proposal.Digest);
        }

        Assert.Single(digests);
    }

    [Fact]
    public async Task All_places_are_given_and_everybody_has_a_reason()
    {
        SelectionRig rig = new();

        SelectionRecord approved = await rig.ApproveAsync();
        SelectionResult result = await rig.StoredAsync(approved.Digest);

        Assert.Equal((38, 4), (approved.Overseas.Selected, approved.Local.Selected));
        Assert.Equal(rig.World.Nominations.All.Count, result.Decisions.Count);
        Assert.All(result.Decisions, decision => Assert.NotEmpty(decision.ReasonCode));
        Assert.Equal(42, await rig.Whole.Read.CountSelectedAsync(rig.Project.Code, default));
    }

    [Fact]
    public async Task Nobody_nominated_is_a_list_of_nobody_and_no_fault()
    {
        SelectionRig rig = new(economies: 0);

        await rig.OfferAsync();

        Assert.Empty(await rig.OffersAsync());
        Assert.Equal(0, await rig.Whole.Read.CountSelectedAsync(rig.Project.Code, default));
    }

    [Fact]
    public async Task Approving_another_list_than_the_one_seen_is_refused()
    {
        SelectionRig rig = new();
        Assert.True((await rig.Whole.Propose.RunAsync(rig.Project.Code, World.Officer, rig.World.Clock.Now, default)).TryGet(out SelectionRecord? seen));
        rig.World.Nominations.All.RemoveAt(0);
        await rig.Whole.Propose.RunAsync(rig.Project.Code, World.Officer, rig.World.Clock.Now, default);

        Outcome<SelectionRecord> outcome = await rig.Whole.Approve.RunAsync(rig.Project.Code, seen.Digest, World.Approver, rig.World.Clock.Now, default);

        Assert.Equal("selection-changed-conflict", Assert.Single(outcome.Refusals).Code);
        Assert.Empty(await rig.World.OwedInAsync(SelectionTable.Name));
    }

    [Fact]
    public async Task Approving_what_nobody_proposed_is_refused()
    {
        SelectionRig rig = new();

        Outcome<SelectionRecord> outcome = await rig.Whole.Approve.RunAsync(rig.Project.Code, "digest", World.Approver, rig.World.Clock.Now, default);

        Assert.Equal("selection-not-found", Assert.Single(outcome.Refusals).Code);
    }

    [Fact]
    public async Task An_approved_list_stays_whatever_is_proposed_afterwards()
    {
        SelectionRig rig = new();
        SelectionRecord approved = await rig.ApproveAsync();
        rig.World.Nominations.All.RemoveRange(0, 10);

        Assert.True((await rig.Whole.Propose.RunAsync(rig.Project.Code, World.Officer, rig.World.Clock.Now, default)).TryGet(out SelectionRecord? again));

        Assert.Equal(approved.Digest, again.Digest);
        Assert.Equal(SelectionStage.Approved, again.Stage);
    }

    [Fact]
    public async Task Approving_twice_owes_the_offers_once()
    {
        SelectionRig rig = new();
        SelectionRecord approved = await rig.ApproveAsync();

        await rig.Whole.Approve.RunAsync(rig.Project.Code, approved.Digest, World.Approver, rig.World.Clock.Now, default);

        Owed owed = Assert.Single(await rig.World.OwedInAsync(SelectionTable.Name));
        Assert.Equal(Queues.MakeOffers, owed.Queue);
        Assert.Equal(new SelectionApproved(rig.Project.Code.ToString(), approved.Digest), Envelope.Read<SelectionApproved>(owed.Body));
    }

    [Fact]
    public async Task A_list_that_was_changed_in_the_store_is_not_taken_for_the_approved_one()
    {
        SelectionRig rig = new();
        SelectionRecord approved = await rig.ApproveAsync();
        SelectionResult result = await rig.StoredAsync(approved.Digest);
        SelectionDecision[] swapped = [result.Decisions[1], result.Decisions[0], .. result.Decisions.Skip(2)];
        await rig.StoreAsync(approved.Digest, result with { Decisions = swapped });

        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Whole.MakeOffers.RunAsync(new SelectionApproved(rig.Project.Code.ToString(), approved.Digest), default));

        Assert.Empty(await rig.OffersAsync());
    }

    [Fact]
    public async Task Each_change_leaves_one_audit_entry_with_the_digest()
    {
        SelectionRig rig = new();
        SelectionRecord approved = await rig.ApproveAsync();

        AuditEntry[] trail = [.. (await rig.World.RowsAsync(SelectionTable.Name, AuditWrites.RowPrefix)).Select(row => row.Body<AuditEntry>())];

        Assert.Equal(
            [("selection-approved", World.Approver.Actor), ("selection-proposed", World.Officer.Actor)],
            trail.Select(entry => (entry.Action, entry.Actor)).OrderBy(entry => entry.Action, StringComparer.Ordinal));
        Assert.All(trail, entry => Assert.Equal(approved.Digest, entry.Facts?["digest"]));
    }
}
