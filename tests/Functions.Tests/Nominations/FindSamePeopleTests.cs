using Microsoft.Extensions.DependencyInjection;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Functions.Tests.Nominations;

public sealed class FindSamePeopleTests : IDisposable
{
    private static readonly ProjectCode Earlier = ProjectCode.Parse("23-IP-09-GE-WSP-A");

    private readonly HoldersOfPlaces holders = new();
    private readonly DeskRig rig;

    public FindSamePeopleTests() => rig = new DeskRig(services => services.AddSingleton<ISelections>(holders));

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task The_same_person_by_two_economies_is_flagged_at_both_and_stays_two_nominations()
    {
        Nominee one = await NominateAsync("indonesia", "Đặng Thị Huệ", "hue@agency.example");
        Nominee two = await NominateAsync("fiji", "DANG THI HUE", "other@agency.example");
        Nominee stranger = await NominateAsync("fiji", "Somebody Else", "else@agency.example");

        IReadOnlyDictionary<string, IReadOnlyList<SamePerson>> found = await FindAsync();

        Assert.Equal(two.Id, Assert.Single(found[one.Id]).Nomination.Id);
        Assert.Equal(one.Id, Assert.Single(found[two.Id]).Nomination.Id);
        Assert.True(found[one.Id][0] is { IsSameName: true, IsSameAddress: false, HeldPlace: false });
        Assert.DoesNotContain(stranger.Id, found.Keys);
        Assert.Equal(3, (await SubmittedAsync()).Count);
    }

    [Fact]
    public async Task An_earlier_project_is_found_by_the_index_with_whether_the_person_took_part()
    {
        holders.Held.Add(await NominateEarlierAsync("Jose\u0301 Nandu", "JOSE@agency.example"));
        Nominee now = await NominateAsync("indonesia", "JOSÉ NANDU", "jose@AGENCY.example");

        SamePerson same = Assert.Single((await FindAsync())[now.Id]);

        Assert.Equal((Earlier, true, true, true), (same.Project, same.IsSameName, same.IsSameAddress, same.HeldPlace));
    }

    [Fact]
    public async Task What_a_nomination_said_once_and_no_longer_says_flags_nobody()
    {
        Nominee one = await NominateAsync("indonesia", "Ann Lee", "ann@agency.example");
        await IndexAsync();
        await rig.Get<SaveNomination>().RunAsync(rig.Call(), one.Id, typed => typed with { Name = "Bob Ray", Email = "bob@agency.example" }, default);
        Assert.Empty((await rig.Get<SubmitNomination>().RunAsync(rig.Call(), one.Id, default)).Refusals);
        await IndexAsync();
        Nominee two = await NominateAsync("fiji", "Ann Lee", "ann@agency.example");

        Assert.DoesNotContain(two.Id, (await FindAsync()).Keys);
    }

    [Fact]
    public async Task Every_submission_owes_its_index_and_the_same_message_twice_changes_nothing()
    {
        await NominateAsync("indonesia", "Ann Lee", "ann@agency.example");
        await IndexAsync();
        int rows = await CountAsync();
        await IndexAsync();

        Assert.Equal(2, rows);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task No_key_and_no_row_of_the_index_says_who_it_is()
    {
        await NominateAsync("indonesia", "Ann Lee", "ann@agency.example");
        await IndexAsync();

        await foreach (Row row in rig.Tables[PersonTable.Name].ScanAllAsync(default))
        {
            string all = $"{row.Key} {string.Join(' ', row.Values.Values)}";
            Assert.DoesNotContain("ann", all, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("lee", all, StringComparison.OrdinalIgnoreCase);
        }
    }

    private async Task<Nominee> NominateAsync(string economy, string name, string address)
    {
        await rig.OpenAsync(economy);
        Outcome<Receipt> outcome = await rig.Get<Nominate>().RunAsync(rig.Call(economy: economy), address, DeskRig.Somebody() with { Name = name, Email = address }, "", default);
        return outcome.TryGet(out Receipt? receipt) ? receipt.Nominee : throw new InvalidOperationException(outcome.Refusals[0].Reason);
    }

    private async Task<List<Nomination>> SubmittedAsync() => await rig.Get<INominations>().ListSubmittedAsync(rig.Code, default).ToListAsync();

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<SamePerson>>> FindAsync() => await rig.Get<FindSamePeople>().RunAsync(rig.Code, await SubmittedAsync(), default);

    private async Task IndexAsync()
    {
        foreach (Row row in (await rig.AllRowsAsync()).Where(row => row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal)))
        {
            if (Owed.FromRow(row) is { Queue: Queues.IndexPeople } owed)
            {
                await rig.Get<IndexPeople>().RunAsync(Envelope.Read<PeopleToIndex>(owed.Body), default);
            }
        }
    }

    private async Task<int> CountAsync() => await rig.Tables[PersonTable.Name].ScanAllAsync(default).CountAsync();

    /// <summary>A nomination in another project, indexed when it was made.</summary>
    private async Task<string> NominateEarlierAsync(string name, string address)
    {
        Project now = rig.Projects.Project;
        rig.Projects.Project = now with { Code = Earlier, Notification = now.Notification with { Code = Earlier } };
        await rig.OpenAsync("fiji");
        DeskCall call = rig.Call(economy: "fiji") with { Project = Earlier };
        Outcome<Receipt> outcome = await rig.Get<Nominate>().RunAsync(call, "key", DeskRig.Somebody() with { Name = name, Email = address }, "", default);
        Assert.True(outcome.TryGet(out Receipt? receipt));
        await IndexAsync();
        rig.Projects.Project = now;
        return receipt.Nominee.Id;
    }

    private sealed class HoldersOfPlaces : ISelections
    {
        public List<string> Held { get; } = [];

        public Task<IReadOnlyList<Participant>> ListParticipantsAsync(ProjectCode code, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<Participant>>([.. Held.Select(id => new Participant("fiji", id, "Somebody", "somebody@agency.example", Pool.Overseas))]);

        public Task<int?> CountSelectedAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult<int?>(null);

        public Task<IReadOnlyList<OfferStanding>> ListOffersAsync(ProjectCode code, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<OfferStanding>>([]);

        public Task<IReadOnlyDictionary<OfferState, int>> CountOffersAsync(ProjectCode code, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyDictionary<OfferState, int>>(new Dictionary<OfferState, int>());
    }
}
