using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Nominations;

/// <summary>A place that fell free at the desk of Indonesia, which may name somebody until the end of 10 August in Tokyo.</summary>
public sealed class VacancyTests : IDisposable
{
    private static readonly DateTimeOffset Until = new(2023, 8, 10, 15, 0, 0, TimeSpan.Zero);

    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public async Task Whoever_is_submitted_before_the_instant_takes_the_place_and_from_it_on_nobody_does(int ticks, bool isTaken)
    {
        string former = await OpenAsync();
        rig.Clock.Now = Until.AddDays(-1);
        Nominee draft = await StartAsync(former);
        Assert.False((await rig.Get<SaveNomination>().RunAsync(rig.Call(), draft.Id, _ => DeskRig.Somebody(2), default)).IsRefused);

        Outcome<Receipt> outcome = await rig.Get<SubmitNomination>().RunAsync(rig.Call(Until.AddTicks(ticks)), draft.Id, default);

        Assert.Equal(isTaken ? [] : ["replacement-closed"], outcome.Refusals.Select(refusal => refusal.Code));
        Assert.Equal(isTaken ? draft.Id : null, (await rig.RowsAsync()).Desk.FindVacancy(former)?.FilledBy);
        Assert.Equal(isTaken ? [draft.Id] : [], (await FilledAsync()).Select(fill => fill.NominationId));
    }

    [Fact]
    public async Task The_officer_is_written_to_once_with_the_last_moment_and_a_link()
    {
        string former = await OpenAsync();
        await OpenVacancyAsync(former);

        MailOwed owed = Assert.Single(await rig.OwedAsync(), mail => mail.Kind == ReplacementMail.Kind);
        MailDraft draft = Assert.IsType<MailDraft>((await rig.ComposeAsync(owed)).Draft);
        Assert.Contains("10 August 2023, 21:59:59 (Asia/Jakarta)", draft.Body.Text, StringComparison.Ordinal);
        Assert.Contains("https://plenary.example/l/", draft.Body.Text, StringComparison.Ordinal);
        Assert.Equal(Until + Vacancy.Writes, Assert.Single(await rig.OwedMessagesAsync(NominationTable.Name), message => message.Queue == Queues.EndVacancy).DueAt);
        rig.Clock.Now = Until;
        Assert.Equal("replacement-closed", (await rig.ComposeAsync(owed)).NotOwed);
    }

    [Fact]
    public async Task The_end_of_the_window_passes_the_place_on_once_and_never_after_somebody_was_named()
    {
        string former = await OpenAsync();
        rig.Clock.Now = Until + Vacancy.Writes;
        VacancyDue due = new(rig.Code.ToString(), DeskRig.Economy, former, Until.UtcTicks);

        await rig.Get<EndVacancy>().RunAsync(due with { UntilTicks = Until.AddDays(-1).UtcTicks }, default);
        Assert.Empty(await FilledAsync());
        await rig.Get<EndVacancy>().RunAsync(due, default);
        await rig.Get<EndVacancy>().RunAsync(due, default);

        Assert.Null(Assert.Single(await FilledAsync()).NominationId);
        Assert.Equal("replacement-closed", Assert.Single((await rig.Get<NameReplacement>().StartAsync(rig.Call(Until), former, default)).Refusals).Code);
    }

    [Fact]
    public async Task What_was_received_in_time_takes_the_place_however_long_its_write_takes_until_the_place_is_given_on()
    {
        string former = await OpenAsync();
        Nominee draft = await StartAsync(former);
        Assert.False((await rig.Get<SaveNomination>().RunAsync(rig.Call(), draft.Id, _ => DeskRig.Somebody(2), default)).IsRefused);
        VacancyDue due = new(rig.Code.ToString(), DeskRig.Economy, former, Until.UtcTicks);

        // The window's end was announced early by a clock's difference, and does not shut out what is on its way.
        rig.Clock.Now = Until;
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Get<EndVacancy>().RunAsync(due, default));
        rig.Clock.Now = Until + Vacancy.Writes - TimeSpan.FromTicks(1);
        Assert.Equal("replacement-closed", Assert.Single((await rig.Get<SubmitNomination>().RunAsync(rig.Call(Until), draft.Id, default)).Refusals).Code);
        Assert.Empty((await rig.Get<SubmitNomination>().RunAsync(rig.Call(Until.AddTicks(-1)), draft.Id, default)).Refusals);
        rig.Clock.Now = Until + Vacancy.Writes;
        await rig.Get<EndVacancy>().RunAsync(due, default);

        Assert.Equal(draft.Id, Assert.Single(await FilledAsync()).NominationId);
    }

    [Fact]
    public async Task Once_the_place_is_given_on_what_came_in_time_is_told_so_and_takes_nothing()
    {
        string former = await OpenAsync();
        Nominee draft = await StartAsync(former);
        Assert.False((await rig.Get<SaveNomination>().RunAsync(rig.Call(), draft.Id, _ => DeskRig.Somebody(2), default)).IsRefused);
        rig.Clock.Now = Until + Vacancy.Writes;
        await rig.Get<EndVacancy>().RunAsync(new VacancyDue(rig.Code.ToString(), DeskRig.Economy, former, Until.UtcTicks), default);

        Outcome<Receipt> outcome = await rig.Get<SubmitNomination>().RunAsync(rig.Call(Until.AddTicks(-1)), draft.Id, default);

        Assert.Equal("replacement-passed-already", Assert.Single(outcome.Refusals).Code);
        Assert.Null(Assert.Single(await FilledAsync()).NominationId);
    }

    [Fact]
    public async Task Naming_nobody_passes_the_place_on_at_once()
    {
        string former = await OpenAsync();

        Assert.False((await rig.Get<NameReplacement>().PassOnAsync(rig.Call(), former, default)).IsRefused);
        Assert.False((await rig.Get<NameReplacement>().PassOnAsync(rig.Call(), former, default)).IsRefused);

        Assert.Null(Assert.Single(await FilledAsync()).NominationId);
    }

    [Fact]
    public async Task A_later_date_for_replacements_moves_the_end_of_places_that_wait()
    {
        string former = await OpenAsync();
        rig.Projects.Project = rig.Projects.Project with { Version = 2, Settings = new ProjectSettings { ReplacementsUntil = new DateOnly(2023, 8, 12) } };

        await rig.OpenAsync();
        await rig.OpenAsync();

        Assert.Equal(Until.AddDays(2), (await rig.RowsAsync()).Desk.FindVacancy(former)?.Until);
        Assert.Equal([Until + Vacancy.Writes, Until.AddDays(2) + Vacancy.Writes], (await rig.OwedMessagesAsync(NominationTable.Name)).Where(message => message.Queue == Queues.EndVacancy).Select(message => message.DueAt!.Value).Order());
    }

    [Fact]
    public async Task A_vacancy_opens_nothing_but_the_one_draft_for_it()
    {
        string former = await OpenAsync();
        Nominee draft = await StartAsync(former);
        Assert.Equal(draft.Id, (await StartAsync(former)).Id);

        Assert.Equal("nominations-closed", Assert.Single((await rig.Get<SaveNomination>().RunAsync(rig.Call(), former, _ => DeskRig.Somebody(3), default)).Refusals).Code);
        Assert.Equal("nominations-closed", Assert.Single((await rig.Get<SaveNomination>().StartAsync(rig.Call(), "another", default)).Refusals).Code);
        Assert.Equal("nominations-closed", Assert.Single((await rig.Get<RankNominees>().RunAsync(rig.Call(), order => order.Reverse().ToArray(), default)).Refusals).Code);
        Assert.Equal("replacement-not-found", Assert.Single((await rig.Get<NameReplacement>().StartAsync(rig.Call(), "nobody", default)).Refusals).Code);
        Assert.False((await rig.Get<WithdrawNomination>().RunAsync(rig.Call(), draft.Id, default)).IsRefused);
        Assert.NotEqual(draft.Id, (await StartAsync(former)).Id);
    }

    /// <summary>A nominee was submitted in time; the place that came of it is free again.</summary>
    private async Task<string> OpenAsync()
    {
        rig.Projects.Project = rig.Projects.Project with { Settings = new ProjectSettings { ReplacementsUntil = new DateOnly(2023, 8, 10) } };
        await rig.OpenAsync();
        Nominee former = await rig.NominateAsync();
        rig.Clock.Now = DeskRig.ClosesAt.AddDays(3);
        await OpenVacancyAsync(former.Id);
        return former.Id;
    }

    private Task OpenVacancyAsync(string former) =>
        rig.Get<OpenVacancy>().RunAsync(new VacancyToOpen(rig.Code.ToString(), DeskRig.Economy, former, "place-local-01", Pool.Local), default);

    private async Task<Nominee> StartAsync(string former)
    {
        Outcome<Nominee> outcome = await rig.Get<NameReplacement>().StartAsync(rig.Call(), former, default);
        Assert.Empty(outcome.Refusals);
        return outcome.TryGet(out Nominee? draft) ? draft : throw new InvalidOperationException();
    }

    private async Task<IReadOnlyList<PlaceToFill>> FilledAsync() =>
        [.. (await rig.OwedMessagesAsync(NominationTable.Name)).Where(message => message.Queue == Queues.FillPlace).Select(message => Envelope.Read<PlaceToFill>(message.Body))];
}
