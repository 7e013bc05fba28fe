using Microsoft.AspNetCore.Http;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Nominations;

namespace Plenary.Functions.Tests.Nominations;

/// <summary>The post at Indonesia's desk changes hands because a day comes; its days begin and end in Jakarta.</summary>
public sealed class HandOverByDateTests : IDisposable
{
    private static readonly Officer Head = Of(OfficerRole.Head, "head");

    /// <summary>The first moment of 10 July and of 15 July in Jakarta.</summary>
    private static readonly DateTimeOffset Begins = new(2023, 7, 9, 17, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Over = new(2023, 7, 14, 17, 0, 0, TimeSpan.Zero);

    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task While_two_posts_overlap_both_links_open_and_from_the_end_of_the_last_day_only_the_successors()
    {
        await OpenAsync(Of(OfficerRole.Officer, "ana", until: new DateOnly(2023, 7, 14)), Of(OfficerRole.Officer, "ben", from: new DateOnly(2023, 7, 10)), Head);
        Nominee draft = await StartAsync();

        await ComesAsync(Begins);

        Assert.Equal((200, 200), (await LookAsync(1), await LookAsync(2)));
        Assert.Contains((await rig.RowsAsync()).Nominees, nominee => nominee.Id == draft.Id);
        MailDraft mail = await WrittenAsync("1-2");
        Assert.Equal(("ben@indonesia.example", true), (mail.ToAddress, mail.Body.Text.Contains("since the post changed hands", StringComparison.Ordinal)));
        rig.Clock.Now = Over.AddTicks(-1);
        Assert.Equal((200, 200), (await LookAsync(1), await LookAsync(2)));

        // No timer has run: the comparison alone refuses.
        rig.Clock.Now = Over;
        Assert.Equal((403, 200), (await LookAsync(1), await LookAsync(2)));
        Assert.Equal("link-forbidden", Assert.Single((await rig.Get<SaveNomination>().RunAsync(rig.Call(), draft.Id, _ => DeskRig.Somebody(), default)).Refusals).Code);

        await ComesAsync(Over);
        Assert.Equal((403, 200), (await LookAsync(1), await LookAsync(2)));
        Assert.Equal(["1", "1-2"], (await rig.OwedAsync()).Select(owed => owed.Version).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_nobody_follows_the_head_is_written_to_and_the_old_link_is_dead_before_any_timer_runs()
    {
        await OpenAsync(Of(OfficerRole.Officer, "ana", until: new DateOnly(2023, 7, 14)), Head);
        Nominee draft = await StartAsync();

        rig.Clock.Now = Over;
        Assert.Equal(403, await LookAsync(1));
        await ComesAsync(Over);
        await ComesAsync(Over);

        Assert.Equal((403, 200), (await LookAsync(1), await LookAsync(2)));
        Assert.Equal(2, (await rig.RowsAsync()).Desk.Generation);
        Assert.Contains((await rig.RowsAsync()).Nominees, nominee => nominee.Id == draft.Id);
        MailDraft mail = await WrittenAsync("1-2");
        Assert.Equal("head@indonesia.example", mail.ToAddress);
        Assert.Contains("head of the national productivity organisation", mail.Body.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_of_the_head_is_dead_from_the_first_moment_of_an_officer()
    {
        await OpenAsync(Of(OfficerRole.Officer, "ben", from: new DateOnly(2023, 7, 10)), Head);
        rig.Clock.Now = Begins.AddTicks(-1);
        Assert.Equal(200, await LookAsync(1));

        rig.Clock.Now = Begins;

        Assert.Equal(403, await LookAsync(1));
        await ComesAsync(Begins);
        Assert.Equal((403, 200), (await LookAsync(1), await LookAsync(2)));
        Assert.Equal("ben@indonesia.example", (await WrittenAsync("1-2")).ToAddress);
    }

    [Fact]
    public async Task A_last_day_that_is_set_later_counts_and_one_that_is_taken_back_does_not()
    {
        Officer ana = Of(OfficerRole.Officer, "ana");
        await OpenAsync(ana, Head);

        rig.Registry.Replace(DeskRig.Economy, ana with { Until = new DateOnly(2023, 7, 14) }, Head);
        await ChangedAsync("h-1");
        Assert.Equal(Over, (await rig.RowsAsync()).Desk.HolderUntil);
        rig.Registry.Replace(DeskRig.Economy, ana, Head);
        await ChangedAsync("h-2");
        await ComesAsync(Over);

        Assert.Equal(200, await LookAsync(1));
        Assert.Equal(["1"], (await rig.OwedAsync()).Select(owed => owed.Version).Distinct());
    }

    [Fact]
    public async Task Whoever_is_taken_out_of_the_registry_has_no_overlap()
    {
        await OpenAsync(Of(OfficerRole.Officer, "ana", until: new DateOnly(2023, 7, 14)), Head);

        rig.Registry.Replace(DeskRig.Economy, Of(OfficerRole.Officer, "ben"), Head);
        await ChangedAsync("h-1");

        Assert.Equal((403, 200), (await LookAsync(1), await LookAsync(2)));
    }

    [Fact]
    public async Task Revoking_all_links_revokes_those_of_the_officer_before_too()
    {
        await OpenAsync(Of(OfficerRole.Officer, "ana", until: new DateOnly(2023, 7, 14)), Of(OfficerRole.Officer, "ben", from: new DateOnly(2023, 7, 10)), Head);
        await ComesAsync(Begins);

        Assert.False((await rig.Get<RevokeDeskLinks>().RunAsync(rig.Code, DeskRig.Economy, reissue: true, World.Officer, rig.Clock.Now, default)).IsRefused);

        Assert.Equal((403, 403, 200), (await LookAsync(1), await LookAsync(2), await LookAsync(3)));
    }

    [Fact]
    public async Task After_the_project_hands_still_change_and_nobody_is_written_to()
    {
        await OpenAsync(Of(OfficerRole.Officer, "ana"), Head);
        rig.Clock.Now = rig.Projects.Project.EndsAt;

        rig.Registry.Replace(DeskRig.Economy, Of(OfficerRole.Officer, "ben"), Head);
        await ChangedAsync("h-1");

        Assert.Equal((403, 200), (await LookAsync(1), await LookAsync(2)));
        Assert.Equal(["1"], (await rig.OwedAsync()).Select(owed => owed.Version).Distinct());
    }

    private static Officer Of(OfficerRole role, string name, DateOnly? from = null, DateOnly? until = null) => new(role, name, $"{name}@indonesia.example", "en", from, until);

    private async Task OpenAsync(params Officer[] officers)
    {
        rig.Registry.Replace(DeskRig.Economy, officers);
        await rig.OpenAsync();
    }

    private Task ChangedAsync(string handover) => rig.Get<OpenDesk>().RunAsync(new DeskToOpen(rig.Code.ToString(), DeskRig.Economy, handover), default);

    /// <summary>What the agenda sets off at that instant.</summary>
    private Task ComesAsync(DateTimeOffset at)
    {
        rig.Clock.Now = at;
        return rig.Get<OpenDesk>().RunAsync(new DeskToOpen(rig.Code.ToString(), DeskRig.Economy, $"h-0-{at.UtcTicks}", at.UtcTicks), default);
    }

    private async Task<Nominee> StartAsync() =>
        (await rig.Get<SaveNomination>().StartAsync(rig.Call(), "form-1", default)).TryGet(out Nominee? draft) ? draft : throw new InvalidOperationException();

    private async Task<int> LookAsync(int generation)
    {
        HttpRequest request = rig.Request(session: rig.Session(generation: generation));
        return (await DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Show(request, rig.Code.ToString(), DeskRig.Economy, default))).Status;
    }

    private async Task<MailDraft> WrittenAsync(string version) =>
        Assert.IsType<MailDraft>((await rig.ComposeAsync((await rig.OwedAsync()).First(owed => owed.Kind == CirculationMail.Kind && owed.Version == version))).Draft);
}
