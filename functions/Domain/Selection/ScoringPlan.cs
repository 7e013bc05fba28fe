using System.Globalization;
using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>One thing that reviewers score.</summary>
/// <param name="Weight">1 to 100, against the other phases of the plan.</param>
public sealed record ScorePhase(string Name, int Weight);

/// <summary>What scores may decide; stored by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreUse>))]
public enum ScoreUse
{
    /// <summary>Nothing: they are shown to whoever proposes and approves.</summary>
    Informs,

    /// <summary>The order of an economy's nominees; the liaison officer's ranking decides among equals.</summary>
    WithinEconomy,

    /// <summary>The order of economies within a round; the draw decides among equals.</summary>
    WithinRound,

    /// <summary>Both.</summary>
    WithinBoth,
}

/// <summary>How nominees are scored, as a project declares it.</summary>
public sealed record ScoringPlan(IReadOnlyList<ScorePhase> Phases, ScoreUse Use)
{
    /// <summary>The best mark; 0 is the worst.</summary>
    public const int BestMark = 10;

    public const int MostPhases = 5;

    public static ScoringPlan None { get; } = new([], ScoreUse.Informs);

    [JsonIgnore]
    public bool IsOn => Phases.Count > 0;

    [JsonIgnore]
    public bool OrdersEconomies => Use is ScoreUse.WithinEconomy or ScoreUse.WithinBoth;

    [JsonIgnore]
    public bool OrdersRounds => Use is ScoreUse.WithinRound or ScoreUse.WithinBoth;

    /// <summary>Phases as an officer types them: a name and a weight, <c>Relevance 60; Motivation 40</c>. Nothing typed is no scoring.</summary>
    public static Outcome<IReadOnlyList<ScorePhase>> ReadPhases(string text, string field)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<ScorePhase> phases = [];
        foreach (string part in text.Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int space = part.LastIndexOf(' ');
            string name = space < 0 ? "" : part[..space].TrimEnd(' ', ':');
            if (name.Length is 0 or > 60 || !int.TryParse(part[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int weight) || weight is < 1 or > 100)
            {
                return new Refusal("score-phase-unreadable", $"“{part}” is no phase with its weight.", field, "Write each as a name and a weight from 1 to 100, such as Relevance 60; Motivation 40.");
            }

            if (phases.Any(phase => string.Equals(phase.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                return new Refusal("score-phase-twice", $"The phase “{name}” is there twice.", field, "Keep one of the two.");
            }

            phases.Add(new ScorePhase(name, weight));
        }

        return phases.Count <= MostPhases
            ? phases
            : new Refusal("score-phases-many", $"There are {phases.Count} phases; at most {MostPhases} are possible.", field, "Take some out.");
    }

    public string WritePhases() => string.Join("; ", Phases.Select(phase => string.Create(CultureInfo.InvariantCulture, $"{phase.Name} {phase.Weight}")));

    /// <summary>
    /// The weighted mean of what was given, to two decimals. A mark that nobody gave counts nowhere: neither a reviewer who left a phase out nor a phase that nobody scored
    /// lowers it. Null when there is no mark at all.
    /// </summary>
    /// <param name="marks">Of each reviewer, one for each phase or null; in any order.</param>
    public decimal? MeanOf(IEnumerable<IReadOnlyList<int?>> marks)
    {
        ArgumentNullException.ThrowIfNull(marks);
        Span<int> sums = stackalloc int[MostPhases];
        Span<int> counts = stackalloc int[MostPhases];
        foreach (IReadOnlyList<int?> one in marks)
        {
            for (int phase = 0; phase < Math.Min(one.Count, Phases.Count); phase++)
            {
                if (one[phase] is int mark)
                {
                    sums[phase] += mark;
                    counts[phase]++;
                }
            }
        }

        decimal total = 0;
        int weights = 0;
        for (int phase = 0; phase < Phases.Count; phase++)
        {
            if (counts[phase] > 0)
            {
                total += Phases[phase].Weight * (decimal)sums[phase] / counts[phase];
                weights += Phases[phase].Weight;
            }
        }

        return weights == 0 ? null : Math.Round(total / weights, 2, MidpointRounding.AwayFromZero);
    }

    public bool Equals(ScoringPlan? other) => other is not null && Use == other.Use && Phases.SequenceEqual(other.Phases);

    public override int GetHashCode() => HashCode.Combine(Use, Phases.Count);
}
