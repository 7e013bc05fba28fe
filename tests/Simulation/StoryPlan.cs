using System.Globalization;

namespace Plenary.Simulation;

/// <summary>What somebody does in a story.</summary>
public enum StepKind
{
    Issue,
    Circulate,

    /// <summary>One request, perhaps posted several times at once.</summary>
    Nominate,

    /// <summary>Page by page, as a browser without script would.</summary>
    NominateByForm,
    Amend,
    Withdraw,
    Rank,
    Upload,

    /// <summary>A revision with another closing date.</summary>
    MoveClosing,
    Propose,
    Approve,
    AnswerOffer,
    GiveBack,
    RecordAttendance,
    IssueCertificates,
    AnswerSurvey,
    Publish,

    /// <summary>Many messages at once, each of which promotes an alternate to the first place.</summary>
    Race,

    /// <summary>Lets an economy in after the closing, for as many hours as the variant says.</summary>
    Extend,

    /// <summary>The economy names somebody for the place its nominee gave back, or nobody.</summary>
    NameReplacement,

    /// <summary>The project will not be held.</summary>
    Cancel,
}

/// <summary>What a step's time is counted from.</summary>
public enum Anchor
{
    Beginning,
    Closing,
    Start,
    End,
}

/// <summary>One step; steps of the same instant happen at once.</summary>
/// <param name="Economy">Index among the story's economies.</param>
/// <param name="Nominee">Number within the economy.</param>
/// <param name="Variant">How, as the kind has it.</param>
public sealed record Step(int Id, Anchor Anchor, TimeSpan Offset, StepKind Kind, int Economy = 0, int Nominee = 0, int Variant = 0)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Id}: {Kind} e{Economy} n{Nominee} v{Variant} at {Anchor}{(Offset < TimeSpan.Zero ? "-" : "+")}{Offset.Duration():g}");
}

/// <summary>A small project's life and what goes wrong in it; everything else follows from the seed.</summary>
public sealed record StoryPlan(
    int Seed,
    IReadOnlyList<string> Economies,
    int OverseasPlaces,
    int LocalPlaces,
    int SessionDays,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyList<Step> Steps,
    IReadOnlyList<Fault> Faults,
    int SkewSeconds = 0,
    int Instances = 2)
{
    /// <summary>Its nominees come from the place the project is held at.</summary>
    public const string Host = "indonesia";

    /// <summary>Numbers of those who come by an extension begin after this, and of those who take a place given back after <see cref="FirstReplacement"/>.</summary>
    public const int FirstLate = 20;

    /// <inheritdoc cref="FirstLate" />
    public const int FirstReplacement = 50;

    private static readonly string[] Others = ["japan", "vietnam", "fiji", "nepal", "thailand", "malaysia", "india", "turkiye"];
    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    /// <summary>Two to six economies with a few nominees each, and <paramref name="faults"/> random faults.</summary>
    public static StoryPlan Draw(int seed, int faults)
    {
        Random random = new(unchecked((seed * 7919) + 17));
        string[] economies = [Host, .. Shuffle(random, Others).Take(random.Next(1, 4))];
        List<Step> steps = [];
        Step Add(Anchor anchor, TimeSpan offset, StepKind kind, int economy = 0, int nominee = 0, int variant = 0)
        {
            Step step = new(steps.Count, anchor, offset, kind, economy, nominee, variant);
            steps.Add(step);
            return step;
        }

        Add(Anchor.Beginning, TimeSpan.FromMinutes(5), StepKind.Issue);
        Add(Anchor.Beginning, TimeSpan.FromHours(1), StepKind.Circulate);
        int[] counts = [.. economies.Select(_ => random.Next(1, 5))];
        for (int economy = 0; economy < economies.Length; economy++)
        {
            for (int nominee = 1; nominee <= counts[economy]; nominee++)
            {
                AddNominee(Add, random, economy, nominee);
            }

            if (random.Next(3) == 0)
            {
                Add(Anchor.Beginning, TimeSpan.FromHours(random.Next(30, 300)), StepKind.Rank, economy, 0, random.Next(1000));
            }
        }

        if (random.Next(4) == 0)
        {
            // The date moves while requests run.
            Add(Anchor.Beginning, TimeSpan.FromHours(24 * random.Next(2, 12)), StepKind.MoveClosing, 0, 0, random.Next(-4, 6));
        }

        AddAfterwards(Add, random, counts);
        Dictionary<string, string> settings = AddTurns(Add, new Random(seed ^ 0x7042), steps, economies.Length);
        List<Fault> drawn = [];
        for (int index = 0; index < faults; index++)
        {
            FaultKind kind = Kinds[random.Next(Kinds.Length)];
            int amount = kind switch
            {
                FaultKind.BrokerDown => random.Next(1, 7),
                FaultKind.Redelivery => random.Next(10) == 0 ? 50 : random.Next(2, 6),
                FaultKind.LocksLost => random.Next(1, 6),
                FaultKind.TimerLost => random.Next(1, 40),
                FaultKind.Poison => random.Next(3),
                _ => random.Next(1, 4),
            };
            drawn.Add(new Fault(kind, random.Next(steps.Count), random.Next(1, 60), amount));
        }

        settings["offerDays"] = (random.Next(2) == 0 ? 3 : 7).ToString(CultureInfo.InvariantCulture);
        settings["flow"] = new[] { "none", "both", "local-to-overseas" }[random.Next(3)];
        settings["closingPolicy"] = new[] { "Asia/Tokyo", "host", "nominator", "anywhere-on-earth" }[random.Next(4)];
        return new StoryPlan(
            seed, economies, random.Next(1, 5), random.Next(0, 3), random.Next(1, 3), settings, steps, drawn, random.Next(3) == 0 ? 5 : 0, random.Next(1, 4));
    }

    /// <summary>The same life for every seed, with all kinds of steps in it: what crash points are counted on.</summary>
    public static StoryPlan Journey(int seed)
    {
        List<Step> steps = [];
        void Add(Anchor anchor, double hours, StepKind kind, int economy = 0, int nominee = 0, int variant = 0) =>
            steps.Add(new Step(steps.Count, anchor, TimeSpan.FromHours(hours), kind, economy, nominee, variant));
        Add(Anchor.Beginning, 0.1, StepKind.Issue);
        Add(Anchor.Beginning, 1, StepKind.Circulate);
        Add(Anchor.Beginning, 24, StepKind.Nominate, 0, 1, 1);
        Add(Anchor.Beginning, 24, StepKind.Nominate, 1, 1);
        Add(Anchor.Beginning, 25, StepKind.NominateByForm, 1, 2, 1);
        Add(Anchor.Beginning, 26, StepKind.Nominate, 1, 3);
        Add(Anchor.Beginning, 27, StepKind.Upload, 1, 2);
        Add(Anchor.Beginning, 28, StepKind.Amend, 1, 3);
        Add(Anchor.Beginning, 29, StepKind.Rank, 1, 0, 3);
        Add(Anchor.Beginning, 30, StepKind.Nominate, 1, 4);
        Add(Anchor.Beginning, 31, StepKind.Withdraw, 1, 4);
        Add(Anchor.Beginning, 40, StepKind.MoveClosing, 0, 0, 2);
        Add(Anchor.Closing, 20, StepKind.Propose);
        Add(Anchor.Closing, 26, StepKind.Approve);
        Add(Anchor.Closing, 30, StepKind.AnswerOffer, 1, 1, 0);
        Add(Anchor.Closing, 30, StepKind.AnswerOffer, 1, 2, 1);
        Add(Anchor.Closing, 30, StepKind.AnswerOffer, 0, 1, 0);
        Add(Anchor.Closing, 40, StepKind.AnswerOffer, 1, 3, 0);
        Add(Anchor.Closing, 60, StepKind.GiveBack, 0, 1);
        Add(Anchor.Start, 7, StepKind.RecordAttendance, 0, 0, 0);
        Add(Anchor.End, 1, StepKind.IssueCertificates);
        Add(Anchor.End, 20, StepKind.AnswerSurvey, 1, 1, 1);
        Add(Anchor.End, 30, StepKind.AnswerSurvey, 1, 3, 0);
        Add(Anchor.End, 300, StepKind.Publish);
        return new StoryPlan(seed, [Host, "japan"], 1, 1, 1, new Dictionary<string, string> { ["offerDays"] = "3" }, steps, []);
    }

    private static T[] Shuffle<T>(Random random, T[] all)
    {
        T[] copy = [.. all];
        random.Shuffle(copy);
        return copy;
    }

    private static void AddNominee(Func<Anchor, TimeSpan, StepKind, int, int, int, Step> add, Random random, int economy, int nominee)
    {
        TimeSpan when = TimeSpan.FromHours(random.Next(20, 260));
        switch (random.Next(6))
        {
            case 0:
                add(Anchor.Beginning, when, StepKind.NominateByForm, economy, nominee, random.Next(2));
                break;
            case 1:
                // At the boundary, to the millisecond.
                int[] around = [-5000, -1000, -6, -1, 0, 1, 1000, 5000];
                add(Anchor.Closing, TimeSpan.FromMilliseconds(around[random.Next(around.Length)]), StepKind.Nominate, economy, nominee, random.Next(3));
                break;
            default:
                add(Anchor.Beginning, when, StepKind.Nominate, economy, nominee, random.Next(4));
                break;
        }

        if (random.Next(4) == 0)
        {
            // At the same moment as another step, or after it.
            add(Anchor.Beginning, when + TimeSpan.FromHours(random.Next(3)), StepKind.Amend, economy, nominee, random.Next(3));
        }

        if (random.Next(4) == 0)
        {
            add(Anchor.Beginning, when + TimeSpan.FromHours(random.Next(4)), StepKind.Upload, economy, nominee, 0);
        }

        if (random.Next(6) == 0)
        {
            add(Anchor.Beginning, when + TimeSpan.FromHours(random.Next(1, 5)), StepKind.Withdraw, economy, nominee, random.Next(2));
        }
    }

    private static void AddAfterwards(Func<Anchor, TimeSpan, StepKind, int, int, int, Step> add, Random random, int[] counts)
    {
        add(Anchor.Closing, TimeSpan.FromHours(30), StepKind.Propose, 0, 0, random.Next(2));
        add(Anchor.Closing, TimeSpan.FromHours(32), StepKind.Approve, 0, 0, random.Next(3) == 0 ? 1 : 0);
        for (int economy = 0; economy < counts.Length; economy++)
        {
            for (int nominee = 1; nominee <= counts[economy]; nominee++)
            {
                for (int time = random.Next(1, 3); time > 0; time--)
                {
                    // 0 accepts, 1 declines, 2 sends both at once, 3 sends one twice.
                    int[] answers = [0, 0, 0, 1, 1, 2, 3];
                    add(Anchor.Closing, TimeSpan.FromHours(34 + (random.Next(4) * 20)), StepKind.AnswerOffer, economy, nominee, answers[random.Next(answers.Length)]);
                }

                if (random.Next(5) == 0)
                {
                    add(Anchor.Closing, TimeSpan.FromHours(34 + (random.Next(5) * 20)), StepKind.GiveBack, economy, nominee, 0);
                }

                if (random.Next(3) > 0)
                {
                    add(Anchor.End, TimeSpan.FromHours(random.Next(1, 12) * 10), StepKind.AnswerSurvey, economy, nominee, random.Next(2));
                }
            }
        }

        add(Anchor.Start, TimeSpan.FromHours(8), StepKind.RecordAttendance, 0, 0, random.Next(1000));
        add(Anchor.End, TimeSpan.FromHours(2), StepKind.IssueCertificates, 0, 0, random.Next(2));
        add(Anchor.End, TimeSpan.FromHours(400), StepKind.Publish, 0, 0, 0);
    }

    /// <summary>What some lives have and most have not: late nominees, replacements, an end before the beginning.</summary>
    /// <returns>What the project declares for it.</returns>
    private static Dictionary<string, string> AddTurns(Func<Anchor, TimeSpan, StepKind, int, int, int, Step> add, Random random, List<Step> steps, int economies)
    {
        Dictionary<string, string> settings = [];
        if (random.Next(3) == 0)
        {
            int economy = random.Next(economies);
            int hours = random.Next(6, 29);
            add(Anchor.Closing, TimeSpan.FromHours(random.Next(-3, 6)), StepKind.Extend, economy, random.Next(1, 3), hours);
            for (int late = 1; late <= random.Next(1, 4); late++)
            {
                TimeSpan when = random.Next(2) == 0
                    ? TimeSpan.FromHours(hours) + TimeSpan.FromMilliseconds(random.Next(-2, 3) * 1000)
                    : TimeSpan.FromHours(random.Next(1, hours + 1));
                add(Anchor.Closing, when, StepKind.Nominate, economy, FirstLate + late, random.Next(3));
            }
        }

        if (random.Next(2) == 0)
        {
            settings["replacementsUntil"] = "2023-08-11";
            foreach (Step given in steps.Where(step => step.Kind == StepKind.GiveBack).ToArray())
            {
                for (int times = random.Next(1, 3); times > 0; times--)
                {
                    // 0 names somebody, 1 nobody, 2 says both at once, 3 begins and never submits.
                    add(given.Anchor, given.Offset + TimeSpan.FromHours(random.Next(6) == 0 ? 240 : random.Next(1, 90)), StepKind.NameReplacement, given.Economy, given.Nominee, random.Next(4));
                }
            }
        }

        if (random.Next(12) == 0)
        {
            add(Anchor.Closing, TimeSpan.FromHours(new[] { -100, -1, 10, 31, 32, 33, 60, 110 }[random.Next(8)]), StepKind.Cancel, 0, 0, 0);
        }

        return settings;
    }
}
