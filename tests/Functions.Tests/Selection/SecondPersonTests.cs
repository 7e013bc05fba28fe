using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Selection;

namespace Plenary.Functions.Tests.Selection;

/// <summary>Two people decide, and nobody is written to before they have.</summary>
public sealed class SecondPersonTests
{
    private static readonly Caller Clerk = new("o-3", "Chie", [Caller.Secretariat]);

    [Fact]
    public async Task Whoever_proposed_a_list_cannot_approve_it_and_another_approver_can()
    {
        SelectionRig rig = new();
        SelectionRecord proposal = await ProposeAsync(rig, World.Approver);

        Assert.Equal("own-proposal-forbidden", await RefusedAsync(rig, proposal, World.Approver));
        Assert.Null(await RefusedAsync(rig, proposal, World.Officer));
    }

    [Fact]
    public async Task Without_the_role_of_approver_nobody_approves()
    {
        SelectionRig rig = new();
        SelectionRecord proposal = await ProposeAsync(rig, World.Officer);

        Assert.Equal("approver-role-forbidden", await RefusedAsync(rig, proposal, Clerk));
        Assert.Empty(await rig.World.OwedInAsync(SelectionTable.Name));
    }

    [Fact]
    public async Task Whoever_changed_the_rules_after_the_closing_cannot_approve_what_came_of_it()
    {
        SelectionRig rig = new();
        rig.World.Projects.Add(rig.Project with { RulesChangedBy = [World.Approver.Actor, Clerk.Actor] });
        SelectionRecord proposal = await ProposeAsync(rig, Clerk);

        Assert.Equal("own-rules-forbidden", await RefusedAsync(rig, proposal, World.Approver));
        Assert.Null(await RefusedAsync(rig, proposal, World.Officer));
    }

    [Fact]
    public async Task A_list_that_other_rules_made_cannot_be_approved_until_it_is_proposed_again()
    {
        SelectionRig rig = new();
        SelectionRecord proposal = await ProposeAsync(rig, World.Officer);
        rig.World.Projects.Add(rig.Project with { Settings = new ProjectSettings { PerEconomyMaximum = 2 }, RulesChangedBy = [Clerk.Actor] });

        Assert.Equal("selection-rules-changed-conflict", await RefusedAsync(rig, proposal, World.Approver));
        Assert.Empty(await rig.World.OwedInAsync(SelectionTable.Name));

        SelectionRecord again = await ProposeAsync(rig, World.Officer);
        Assert.NotEqual(proposal.Digest, again.Digest);
        Assert.Null(await RefusedAsync(rig, again, World.Approver));
    }

    [Fact]
    public async Task A_change_that_decides_nothing_leaves_a_proposal_as_good_as_it_was()
    {
        SelectionRig rig = new();
        SelectionRecord proposal = await ProposeAsync(rig, World.Officer);
        rig.World.Projects.Add(rig.Project with { Version = 2, Settings = new ProjectSettings { OfferStands = TimeSpan.FromDays(3), Scoring = new ScoringPlan([new ScorePhase("Relevance", 1)], ScoreUse.Informs) } });

        Assert.Null(await RefusedAsync(rig, proposal, World.Approver));
    }

    [Fact]
    public async Task Before_approval_every_notice_can_be_read_and_nothing_is_owed_or_sent()
    {
        SelectionRig rig = new(overseas: 30, settings: new ProjectSettings { PerEconomyMaximum = 3 });
        SelectionRecord proposal = await ProposeAsync(rig, World.Officer);
        string before = await rig.World.DumpAsync();

        SelectionNotices notices = await NoticesAsync(rig);

        Assert.Equal(proposal.Overseas.Selected + proposal.Local.Selected, notices.Offers.Count);
        Assert.All(notices.Offers, draft => Assert.Contains(DraftNotices.LinkComesHere, draft.Body.Text, StringComparison.Ordinal));
        Assert.Equal(20, notices.Results.Count);
        string fiji = notices.Results.Single(draft => draft.ToAddress == "officer@fiji.example.org").Body.Text;
        Assert.Contains("Person fiji01: selected.", fiji, StringComparison.Ordinal);
        Assert.Matches("Person fiji03: alternate [0-9]+\\.", fiji);
        Assert.Contains("Person fiji04: not selected. Ranked 4", fiji, StringComparison.Ordinal);
        Assert.Equal(before, await rig.World.DumpAsync());
        Assert.Empty(await rig.World.OwedInAsync(SelectionTable.Name));
        Assert.Empty(rig.World.Bus.Sent);
    }

    [Fact]
    public async Task A_changed_decision_replaces_its_draft()
    {
        SelectionRig rig = new();
        await ProposeAsync(rig, World.Officer);
        Assert.Contains((await NoticesAsync(rig)).Offers, draft => draft.ToAddress == "fiji01@example.org");
        rig.World.Nominations.All.RemoveAll(nomination => nomination.Economy == "fiji");

        await ProposeAsync(rig, World.Officer);

        SelectionNotices notices = await NoticesAsync(rig);
        Assert.DoesNotContain(notices.Offers, draft => draft.ToAddress.StartsWith("fiji", StringComparison.Ordinal));
        Assert.Equal(42, notices.Offers.Count);
        Assert.DoesNotContain(notices.Results, draft => draft.ToAddress == "officer@fiji.example.org");
    }

    [Fact]
    public async Task Approval_sends_the_very_words_of_the_drafts_and_a_later_proposal_changes_none()
    {
        SelectionRig rig = new();
        await ProposeAsync(rig, World.Officer);
        SelectionNotices drafts = await NoticesAsync(rig);
        await rig.OfferAsync();
        await ProposeAsync(rig, World.Officer);

        SelectionMails mails = new(rig.World.Projects, rig.World.Nominations, rig.Whole.Table, rig.World.Registry, new Links(rig.World.Tables, World.Access()), World.Access(), World.Organisation);
        foreach (MailOwed owed in rig.World.Sent<MailOwed>(Plenary.Shared.Queues.SendMail))
        {
            MailDraft sent = Assert.IsType<MailDraft>((await mails.ComposeAsync(owed, rig.World.Clock.Now, default)).Draft);
            MailDraft draft = Assert.Single(drafts.Results, draft => draft.ToAddress == sent.ToAddress);
            Assert.Equal((draft.Subject, draft.Body.Text), (sent.Subject, sent.Body.Text));
        }

        Assert.Equal(drafts.Offers.Select(draft => draft.Body.Text), (await NoticesAsync(rig)).Offers.Select(draft => draft.Body.Text));
    }

    [Fact]
    public async Task Of_nothing_proposed_there_are_no_notices() =>
        Assert.Null(await new SelectionRig().Whole.Notices.RunAsync(ProjectCode.Parse("23-IP-10-GE-WSP-A"), default, default));

    [Fact]
    public void Rules_decide_alike_exactly_when_nothing_that_decides_differs()
    {
        Project project = FakeProjects.Workshop();
        SelectionRules rules = SelectionRules.DeclaredBy(project);

        Assert.True(rules.DecidesAs(SelectionRules.DeclaredBy(project with { Version = 2 })));
        Assert.False(rules.DecidesAs(rules with { OverseasPlaces = 37 }));
        Assert.False(rules.DecidesAs(rules with { HostEconomies = new HashSet<string>() }));
        Assert.False(rules.DecidesAs(SelectionRules.DeclaredBy(project with { Settings = new ProjectSettings { LocalMayFlowToOverseas = true } })));
    }

    [Fact]
    public void Rules_have_the_same_digest_exactly_when_they_decide_alike()
    {
        SelectionRules rules = new(38, 12, new HashSet<string> { "japan", "indonesia" }, "seed");
        ScoringPlan plan = new([new ScorePhase("Relevance", 60)], ScoreUse.WithinRound);
        SelectionRules[] others =
        [
            rules with { OverseasPlaces = 37 }, rules with { LocalPlaces = 13 }, rules with { HostEconomies = new HashSet<string> { "japan" } }, rules with { DrawSeed = "other" },
            rules with { PerEconomyMaximum = 3 }, rules with { PerEconomyMinimum = 3 }, rules with { OverseasMayFlowToLocal = true }, rules with { LocalMayFlowToOverseas = true },
            rules with { Scoring = plan }, rules with { Scoring = plan with { Use = ScoreUse.WithinEconomy } }, rules with { Scoring = plan with { Phases = [new ScorePhase("Relevance", 61)] } },
        ];

        Assert.Equal(rules.ComputeDigest(), (rules with { HostEconomies = new HashSet<string> { "indonesia", "japan" } }).ComputeDigest());
        Assert.Equal(others.Length + 1, others.Append(rules).Select(one => one.ComputeDigest()).Distinct().Count());
        Assert.True((rules with { Scoring = plan }).DecidesAs(rules with { Scoring = new ScoringPlan([.. plan.Phases], plan.Use) }));
    }

    private static async Task<SelectionRecord> ProposeAsync(SelectionRig rig, Caller caller)
    {
        Assert.True((await rig.Whole.Propose.RunAsync(rig.Project.Code, caller, rig.World.Clock.Now, default)).TryGet(out SelectionRecord? proposal));
        return proposal;
    }

    private static async Task<string?> RefusedAsync(SelectionRig rig, SelectionRecord proposal, Caller caller) =>
        (await rig.Whole.Approve.RunAsync(rig.Project.Code, proposal.Digest, caller, rig.World.Clock.Now, default)).Refusals.SingleOrDefault()?.Code;

    private static async Task<SelectionNotices> NoticesAsync(SelectionRig rig) =>
        Assert.IsType<SelectionNotices>(await rig.Whole.Notices.RunAsync(rig.Project.Code, rig.World.Clock.Now, default));
}
