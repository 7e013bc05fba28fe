using Plenary.Access;
using Plenary.Domain;
using Plenary.Functions.Tests.Domain.Notifications;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Access;

public sealed class ImportRegistryTests
{
    private readonly World world = new();
    private readonly RegistryTable table;

    public ImportRegistryTests() => table = new RegistryTable(world.Tables, world.Clock);

    [Fact]
    public async Task The_samples_are_taken_whole()
    {
        Assert.True((await ImportAsync(File.ReadAllText(Path.Combine(Samples.Folder, "economies.csv")), File.ReadAllText(Path.Combine(Samples.Folder, "officers.csv"))))
            .TryGet(out RegistryImported? imported));

        IReadOnlyList<RegistryEntry> entries = await table.ListAsync(default);
        Assert.Equal(new RegistryImported(21, 40), imported);
        Assert.Equal((21, 20, 40), (entries.Count, entries.Count(entry => entry.Economy.IsActive), entries.Sum(entry => entry.Officers.Count)));
        Assert.Contains(entries, entry => entry.Economy.Name == "Türkiye");
    }

    [Theory]
    [InlineData("Fri-Sat", "2023-08-15;2023-12-25", null)]
    [InlineData("", "", null)]
    [InlineData("Friday", "", "“Friday” is no weekend.")]
    [InlineData("Sat-Sat", "", "“Sat-Sat” is no weekend.")]
    [InlineData("Thu-Fri-Sat-Sun", "", "“Thu-Fri-Sat-Sun” is no weekend.")]
    [InlineData("Sat-Sun", "15.8.2023", "“15.8.2023” is no date.")]
    public async Task Days_off_are_read_or_the_row_is_named(string weekend, string holidays, string? reason)
    {
        Outcome<RegistryImported> outcome = await ImportAsync($"id,name,active,zone,weekend,holidays\nfiji,Fiji,true,Pacific/Fiji,{weekend},{holidays}\n", "");

        Assert.Equal(reason is null ? [] : [$"Row 2 of economies: {reason}"], outcome.Refusals.Select(refusal => refusal.Reason));
        if (reason is null)
        {
            Economy fiji = Assert.Single(await table.ListAsync(default)).Economy;
            Assert.Equal(weekend.Length == 0 ? [] : [DayOfWeek.Friday, DayOfWeek.Saturday], fiji.Weekend);
            Assert.Equal(holidays.Length == 0 ? [] : [new DateOnly(2023, 8, 15), new DateOnly(2023, 12, 25)], fiji.Holidays);
        }
    }

    [Fact]
    public async Task One_bad_row_and_nothing_is_taken_and_every_bad_row_is_named()
    {
        Outcome<RegistryImported> outcome = await ImportAsync(
            "id,name,active,zone\nfiji,Fiji,true,Pacific/Fiji\nFIJI,Fiji,true,Pacific/Fiji\nnepal,Nepal,perhaps,Asia/Kathmandu\njapan,Japan,true,Asia/Nowhere\nfiji,Fiji,true,Pacific/Fiji\nmalaysia,,true,Asia/Kuala_Lumpur\n",
            "economy,role,name,email,from,until\nfiji,chief,A Person,a@example.org,,\natlantis,officer,A Person,a@example.org,,\nfiji,officer,A Person,not an address,2023-13-01,\nfiji,head,A Person,a@example.org,2023-07-01,2023-06-30\n");

        Assert.Equal([3, 4, 5, 6, 7], RowsNamed(outcome, "economies"));
        Assert.Equal([2, 3, 4, 5], RowsNamed(outcome, "officers").Distinct());
        Assert.All(outcome.Refusals, refusal => Assert.NotNull(refusal.Remedy));
        Assert.Empty(await world.RowsAsync(RegistryTable.Name));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("id,name,active,zone\n", "")]
    [InlineData("   ", "\n")]
    public async Task A_file_without_a_row_is_refused(string economies, string officers) =>
        Assert.Equal("registry-empty", Assert.Single((await ImportAsync(economies, officers)).Refusals).Code);

    [Fact]
    public async Task Everything_wrong_with_one_row_is_told_at_once()
    {
        Outcome<RegistryImported> outcome = await ImportAsync("id,name,active,zone\nFIJI,,perhaps,Asia/Nowhere\n", "");

        Assert.Equal([2, 2, 2, 2], RowsNamed(outcome, "economies"));
    }

    [Fact]
    public void A_hand_over_is_owed_when_somebody_else_comes_to_be_written_to_and_only_then()
    {
        DateTimeOffset now = new(2023, 7, 10, 0, 0, 0, TimeSpan.Zero);
        Economy fiji = new("fiji", "Fiji", true, "Pacific/Fiji", []);
        Officer before = new(OfficerRole.Officer, "Ana", "ana@example.org", "en", null, null);
        RegistryEntry entry = new(fiji, [before]);

        Assert.Empty(OfficerChanged.Between(entry, new RegistryEntry(fiji, [before with { Name = "Ana Vula" }]), "h1", now));
        Assert.Empty(OfficerChanged.Between(null, entry, "h1", now));
        Assert.Single(OfficerChanged.Between(new RegistryEntry(fiji, []), entry, "h1", now));
        Assert.Equal(
            new OfficerChanged("fiji", "h1"),
            Envelope.Read<OfficerChanged>(Assert.Single(OfficerChanged.Between(entry, new RegistryEntry(fiji, [before with { Email = "ben@example.org" }]), "h1", now)).Body));
    }

    [Fact]
    public void Every_day_on_which_a_post_begins_or_is_over_is_looked_at_when_it_comes_there()
    {
        DateTimeOffset now = new(2023, 7, 10, 0, 0, 0, TimeSpan.Zero);
        Economy fiji = new("fiji", "Fiji", true, "Pacific/Fiji", []);
        RegistryEntry before = new(fiji, [new(OfficerRole.Officer, "Ana", "ana@example.org", "en", new DateOnly(2021, 7, 1), null)]);
        RegistryEntry after = new(fiji, [before.Officers[0] with { Until = new DateOnly(2023, 7, 20) }, new(OfficerRole.Officer, "Ben", "ben@example.org", "en", new DateOnly(2023, 7, 15), DateOnly.MaxValue)]);

        Owed[] owed = [.. OfficerChanged.Between(before, after, "h1", now)];

        Assert.Equal([null, new(2023, 7, 14, 12, 0, 0, TimeSpan.Zero), new(2023, 7, 20, 12, 0, 0, TimeSpan.Zero)], owed.Select(one => one.DueAt));
        Assert.Equal([null, .. owed.Skip(1).Select(one => one.DueAt?.UtcTicks)], owed.Select(one => Envelope.Read<OfficerChanged>(one.Body).AtTicks));
        Assert.Equal(3, owed.Select(one => one.Id).Distinct().Count());
        Assert.Empty(OfficerChanged.Between(after, after, "h2", now));
    }

    [Fact]
    public async Task More_economies_and_dates_than_one_transaction_takes_are_refused_whole()
    {
        string economies = string.Join('\n', Enumerable.Range(1, 40).Select(number => $"e{number},Economy {number},true,Asia/Tokyo"));
        string officers = string.Join('\n', Enumerable.Range(1, 40).Select(number => $"e{number},officer,Ana,ana@example.org,2030-01-01,2031-01-01"));

        Outcome<RegistryImported> outcome = await ImportAsync($"id,name,active,zone\n{economies}\n", $"economy,role,name,email,from,until\n{officers}\n");

        Assert.Equal("registry-too-large", Assert.Single(outcome.Refusals).Code);
        Assert.Empty(await world.RowsAsync(RegistryTable.Name));
    }

    [Fact]
    public async Task A_missing_column_is_named()
    {
        Refusal refusal = Assert.Single((await ImportAsync("id,name,zone\nfiji,Fiji,Pacific/Fiji\n", "")).Refusals);

        Assert.Equal(("registry-column-missing", "economies"), (refusal.Code, refusal.Field));
        Assert.Contains("active", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_large_a_file_is_refused_unread()
    {
        Outcome<RegistryImported> outcome = await ImportAsync(new string('a', ImportRegistry.MostBytes + 1), "");

        Assert.Contains(outcome.Refusals, refusal => refusal.Code == "registry-too-large");
    }

    [Fact]
    public async Task Economies_sent_alone_keep_their_people_and_people_sent_again_replace_those_of_the_named_economy_only()
    {
        await ImportAsync(
            "id,name,active,zone\nfiji,Fiji,true,Pacific/Fiji\nnepal,Nepal,true,Asia/Kathmandu\n",
            "economy,role,name,email\nfiji,officer,Ana,ana@example.org\nnepal,officer,Bina,bina@example.org\nnepal,head,Chandra,chandra@example.org\n");

        await ImportAsync("id,name,active,zone\nfiji,Fiji Islands,false,Pacific/Fiji\n", "");
        await ImportAsync("", "economy,role,name,email\nnepal,officer,Dipa,dipa@example.org\n");

        RegistryEntry fiji = Assert.IsType<RegistryEntry>(await table.FindAsync("fiji", default));
        RegistryEntry nepal = Assert.IsType<RegistryEntry>(await table.FindAsync("nepal", default));
        Assert.Equal(("Fiji Islands", false, "Ana"), (fiji.Economy.Name, fiji.Economy.IsActive, Assert.Single(fiji.Officers).Name));
        Assert.Equal("Dipa", Assert.Single(nepal.Officers).Name);
    }

    [Fact]
    public async Task Every_import_leaves_one_audit_entry_without_names_or_addresses()
    {
        await ImportAsync("id,name,active,zone\nfiji,Fiji,true,Pacific/Fiji\n", "economy,role,name,email\nfiji,officer,Ana,ana@example.org\n");

        Row row = Assert.Single(await world.RowsAsync(RegistryTable.Name, AuditWrites.RowPrefix));
        Assert.Equal("registry-imported", row.Body<AuditEntry>().Action);
        Assert.DoesNotContain("ana", row.Text("Body"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_call_all_rows_are_there_or_none(bool afterEffect)
    {
        for (int at = 1; at < 6; at++)
        {
            World own = new();
            CrashPoints points = new(at, afterEffect);
            ITables dying = points.Around(own.Tables);
            try
            {
                await new ImportRegistry(new RegistryTable(dying, own.Clock), own.DecisionsOver(dying, own.Bus)).RunAsync(
                    "id,name,active,zone\nfiji,Fiji,true,Pacific/Fiji\nnepal,Nepal,true,Asia/Kathmandu\n", "", World.Officer, own.Clock.Now, default);
            }
            catch (CrashException)
            {
                // As wanted.
            }

            Assert.Contains((await own.RowsAsync(RegistryTable.Name)).Count, new[] { 0, 3 });
        }
    }

    [Fact]
    public async Task Officers_typed_by_hand_replace_those_there_and_an_unknown_economy_is_refused()
    {
        await ImportAsync("id,name,active,zone\nfiji,Fiji,true,Pacific/Fiji\n", "economy,role,name,email\nfiji,officer,Ana,ana@example.org\n");
        SaveOfficers save = new(table, world.DecisionsOver(world.Tables, world.Bus));
        Officer bale = new(OfficerRole.Acting, "Bale", "bale@example.org", "en", null, null);

        Assert.False((await save.RunAsync("fiji", [bale], false, World.Officer, world.Clock.Now, default)).IsRefused);
        Outcome<RegistryEntry> unknown = await save.RunAsync("atlantis", [bale], true, World.Officer, world.Clock.Now, default);

        RegistryEntry fiji = Assert.IsType<RegistryEntry>(await table.FindAsync("fiji", default));
        Assert.Equal((bale, false), (Assert.Single(fiji.Officers), fiji.Economy.IsActive));
        Assert.Equal("economy-not-found", Assert.Single(unknown.Refusals).Code);
    }

    [Fact]
    public async Task The_list_is_remembered_for_a_minute_and_forgotten_after_a_change_of_ones_own()
    {
        RegistryTable other = new(world.Tables, world.Clock);
        Assert.Empty(await other.ListAsync(default));
        await ImportAsync("id,name,active,zone\nfiji,Fiji,true,Pacific/Fiji\n", "");

        Assert.Single(await table.ListAsync(default));
        Assert.Empty(await other.ListAsync(default));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(await other.ListAsync(default));
    }

    private static int[] RowsNamed(Outcome<RegistryImported> outcome, string field) =>
        [.. outcome.Refusals.Where(refusal => refusal.Field == field).Select(refusal => int.Parse(refusal.Reason.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture))];

    private Task<Outcome<RegistryImported>> ImportAsync(string economies, string officers) =>
        new ImportRegistry(table, world.DecisionsOver(world.Tables, world.Bus)).RunAsync(economies, officers, World.Officer, world.Clock.Now, default);
}

public sealed class RegistryEntryTests
{
    private static readonly Economy Fiji = new("fiji", "Fiji", true, "Pacific/Fiji", []);

    [Fact]
    public void The_officer_in_post_is_written_to_else_who_acts_else_the_head_else_nobody()
    {
        Officer head = Of(OfficerRole.Head, "Head");
        Officer acting = Of(OfficerRole.Acting, "Acting");
        Officer officer = Of(OfficerRole.Officer, "Officer");
        DateOnly day = new(2023, 7, 3);

        Assert.Equal(officer, new RegistryEntry(Fiji, [head, acting, officer]).ContactOn(day));
        Assert.Equal(acting, new RegistryEntry(Fiji, [head, acting]).ContactOn(day));
        Assert.Equal(head, new RegistryEntry(Fiji, [head]).ContactOn(day));
        Assert.Null(new RegistryEntry(Fiji, []).ContactOn(day));
    }

    [Theory]
    [InlineData(2, "Head")]
    [InlineData(3, "Officer")]
    [InlineData(10, "Officer")]
    [InlineData(11, "Head")]
    public void The_first_and_the_last_day_in_a_post_belong_to_it(int day, string expected)
    {
        RegistryEntry entry = new(Fiji, [Of(OfficerRole.Head, "Head"), Of(OfficerRole.Officer, "Officer", new DateOnly(2023, 7, 3), new DateOnly(2023, 7, 10))]);

        Assert.Equal(expected, entry.ContactOn(new DateOnly(2023, 7, day))?.Name);
    }

    [Fact]
    public void Where_two_overlap_the_one_who_came_later_is_written_to()
    {
        RegistryEntry entry = new(Fiji, [Of(OfficerRole.Officer, "Earlier", new DateOnly(2021, 7, 1), new DateOnly(2023, 7, 14)), Of(OfficerRole.Officer, "Later", new DateOnly(2023, 7, 10))]);

        Assert.Equal("Later", entry.ContactOn(new DateOnly(2023, 7, 12))?.Name);
        Assert.Equal("Earlier", entry.ContactOn(new DateOnly(2023, 7, 9))?.Name);
    }

    private static Officer Of(OfficerRole role, string name, DateOnly? from = null, DateOnly? until = null) => new(role, name, $"{name}@example.org", "en", from, until);
}
