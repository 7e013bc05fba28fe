using Microsoft.Extensions.DependencyInjection;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Selection;

namespace Plenary.Functions.Tests.Nominations;

public sealed class ExtensionTests : IDisposable
{
    private static readonly Caller Officer = new("o-1", "Aiko Mori", [Caller.Secretariat]);

    private readonly Frozen selections = new();
    private readonly DeskRig rig;

    public ExtensionTests() => rig = new DeskRig(services => services.AddSingleton<ISelections>(selections));

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task A_late_nomination_is_marked_uses_the_extension_up_and_the_next_is_refused()
    {
        await rig.OpenAsync();
        Extension extension = await GrantAsync();
        rig.Clock.Now = DeskRig.ClosesAt.AddMinutes(11);

        Nominee late = await rig.NominateAsync();
        Outcome<Receipt> second = await rig.Get<Nominate>().RunAsync(rig.Call(), "key-2", DeskRig.Somebody(2), "", default);

        Assert.Equal($"late by 12 minutes, extension {extension.Id} by Aiko Mori", late.Sent?.Late?.Words);
        Refusal refusal = Assert.Single(second.Refusals);
        Assert.Equal("nominations-closed", refusal.Code);
        Assert.Contains($"Extension {extension.Id} has been used once", refusal.Reason, StringComparison.Ordinal);
        Nomination nomination = Assert.Single(await rig.Get<INominations>().ListSubmittedAsync(rig.Code, default).ToListAsync());
        Assert.Equal(12, nomination.Late?.Minutes);
        ExtensionUse use = Assert.Single(Assert.Single(await rig.Get<IExtensions>().ListExtensionsAsync(rig.Code, default)).Extension.Uses);
        Assert.Equal((late.Id, DeskRig.ClosesAt.AddMinutes(11), 12), (use.Nominee, use.At, use.Minutes));
        Row audited = Assert.Single(await rig.AllRowsAsync(), row => row.Key.Row.StartsWith("audit", StringComparison.Ordinal) && row.Values.Values.Any(value => value is string text && text.Contains("LateMinutes", StringComparison.Ordinal)));
        Assert.Contains(audited.Values.Values, value => value is string text && text.Contains("secretariat:o-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_repeat_of_a_late_nomination_is_answered_and_uses_nothing_up()
    {
        await rig.OpenAsync();
        await GrantAsync(uses: "2");
        rig.Clock.Now = DeskRig.ClosesAt;

        Nominee late = await rig.NominateAsync();
        Assert.Equal(late.Id, (await rig.NominateAsync()).Id);

        Assert.Equal(1, (await rig.RowsAsync()).Extensions.Single().UsesLeft);
    }

    [Fact]
    public async Task Two_late_nominations_at_once_by_one_use_are_one()
    {
        await rig.OpenAsync();
        await GrantAsync();
        rig.Clock.Now = DeskRig.ClosesAt.AddMinutes(1);

        Outcome<Receipt>[] outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(number =>
            Task.Run(() => rig.Get<Nominate>().RunAsync(rig.Call(), $"key-{number}", DeskRig.Somebody(number), "", default))));

        Assert.Single(outcomes, outcome => !outcome.IsRefused);
        Assert.Single(await rig.Get<INominations>().ListSubmittedAsync(rig.Code, default).ToListAsync());
    }

    [Fact]
    public async Task An_extension_for_one_nominee_lets_that_draft_be_saved_and_submitted_and_no_other()
    {
        await rig.OpenAsync();
        Nominee draft = await StartAsync("form-1");
        Nominee other = await StartAsync("form-2");
        await GrantAsync(nominee: draft.Reference);
        rig.Clock.Now = DeskRig.ClosesAt;

        Assert.Empty((await SaveAsync(draft.Id, 1)).Refusals);
        Assert.Equal("nominations-closed", Assert.Single((await SaveAsync(other.Id, 2)).Refusals).Code);
        Assert.Equal("nominations-closed", Assert.Single((await rig.Get<SaveNomination>().StartAsync(rig.Call(), "form-3", default)).Refusals).Code);
        Assert.True((await rig.Get<SubmitNomination>().RunAsync(rig.Call(), draft.Id, default)).TryGet(out Receipt? receipt));
        Assert.Equal(1, receipt.Nominee.Sent?.Late?.Minutes);
        Assert.Equal("nominations-closed", Assert.Single((await SaveAsync(draft.Id, 3)).Refusals).Code);
        Assert.Equal("nominations-closed", Assert.Single((await rig.Get<WithdrawNomination>().RunAsync(rig.Call(), draft.Id, default)).Refusals).Code);
    }

    [Fact]
    public async Task The_officer_is_told_of_it_and_not_once_it_is_ended()
    {
        await rig.OpenAsync();
        Extension extension = await GrantAsync();
        MailOwed owed = Assert.Single(await rig.OwedAsync(), mail => mail.Kind == ExtensionMails.Granted);
        MailDraft mail = (await rig.ComposeAsync(owed)).Draft!;
        Assert.Contains(extension.Id, mail.Subject, StringComparison.Ordinal);
        Assert.Contains("The line was cut.", mail.Body.Text, StringComparison.Ordinal);

        await rig.Get<GrantExtension>().EndAsync(rig.Code, DeskRig.Economy, extension.Id, Officer, rig.Clock.Now, default);

        Assert.Equal("superseded", (await rig.ComposeAsync(owed)).NotOwed);
        rig.Clock.Now = DeskRig.ClosesAt;
        Assert.True((await rig.Get<Nominate>().RunAsync(rig.Call(), "key-1", DeskRig.Somebody(), "", default)).IsRefused);
    }

    [Fact]
    public async Task Everything_wrong_with_an_extension_is_said_at_once()
    {
        await rig.OpenAsync();

        Outcome<Extension> outcome = await RequestAsync(new TypedExtension(DeskRig.Economy, "", "", "tomorrow", "0"));

        Assert.Equal(["reason", "until", "uses"], outcome.Refusals.Select(refusal => refusal.Field));
    }

    [Theory]
    [InlineData("indonesia", "", "2023-07-31 23:00", "until")]
    [InlineData("indonesia", "", "2023-08-14 12:01", "until")]
    [InlineData("indonesia", "AAAA-AAAA", "2023-08-02 18:00", "nominee")]
    [InlineData("atlantis", "", "2023-08-02 18:00", "economy")]
    public async Task What_makes_no_sense_is_refused_at_its_field(string economy, string nominee, string until, string field)
    {
        await rig.OpenAsync();

        Assert.Equal(field, Assert.Single((await RequestAsync(new TypedExtension(economy, nominee, "The line was cut.", until, "1"))).Refusals).Field);
    }

    [Fact]
    public async Task Once_the_selection_is_approved_none_is_granted_and_one_granted_at_that_moment_is_ended()
    {
        await rig.OpenAsync();
        selections.Answers.Enqueue(null);
        selections.Answers.Enqueue(38);
        Assert.Equal("selection-approved-already", Assert.Single((await RequestAsync(Typed())).Refusals).Code);
        Assert.NotNull(Assert.Single((await rig.RowsAsync()).Extensions).EndedAt);

        selections.Answers.Enqueue(38);
        Assert.Equal("selection-approved-already", Assert.Single((await RequestAsync(Typed())).Refusals).Code);
        Assert.Single((await rig.RowsAsync()).Extensions);
    }

    [Fact]
    public async Task Within_the_grace_of_a_project_what_is_late_is_taken_and_marked()
    {
        rig.Projects.Project = rig.Projects.Project with { Settings = rig.Projects.Project.Settings with { GraceMinutes = 10 } };
        await rig.OpenAsync();

        rig.Clock.Now = DeskRig.ClosesAt.AddMinutes(10).AddMilliseconds(-1);
        Assert.Equal("late by 10 minutes, within the grace of the project", (await rig.NominateAsync()).Sent?.Late?.Words);
        rig.Clock.Now = DeskRig.ClosesAt.AddMinutes(10);
        Assert.True((await rig.Get<Nominate>().RunAsync(rig.Call(), "key-2", DeskRig.Somebody(2), "", default)).IsRefused);
    }

    private static TypedExtension Typed(string nominee = "", string uses = "1") => new(DeskRig.Economy, nominee, "The line was cut.", "2023-08-02 18:00", uses);

    private Task<Outcome<Extension>> RequestAsync(TypedExtension typed) => rig.Get<GrantExtension>().RunAsync(rig.Code, typed, "Asia/Tokyo", Officer, rig.Clock.Now, default);

    private async Task<Extension> GrantAsync(string nominee = "", string uses = "1") =>
        (await RequestAsync(Typed(nominee, uses))) is var outcome && outcome.TryGet(out Extension? extension) ? extension : throw new InvalidOperationException(outcome.Refusals[0].Reason);

    private async Task<Nominee> StartAsync(string key) =>
        (await rig.Get<SaveNomination>().StartAsync(rig.Call(), key, default)).TryGet(out Nominee? draft) ? draft : throw new InvalidOperationException();

    private Task<Outcome<Nominee>> SaveAsync(string id, int number) => rig.Get<SaveNomination>().RunAsync(rig.Call(), id, _ => DeskRig.Somebody(number), default);

    /// <summary>Approved or not, one answer after another; not, when none is left.</summary>
    private sealed class Frozen : ISelections
    {
        public Queue<int?> Answers { get; } = [];

        public Task<int?> CountSelectedAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult(Answers.TryDequeue(out int? answer) ? answer : null);

        public Task<IReadOnlyList<Participant>> ListParticipantsAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Participant>>([]);

        public Task<IReadOnlyList<OfferStanding>> ListOffersAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<OfferStanding>>([]);

        public Task<IReadOnlyDictionary<OfferState, int>> CountOffersAsync(ProjectCode code, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyDictionary<OfferState, int>>(new Dictionary<OfferState, int>());
    }
}
