using System.Text.Json;
using Plenary.Agenda;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Selection;

/// <summary>One project in selection; use cases run over its stores, or over stores that die at a given call.</summary>
internal sealed class SelectionRig
{
    /// <param name="economies">How many economies nominate, the host first.</param>
    /// <param name="each">Nominees of each.</param>
    public SelectionRig(int overseas = 38, int local = 12, int economies = 20, int each = 4, ProjectSettings? settings = null)
    {
        Project = World.Projects.Add(FakeProjects.Workshop(overseas, local, settings));
        World.Nominations.Add(each, World.Registry.Active.OrderBy(id => id != "indonesia").Take(economies));
        World.Clock.Now = Project.ClosesAt;
    }

    public World World { get; } = new();

    public Project Project { get; }

    public Running Whole => new(World, World.Tables, World.Bus);

    public Running Over(CrashPoints points) => new(World, points.Around(World.Tables), points.Around(World.Bus));

    public async Task<SelectionRecord> ApproveAsync()
    {
        Assert.True((await Whole.Propose.RunAsync(Project.Code, World.Officer, World.Clock.Now, default)).TryGet(out SelectionRecord? proposal));
        Assert.True((await Whole.Approve.RunAsync(Project.Code, proposal.Digest, World.Approver, World.Clock.Now, default)).TryGet(out SelectionRecord? approved));
        return approved;
    }

    /// <summary>Everybody selected has an offer afterwards.</summary>
    public async Task<SelectionRecord> OfferAsync()
    {
        SelectionRecord approved = await ApproveAsync();
        await Whole.MakeOffers.RunAsync(new SelectionApproved(Project.Code.ToString(), approved.Digest), default);
        return approved;
    }

    public Task<Outcome<OfferRecord>> AnswerAsync(string candidate, OfferAnswer answer) =>
        Whole.Answer.RunAsync(Project.Code, candidate, answer, World.Clock.Now, default);

    /// <summary>In order of place.</summary>
    public async Task<IReadOnlyList<OfferRecord>> OffersAsync() =>
        [.. (await World.RowsAsync(SelectionTable.Name, SelectionTable.OfferPrefix)).Select(row => row.Body<OfferRecord>())
            .OrderBy(record => record.Offer.Place.ToString(), StringComparer.Ordinal)];

    public async Task<OfferRecord> OfferOfAsync(string candidate) => (await OffersAsync()).Single(record => Of(record) == candidate);

    public static string Of(OfferRecord record) => CandidateId.Of(record.Economy, record.NominationId);

    /// <summary>Hands on what is owed and delivers it to the use cases behind the queues, until nothing is left; mails are only collected.</summary>
    public async Task DeliverAsync(Running? running = null)
    {
        running ??= Whole;
        int seen = 0;
        while (true)
        {
            await World.RelayAsync(SelectionTable.Name);
            IReadOnlyList<(string Queue, BusMessage Message)> sent = World.Bus.Sent;
            if (seen == sent.Count)
            {
                return;
            }

            foreach ((string queue, BusMessage message) in sent.Skip(seen))
            {
                seen++;
                switch (queue)
                {
                    case Queues.MakeOffers:
                        await running.MakeOffers.RunAsync(Envelope.Read<SelectionApproved>(message.Body), default);
                        break;
                    case Queues.PromoteAlternate:
                        await running.Promote.RunAsync(Envelope.Read<PlaceFreed>(message.Body), default);
                        break;
                    case Queues.TellParticipants:
                        await running.Tell.RunAsync(Envelope.Read<ProjectRevised>(message.Body), default);
                        break;
                    case Queues.ExpireOffer:
                        await running.Expire.RunAsync(Envelope.Read<OfferDue>(message.Body), default);
                        break;
                }
            }
        }
    }

    /// <summary>
    /// What must hold at any time: a place row for every offer that holds a place and for nobody else, no more than the pool has, nobody
    /// with two offers, and no alternate passed over for one further back.
    /// </summary>
    public async Task AssertSoundAsync(bool isSettled = true)
    {
        IReadOnlyList<OfferRecord> offers = await OffersAsync();
        Dictionary<string, string> places = (await World.RowsAsync(SelectionTable.Name, SelectionTable.PlacePrefix)).ToDictionary(row => row.Key.Row, row => row.Text("Candidate"));
        OfferRecord[] holding = [.. offers.Where(record => record.Offer.HoldsPlace)];
        Assert.Equal(holding.ToDictionary(record => record.Offer.Place.ToString(), Of), places);
        Assert.Equal(offers.Count, offers.Select(Of).Distinct().Count());
        Assert.InRange(holding.Count(record => record.Offer.Place.Pool == Pool.Overseas), 0, Project.Notification.Overseas.Count);
        Assert.InRange(holding.Count(record => record.Offer.Place.Pool == Pool.Local), 0, Project.Notification.Local.Count);
        if (isSettled)
        {
            SelectionResult result = await ResultAsync();
            HashSet<string> offered = [.. offers.Select(Of)];
            foreach (IGrouping<(Pool, string), SelectionDecision> economy in result.Decisions
                .Where(decision => decision.Kind == DecisionKind.Alternate)
                .GroupBy(decision => (decision.Pool, decision.Economy)))
            {
                bool[] given = [.. economy.OrderBy(decision => decision.Order).Select(decision => offered.Contains(decision.NominationId))];
                Assert.Equal(given.OrderByDescending(one => one), given);
            }
        }
    }

    /// <summary>The list as it lies in the store.</summary>
    public async Task<SelectionResult> StoredAsync(string digest)
    {
        await using Stream stream = await World.Blobs.OpenReadAsync(SelectionTable.Container, $"{Project.Code}/{digest}.json", default) ?? throw new InvalidOperationException("No list.");
        return (await JsonSerializer.DeserializeAsync<SelectionResult>(stream, Row.Json))!;
    }

    public async Task StoreAsync(string digest, SelectionResult result)
    {
        using MemoryStream json = new(JsonSerializer.SerializeToUtf8Bytes(result, Row.Json));
        await World.Blobs.UploadAsync(SelectionTable.Container, $"{Project.Code}/{digest}.json", json, "application/json", new Dictionary<string, string>(), default);
    }

    public async Task<SelectionResult> ResultAsync() =>
        RoundRobinSelection.Select(SelectionRules.DeclaredBy(Project), await CandidatesAsync());

    private async Task<List<Candidate>> CandidatesAsync()
    {
        List<Candidate> candidates = [];
        await foreach (Plenary.Nominations.Nomination nomination in World.Nominations.ListSubmittedAsync(Project.Code, default))
        {
            candidates.Add(new Candidate(CandidateId.Of(nomination.Economy, nomination.Id), nomination.Economy, nomination.Rank));
        }

        return candidates;
    }

    /// <summary>The use cases of one process.</summary>
    internal sealed class Running(World world, ITables tables, IBus bus)
    {
        public SelectionTable Table { get; } = new(tables, world.Blobs);

        public ProposeSelection Propose => new(world.Projects, world.Nominations, world.Nominations, Table, world.DecisionsOver(tables, bus));

        public ApproveSelection Approve => new(world.Projects, world.Nominations, Table, world.DecisionsOver(tables, bus));

        public AppointReviewer Appoint => new(world.Projects, world.Registry, Table, world.DecisionsOver(tables, bus));

        public DismissReviewer Dismiss => new(Table, world.DecisionsOver(tables, bus));

        public ReadReview Review => new(world.Projects, world.Nominations, world.Registry, Table);

        public SaveScore Score => new(world.Projects, world.Nominations, Table, world.DecisionsOver(tables, bus));

        public PreviewSelection Preview => new(world.Projects, world.Nominations, Table);

        public DraftNotices Notices => new(world.Projects, world.Nominations, Table, world.Registry, World.Access());

        public MakeOffers MakeOffers => new(world.Projects, Table, Writer, bus, world.Clock);

        public AnswerOffer Answer => new(Table, Writer);

        public ExpireOffer Expire => new(Table, Writer, world.Clock);

        public PromoteAlternate Promote => new(world.Projects, Table, Writer, world.Clock);

        public TellParticipants Tell => new(world.Projects, Table, Writer, bus, world.Clock);

        public FillPlace Fill => new(world.Projects, Table, Writer, world.Clock);

        public IRemind OfferReminders => new OfferReminders(Table);

        public ISelections Read => new ReadSelections(Table, world.Nominations);

        private OfferWriter Writer => new(Table, world.Registry, world.DecisionsOver(tables, bus));
    }
}
