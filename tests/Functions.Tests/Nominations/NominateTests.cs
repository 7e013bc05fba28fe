using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Nominations;

namespace Plenary.Functions.Tests.Nominations;

public sealed class NominateTests : IDisposable
{
    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task An_accepted_nomination_with_a_rank_costs_one_point_read_and_one_transaction()
    {
        await rig.OpenAsync();
        await rig.NominateAsync(1, "1");
        int tableBefore = rig.Table.RoundTrips;
        int markersBefore = rig.Tables[OutboxNames.Markers].RoundTrips;

        await rig.NominateAsync(2, "2");

        Assert.Equal(2, rig.Table.RoundTrips - tableBefore);
        Assert.Equal(0, rig.Tables[OutboxNames.Markers].RoundTrips - markersBefore);
    }

    [Fact]
    public async Task An_accepted_nomination_without_a_rank_costs_one_query_and_one_transaction()
    {
        await rig.OpenAsync();
        await rig.NominateAsync(1);
        int before = rig.Table.RoundTrips;

        await rig.NominateAsync(2);

        Assert.Equal(2, rig.Table.RoundTrips - before);
    }

    [Fact]
    public async Task Everything_an_accepted_nomination_is_made_of_is_there_at_once()
    {
        await rig.OpenAsync();

        Nominee nominee = await rig.NominateAsync(1);

        string[] keys = [.. (await rig.AllRowsAsync()).Select(row => row.Key.Row)];
        Assert.Contains($"nominee-{nominee.Id}", keys);
        Assert.Contains("rank-001", keys);
        Assert.Contains("key-key-1", keys);
        Assert.Contains(keys, key => key.StartsWith("mail-", StringComparison.Ordinal));
        Assert.Contains((await rig.AllRowsAsync()).Where(row => row.Key.Row.StartsWith("audit-", StringComparison.Ordinal)), row => row.Text("Action") == "nomination-submitted");
        Assert.Contains(await rig.OwedAsync(), mail => mail is { Kind: "nomination-receipt", Person: "officer:indonesia", Version: "1" } && mail.Subject == $"indonesia/{nominee.Id}");
    }

    [Fact]
    public async Task One_millisecond_before_the_closing_is_in_time_and_the_closing_itself_is_not()
    {
        await rig.OpenAsync();
        Nominate nominate = rig.Get<Nominate>();

        Outcome<Receipt> inTime = await nominate.RunAsync(rig.Call(DeskRig.ClosesAt.AddMilliseconds(-1)), "a", DeskRig.Somebody(1), "1", default);
        Outcome<Receipt> tooLate = await nominate.RunAsync(rig.Call(DeskRig.ClosesAt), "b", DeskRig.Somebody(2), "2", default);

        Assert.Empty(inTime.Refusals);
        Refusal refusal = Assert.Single(tooLate.Refusals);
        Assert.Equal("nominations-closed", refusal.Code);
        Assert.Contains("31 July 2023, 21:59:59 (Asia/Jakarta) — 31 July 2023, 14:59:59 UTC", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_economy_closes_at_the_end_of_its_own_day_when_the_project_says_so()
    {
        rig.Projects.Project = rig.Projects.Project with { Settings = new ProjectSettings { Closing = ClosingPolicy.Nominator } };
        await rig.OpenAsync("fiji");
        await rig.OpenAsync("turkiye");

        Assert.Equal(new DateTimeOffset(2023, 7, 31, 12, 0, 0, TimeSpan.Zero), (await rig.RowsAsync("fiji")).Desk.ClosesAt);
        Assert.Equal(new DateTimeOffset(2023, 7, 31, 21, 0, 0, TimeSpan.Zero), (await rig.RowsAsync("turkiye")).Desk.ClosesAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    public async Task The_same_key_and_content_is_one_nomination_with_one_reference(string rank)
    {
        await rig.OpenAsync();
        Nominee first = await rig.NominateAsync(1, rank);

        Outcome<Receipt> again = await rig.Get<Nominate>().RunAsync(rig.Call(), "key-1", DeskRig.Somebody(1), rank, default);

        Assert.True(again.TryGet(out Receipt? receipt));
        Assert.False(receipt.IsNew);
        Assert.Equal(first.Reference, receipt.Nominee.Reference);
        Assert.Single((await rig.RowsAsync()).Nominees);
        Assert.Single(await rig.OwedAsync(), mail => mail.Kind == "nomination-receipt");
    }

    [Fact]
    public async Task A_repeat_after_the_closing_of_what_was_accepted_in_time_gets_its_reference()
    {
        await rig.OpenAsync();
        Nominee first = await rig.NominateAsync(1, "1");

        Outcome<Receipt> again = await rig.Get<Nominate>().RunAsync(rig.Call(DeskRig.ClosesAt.AddHours(1)), "key-1", DeskRig.Somebody(1), "1", default);

        Assert.True(again.TryGet(out Receipt? receipt));
        Assert.Equal(first.Reference, receipt.Nominee.Reference);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    public async Task The_same_key_with_another_body_is_a_conflict(string rank)
    {
        await rig.OpenAsync();
        await rig.NominateAsync(1, "1");

        Outcome<Receipt> other = await rig.Get<Nominate>().RunAsync(rig.Call(), "key-1", DeskRig.Somebody(2), rank, default);

        Assert.Equal("idempotency-conflict", Assert.Single(other.Refusals).Code);
    }

    [Fact]
    public async Task Of_many_posts_with_one_rank_at_once_exactly_one_is_accepted()
    {
        await rig.OpenAsync();
        Nominate nominate = rig.Get<Nominate>();

        Outcome<Receipt>[] outcomes = await Task.WhenAll(Enumerable.Range(1, 20).Select(number =>
            Task.Run(() => nominate.RunAsync(rig.Call(), $"k{number}", DeskRig.Somebody(number), "1", default))));

        Assert.Single(outcomes, outcome => !outcome.IsRefused);
        Assert.All(outcomes.Where(outcome => outcome.IsRefused), outcome => Assert.Equal("rank-taken", Assert.Single(outcome.Refusals).Code));
    }

    [Fact]
    public async Task Of_many_posts_without_a_rank_at_once_all_find_a_place_of_their_own_or_are_told_to_repeat()
    {
        await rig.OpenAsync();
        Nominate nominate = rig.Get<Nominate>();

        await Task.WhenAll(Enumerable.Range(1, 5).Select(number =>
            Task.Run(() => nominate.RunAsync(rig.Call(), $"k{number}", DeskRig.Somebody(number), "", default))));

        DeskRows rows = await rig.RowsAsync();
        Assert.Equal(rows.Nominees.Count(), rows.Order.Distinct().Count());
        Assert.Equal(5, rows.Nominees.Count());
    }

    [Theory]
    [InlineData("nominee1@agency.example")]
    [InlineData("NOMINEE1@AGENCY.EXAMPLE")]
    public async Task One_address_is_one_nominee_of_an_economy(string address)
    {
        await rig.OpenAsync();
        await rig.NominateAsync(1, "1");

        Outcome<Receipt> twin = await rig.Get<Nominate>().RunAsync(rig.Call(), "other", DeskRig.Somebody(2) with { Email = address }, "2", default);

        Refusal refusal = Assert.Single(twin.Refusals);
        Assert.Equal(("email-taken", "email"), (refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task The_same_person_may_be_nominated_by_another_economy()
    {
        await rig.OpenAsync();
        await rig.OpenAsync("fiji");
        await rig.NominateAsync(1, "1");

        await rig.NominateAsync(1, "1", "fiji");

        Assert.Single((await rig.RowsAsync("fiji")).Nominees);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("41")]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("1.5")]
    [InlineData("99999999999999")]
    public async Task A_rank_that_is_none_is_refused(string rank)
    {
        await rig.OpenAsync();

        Outcome<Receipt> outcome = await rig.Get<Nominate>().RunAsync(rig.Call(), "k", DeskRig.Somebody(), rank, default);

        Assert.Equal(("rank-invalid", "rank"), (Assert.Single(outcome.Refusals).Code, outcome.Refusals[0].Field));
    }

    [Fact]
    public async Task An_economy_may_not_put_forward_more_than_the_project_allows()
    {
        rig.Projects.Project = rig.Projects.Project with { Settings = new ProjectSettings { MostNomineesPerEconomy = 2 } };
        await rig.OpenAsync();
        await rig.NominateAsync(1);
        await rig.NominateAsync(2);

        Outcome<Receipt> third = await rig.Get<Nominate>().RunAsync(rig.Call(), "k", DeskRig.Somebody(3), "", default);

        Assert.Equal("nominees-full", Assert.Single(third.Refusals).Code);
    }

    [Fact]
    public async Task All_problems_come_at_once_with_their_fields()
    {
        await rig.OpenAsync();
        TypedNominee bad = new()
        {
            Name = "Nobody\r\nBcc: all@example.org",
            Email = "not an address",
            Sector = "pirates",
            YearsOfExperience = "-3",
        };

        Outcome<Receipt> outcome = await rig.Get<Nominate>().RunAsync(rig.Call(), "k", bad, "99", default);

        string[] fields = [.. outcome.Refusals.Select(refusal => refusal.Field ?? "").Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["email", "name", "nationality", "organisation", "position", "rank", "sector", "statement", "yearsOfExperience"], fields);
        Assert.Empty((await rig.RowsAsync()).Nominees);
    }

    [Fact]
    public async Task A_link_of_an_earlier_generation_opens_nothing()
    {
        await rig.OpenAsync();
        await rig.HandOverAsync();

        Outcome<Receipt> outcome = await rig.Get<Nominate>().RunAsync(rig.Call(), "k", DeskRig.Somebody(), "", default);

        Assert.Equal("link-forbidden", Assert.Single(outcome.Refusals).Code);
    }

    [Fact]
    public async Task A_desk_that_was_never_opened_says_no_more_than_a_wrong_link()
    {
        Outcome<Receipt> outcome = await rig.Get<Nominate>().RunAsync(rig.Call(), "k", DeskRig.Somebody(), "1", default);

        Assert.Equal("link-forbidden", Assert.Single(outcome.Refusals).Code);
    }

    [Theory]
    [InlineData("สมชาย ใจดี")]
    [InlineData("ដារា សុខ")]
    [InlineData("محمد رضا")]
    [InlineData("Nguyễn Thị Ánh 😀")]
    [InlineData("<script>alert(1)</script>")]
    public async Task Names_in_every_script_are_kept_as_text(string name)
    {
        await rig.OpenAsync();

        Outcome<Receipt> outcome = await rig.Get<Nominate>().RunAsync(rig.Call(), "k", DeskRig.Somebody() with { Name = name }, "", default);

        Assert.True(outcome.TryGet(out Receipt? receipt));
        Assert.Equal(name.Normalize(), receipt.Nominee.Entry.Name);
    }

    [Fact]
    public async Task A_direction_override_in_a_name_is_refused()
    {
        await rig.OpenAsync();

        Outcome<Receipt> outcome = await rig.Get<Nominate>().RunAsync(rig.Call(), "k", DeskRig.Somebody() with { Name = "Ann\u202Etxt.exe" }, "", default);

        Assert.Equal(("text-direction-override", "name"), (Assert.Single(outcome.Refusals).Code, outcome.Refusals[0].Field));
    }

    [Fact]
    public async Task The_longest_texts_in_the_heaviest_script_fit_into_a_row()
    {
        await rig.OpenAsync();
        string heavy = string.Concat(Enumerable.Repeat("ก\u0E49\u0E33", 100));
        TypedNominee longest = DeskRig.Somebody() with
        {
            Statement = new string('ก', TypedNominee.MostStatement),
            Wishes = new string('ก', TypedNominee.MostWishes),
            Position = heavy[..200],
        };

        Outcome<Receipt> outcome = await rig.Get<Nominate>().RunAsync(rig.Call(), "k", longest, "", default);

        Assert.Empty(outcome.Refusals);
    }
}
