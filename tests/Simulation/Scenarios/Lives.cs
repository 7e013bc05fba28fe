using Plenary.Support.Proof;

namespace Plenary.Simulation.Scenarios;

/// <summary>A whole small project for each seed, in the simulator.</summary>
public abstract class Lives(string fault, string title, long asked) : IFaultScenario
{
    public string Fault { get; } = fault;

    public string Title { get; } = title;

    public long Asked { get; } = asked;

    public virtual string Unit => "seeds";

    public virtual int CasesPerRun => 1;

    public virtual async Task<Finding?> RunAsync(int seed, CancellationToken cancellation)
    {
        // On a thread of the pool, without whatever context the caller has.
        StoryPlan plan = Plan(seed);
        return await Task.Run(
            () =>
            {
                try
                {
                    return Simulator.Run(plan).Findings is [Finding first, ..] ? Shrinker.Shrink(plan, first) : null;
                }
                catch (InvalidOperationException broken)
                {
                    return new Finding("I9", broken.Message, seed, [broken.ToString()]);
                }
            },
            cancellation);
    }

    /// <summary>The story of a seed.</summary>
    public abstract StoryPlan Plan(int seed);
}

/// <summary>Lives in which faults of a few kinds strike again and again.</summary>
public abstract class StruckLives(string fault, string title, long asked, int times, params IReadOnlyList<FaultKind> kinds) : Lives(fault, title, asked)
{
    public override StoryPlan Plan(int seed)
    {
        StoryPlan plan = StoryPlan.Draw(seed, 0);
        Random random = new(seed ^ 0xfa17);
        return plan with
        {
            Faults =
            [
                .. Enumerable.Range(0, times).Select(_ => kinds[random.Next(kinds.Count)]).Select(kind => new Fault(
                    kind, plan.Steps[random.Next(plan.Steps.Count)].Id, random.Next(1, 40), AmountOf(kind, random))),
            ],
        };
    }

    protected virtual int AmountOf(FaultKind kind, Random random) => random?.Next(1, 4) ?? 1;
}

/// <summary>F34: five random faults.</summary>
public sealed class RandomFaults() : Lives("F34", "five random faults in each life", 10_000)
{
    public override StoryPlan Plan(int seed) => StoryPlan.Draw(seed, 5);
}

public sealed class StoreAnswersBusy() : StruckLives("F02", "a store answers 503 beyond the client's patience, ten times a life", 1_000, 10, FaultKind.Fails);

public sealed class AnswersLost() : StruckLives("F03", "a write goes in, its answer is lost and the client repeats it", 1_000, 12, FaultKind.AnswerLost);

public sealed class AnswersLostForGood() : StruckLives("F04", "a write goes in and the client never learns", 1_000, 6, FaultKind.AnswerLostForGood);

public sealed class ShortPages() : StruckLives("F05", "lists in pages of 0, 1, 2 rows", 1_000, 1, FaultKind.ShortPages);

public sealed class TimersLost() : StruckLives("F16", "the timer misses 1, 10, 1,000 occurrences", 300, 2, FaultKind.TimerLost)
{
    protected override int AmountOf(FaultKind kind, Random random) => (random?.Next(3) ?? 0) switch { 0 => 1, 1 => 10, _ => 1000 };
}

public sealed class TimersTwice() : StruckLives("F17", "two instances run each occurrence of the timer at once", 1_000, 1, FaultKind.TimerTwice);

public sealed class Redeliveries() : StruckLives("F20", "messages come up to fifty times, over thirty days", 1_000, 8, FaultKind.Redelivery)
{
    protected override int AmountOf(FaultKind kind, Random random) => random?.Next(2, 51) ?? 2;
}

public sealed class LostLocks() : StruckLives("F21", "locks run out while the work goes on", 1_000, 6, FaultKind.LocksLost)
{
    protected override int AmountOf(FaultKind kind, Random random) => random?.Next(1, 8) ?? 1;
}

public sealed class PoisonedQueues() : StruckLives("F22", "unreadable messages in every queue", 1_000, 3, FaultKind.Poison)
{
    protected override int AmountOf(FaultKind kind, Random random) => random?.Next(3) ?? 0;
}

public sealed class BrokerOutages() : StruckLives("F23", "the broker stands still for 1 to 24 hours", 300, 2, FaultKind.BrokerDown)
{
    protected override int AmountOf(FaultKind kind, Random random) => random?.Next(5) == 0 ? 24 : 1;
}

public sealed class ProviderPutsOff() : StruckLives("F24", "the provider says 429, 5xx, or cannot be reached", 500, 6, FaultKind.ProviderPutsOff);

public sealed class ProviderTakesSilently() : StruckLives("F26", "the provider takes the mail and drops the connection", 1_000, 6, FaultKind.ProviderTakesSilently, FaultKind.ProviderDrops);

public sealed class EventStorms() : StruckLives("F27", "46 copies of each delivery event, in no order, over 24 hours", 500, 2, FaultKind.EventStorm);

/// <summary>F14: clocks that differ.</summary>
public sealed class SkewedClocks() : Lives("F14", "clocks of three instances within ±5 s", 500)
{
    public override StoryPlan Plan(int seed) => StoryPlan.Draw(seed, 1) with { SkewSeconds = 5, Instances = 3 };
}

/// <summary>F12: the date moves while requests run.</summary>
public sealed class MovingClosings() : Lives("F12", "the closing is moved while requests run", 1_000)
{
    public override StoryPlan Plan(int seed)
    {
        StoryPlan plan = StoryPlan.Draw(seed, 1);
        Random random = new(seed);
        Step[] nominations = [.. plan.Steps.Where(step => step.Anchor == Anchor.Beginning && step.Kind is StepKind.Nominate or StepKind.NominateByForm)];
        List<Step> steps = [.. plan.Steps];
        for (int moves = random.Next(1, 4); moves > 0 && nominations.Length > 0; moves--)
        {
            steps.Add(new Step(steps.Count, Anchor.Beginning, nominations[random.Next(nominations.Length)].Offset, StepKind.MoveClosing, Variant: random.Next(-3, 4)));
        }

        return plan with { Steps = steps };
    }
}

/// <summary>F11: submissions around the closing.</summary>
public sealed class Boundaries() : Lives("F11", "submissions within a second of the closing", 100_000)
{
    private const int Submissions = 100;

    private static readonly int[] Around = [-1000, -50, -3, -2, -1, 0, 1, 2, 3, 50, 1000];

    public override string Unit => "submissions";

    public override int CasesPerRun => Submissions;

    public override StoryPlan Plan(int seed)
    {
        Random random = new(seed);
        string[] economies = [StoryPlan.Host, "japan", "fiji", "nepal"];
        List<Step> steps =
        [
            new Step(0, Anchor.Beginning, TimeSpan.FromMinutes(5), StepKind.Issue),
            new Step(1, Anchor.Beginning, TimeSpan.FromHours(1), StepKind.Circulate),
        ];
        for (int number = 0; number < Submissions; number++)
        {
            steps.Add(new Step(
                steps.Count, Anchor.Closing, TimeSpan.FromMilliseconds(Around[random.Next(Around.Length)]), StepKind.Nominate, number % economies.Length, 1 + (number / economies.Length)));
        }

        string[] policies = ["Asia/Tokyo", "host", "nominator", "anywhere-on-earth"];
        return new StoryPlan(
            seed, economies, 2, 1, 1, new Dictionary<string, string> { ["closingPolicy"] = policies[random.Next(policies.Length)] }, steps, [], random.Next(2) * 5);
    }
}

/// <summary>F10: five hundred for one place, while it is given back.</summary>
public sealed class LastPlace() : Lives("F10", "500 racers for the last place, mixed with withdrawals", 200)
{
    public const int Racers = 500;

    public override StoryPlan Plan(int seed)
    {
        Random random = new(seed);
        List<Step> steps =
        [
            new Step(0, Anchor.Beginning, TimeSpan.FromMinutes(5), StepKind.Issue),
            new Step(1, Anchor.Beginning, TimeSpan.FromHours(1), StepKind.Circulate),
        ];
        void Add(double hours, StepKind kind, int economy = 0, int nominee = 0, int variant = 0) =>
            steps.Add(new Step(steps.Count, Anchor.Closing, TimeSpan.FromHours(hours), kind, economy, nominee, variant));
        for (int economy = 1; economy <= 2; economy++)
        {
            for (int nominee = 1; nominee <= 4; nominee++)
            {
                Add(-100 + nominee, StepKind.Nominate, economy, nominee);
            }
        }

        Add(20, StepKind.Propose);
        Add(21, StepKind.Approve);
        for (int economy = 1; economy <= 2; economy++)
        {
            // Whoever has the place by then gives it back, at the very moment at which the others run.
            Add(30, StepKind.AnswerOffer, economy, 1, random.Next(4));
        }

        Add(30, StepKind.Race, 1, 0, Racers);
        Add(40, StepKind.Race, 2, 0, 20);
        return new StoryPlan(seed, [StoryPlan.Host, "japan", "fiji"], 1, 0, 1, new Dictionary<string, string> { ["offerDays"] = "3" }, steps, [], 0, 2);
    }
}

/// <summary>F01: the process is killed at every call on a port that the journey makes.</summary>
public sealed class EveryCrash() : Lives("F01", "killed at every call on a port: before, after its effect, after the reply", Points.Value.Count * 3L * SeedsPerPoint)
{
    private const int SeedsPerPoint = 20;

    private static readonly Lazy<IReadOnlyList<string>> Points = new(() => [.. Simulator.Run(StoryPlan.Journey(0)).Points.Keys.Order(StringComparer.Ordinal)]);

    /// <summary>The names of all points, as a dry run lists them.</summary>
    public static IReadOnlyList<string> All => Points.Value;

    public override string Unit => "crashes";

    public override StoryPlan Plan(int seed)
    {
        int round = seed / Points.Value.Count;
        string point = Points.Value[seed % Points.Value.Count];
        FaultKind mode = (round % 3) switch { 0 => FaultKind.CrashAfter, 1 => FaultKind.CrashBefore, _ => FaultKind.CrashAfterReply };

        // The first rounds go the way the dry run went, so that the point is certainly met.
        return StoryPlan.Journey(round / 3) with { Faults = [new Fault(mode, 0, 1 + (round / 3 % 4), 0, point)] };
    }
}
