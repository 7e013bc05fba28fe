using System.Diagnostics;
using System.Globalization;
using Plenary.Access;
using Plenary.Benchmarks.Figures;
using Plenary.Benchmarks.Stores;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;
using Plenary.Support.Drivers;

namespace Plenary.Benchmarks.Volume;

/// <summary>What choosing costs without any store, and what an officer waits for when trying other rules.</summary>
internal static class SelectionBench
{
    private const string Part = "selection";
    private const int Times = 7;
    private const int Economies = 20;
    private const int Nominees = 4;

    public static async Task<IReadOnlyList<SheetLine>> RunAsync(IReadOnlyList<int> sizes, Action<string> say)
    {
        List<SheetLine> figures = [];
        List<(double Size, double Seconds)> plain = [];
        foreach (int size in sizes)
        {
            say($"selecting {size:#,0} in memory");
            plain.Add((size, Time(size, null)));
        }

        double most = sizes[^1];
        double scored = Time(sizes[^1], new ScoringPlan([new ScorePhase("Relevance", 1)], ScoreUse.WithinBoth));
        string sizesSaid = string.Join(" / ", sizes.Select(size => size.ToString("#,0", CultureInfo.InvariantCulture)));
        figures.Add(SheetLine.Ratio(Part, "choosing in memory: growth of time with the number of nominees (exponent, 1 is linear)", Arithmetic.GrowthExponent(plain)));
        figures.Add(SheetLine.Of(Part, $"choosing among {sizesSaid} in memory, list and digest: time, middle of {Times}", plain[^1].Seconds, "s", string.Join(" / ", plain.Select(one => SheetLine.Words(one.Seconds, "s")))).AtMost(1));
        figures.Add(SheetLine.Of(Part, $"choosing among {most:#,0} in memory where scores decide", scored, "s").AtMost(1));
        say("what if");
        figures.Add(SheetLine.Of(Part, $"what if, {Economies} economies with {Nominees} nominees each: read, chosen twice, compared, page made; middle of {Times}", await TimeWhatIfAsync() * 1000, "ms").AtMost(200));
        say("what if, over HTTP");
        figures.Add(SheetLine.Of(Part, $"the same over HTTP, Azurite beside it, until the page has come; middle of {Times}", await TimeWhatIfOverHttpAsync() * 1000, "ms").AtMost(200));
        return figures;
    }

    private static double Time(int size, ScoringPlan? scoring)
    {
        SelectionRules rules = new(Math.Min(size / 3, SelectionRules.MostPlaces), size / 50, new HashSet<string> { SyntheticNominations.EconomyId(0) }, "seed", Scoring: scoring);
        Candidate[] candidates =
        [
            .. Enumerable.Range(0, size).Select(number =>
            {
                string economy = SyntheticNominations.EconomyId(number % Math.Max(1, size / 50));
                return new Candidate(CandidateId.Of(economy, SyntheticNominations.NomineeId(number % Math.Max(1, size / 50), number / Math.Max(1, size / 50))), economy, 1 + (number / Math.Max(1, size / 50)), Score: (number * 7919 % 1000) / 100m);
            }),
        ];
        new Random(1).Shuffle(candidates);
        _ = RoundRobinSelection.Select(rules, candidates).ComputeDigest();
        return Middle([.. Enumerable.Range(0, Times).Select(_ =>
        {
            GC.Collect();
            long start = Stopwatch.GetTimestamp();
            RoundRobinSelection.Select(rules, candidates).ComputeDigest();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        })]);
    }

    private static async Task<double> TimeWhatIfAsync()
    {
        using Rig rig = new();
        IReadOnlyList<Project> projects = Rig.Projects(1);
        rig.Tables.Put(new SyntheticNominations(projects, Economies, Nominees));
        await rig.PutAsync(projects, Economies);
        rig.Clock.Now = projects[0].ClosesAt.AddHours(1);
        await rig.RunAsync<ProposeSelection>(use => use.RunAsync(projects[0].Code, Rig.Officer, rig.Clock.Now, default));
        List<double> times = [];
        for (int time = 0; time <= Times; time++)
        {
            long start = Stopwatch.GetTimestamp();
            SelectionPreview preview = await rig.RunAsync<PreviewSelection, SelectionPreview?>(
                use => use.RunAsync(projects[0].Code, new Dictionary<string, string> { [SelectionChoices.OverseasField] = "20", [SelectionChoices.MaximumField] = "2" }, default)) ?? throw new InvalidOperationException("No project.");
            _ = await rig.RunAsync<Pages, string>(pages => pages.RenderAsync<WhatIfPage, WhatIfModel>(new WhatIfModel(Rig.Officer, preview)));
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        // The first one paid for the compiler.
        return Middle([.. times.Skip(1)]);
    }

    private static async Task<double> TimeWhatIfOverHttpAsync()
    {
        await using Azurite azurite = await Azurite.StartAsync();
        Project project = Rig.Projects(1)[0];
        await using PlenaryApp app = await PlenaryApp.StartAsync(azurite.ConnectionString, project.ClosesAt.AddHours(1));
        await PutAsync(app.Tables, ProjectTable.Name, [Row.Of(ProjectTable.HeadOf(project.Code), project)]);
        for (int economy = 0; economy < Economies; economy++)
        {
            string id = SyntheticNominations.EconomyId(economy);
            int number = economy;
            await PutAsync(app.Tables, RegistryTable.Name, [Rig.Registered(economy)]);
            await PutAsync(app.Tables, NominationTable.Name, SyntheticNominations.Desk(
                project, id, Enumerable.Range(0, Nominees).Select(nominee => SyntheticNominations.NomineeId(number, nominee)), Rig.Open, Nominees));
        }

        using SecretariatDriver officer = await SecretariatDriver.SignInAsync(app.Address);
        await officer.ProposeAsync(project.Code.ToString());
        List<double> times = [];
        for (int time = 0; time <= Times; time++)
        {
            long start = Stopwatch.GetTimestamp();
            (await officer.Web.GetAsync($"/secretariat/projects/{project.Code}/selection/what-if?{SelectionChoices.OverseasField}=20&{SelectionChoices.MaximumField}=2")).Expect();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Middle([.. times.Skip(1)]);
    }

    private static async Task PutAsync(ITables tables, string table, IReadOnlyList<Row> rows)
    {
        Batch batch = new(rows[0].Key.Partition);
        foreach (Row row in rows)
        {
            batch.Insert(row);
        }

        await tables.Get(table).CommitAsync(batch, default);
    }

    private static double Middle(IReadOnlyCollection<double> times) => Arithmetic.Percentile(times, 0.5);
}
