using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Selection;

public sealed class ScoringPlanTests
{
    private static readonly ScoringPlan Plan = new([new ScorePhase("Relevance", 60), new ScorePhase("Motivation", 40)], ScoreUse.WithinBoth);

    [Fact]
    public void The_mean_weighs_the_phases() => Assert.Equal(7.60m, Plan.MeanOf([[8, 6], [10, 5]]));

    [Theory]
    [InlineData("8,6", "8,6;-,-")]
    [InlineData("8,6", "-,6;8,-")]
    [InlineData("8,-", "8,-;8,-")]
    [InlineData("7,7", "7,-")]
    public void A_mark_that_nobody_gave_lowers_no_mean(string whole, string sparse) => Assert.Equal(Plan.MeanOf(Read(whole)), Plan.MeanOf(Read(sparse)));

    [Fact]
    public void Without_any_mark_there_is_no_mean()
    {
        Assert.Null(Plan.MeanOf([]));
        Assert.Null(Plan.MeanOf(Read("-,-;-,-")));
        Assert.Equal(0m, Plan.MeanOf(Read("0,0")));
    }

    [Fact]
    public void The_order_of_reviewers_changes_nothing_and_thirds_are_rounded_to_two_decimals()
    {
        IReadOnlyList<IReadOnlyList<int?>> marks = Read("1,2;2,9;2,-");

        Assert.Equal(Plan.MeanOf(marks), Plan.MeanOf(marks.Reverse()));
        Assert.Equal(3.20m, Plan.MeanOf(marks));
        Assert.Equal(6.67m, new ScoringPlan([new ScorePhase("One", 1)], ScoreUse.Informs).MeanOf([[6], [7], [7]]));
    }

    [Fact]
    public void Phases_are_read_as_they_are_written()
    {
        Assert.True(ScoringPlan.ReadPhases(" Relevance of the work: 60 ;Motivation 40\n", "scoring").TryGet(out IReadOnlyList<ScorePhase>? phases));

        Assert.Equal([new ScorePhase("Relevance of the work", 60), new ScorePhase("Motivation", 40)], phases);
        Assert.Equal("Relevance of the work 60; Motivation 40", new ScoringPlan(phases, ScoreUse.Informs).WritePhases());
    }

    private static IReadOnlyList<IReadOnlyList<int?>> Read(string text) =>
        [.. text.Split(';').Select(one => one.Split(',').Select(mark => mark == "-" ? (int?)null : int.Parse(mark, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
}

public sealed class ScoredSelectionTests
{
    private static readonly Candidate[] Nominees =
    [
        new("fiji/1", "fiji", 1, null, 4m), new("fiji/2", "fiji", 2, null, 9m), new("fiji/3", "fiji", 3, null, 9m),
        new("nepal/1", "nepal", 1, null, 8m), new("nepal/2", "nepal", 2, null, 2m),
        new("japan/1", "japan", 1, null, 6m), new("japan/2", "japan", 2),
    ];

    [Theory]
    [InlineData(ScoreUse.WithinEconomy, "fiji/2 nepal/1 japan/1 fiji/3")]
    [InlineData(ScoreUse.WithinRound, "nepal/1 japan/1 fiji/1 fiji/2")]
    [InlineData(ScoreUse.WithinBoth, "fiji/2 nepal/1 japan/1 fiji/3")]
    public void Scores_decide_just_the_order_that_was_declared(ScoreUse use, string selected)
    {
        SelectionResult result = Select(use);

        string[] chosen = [.. result.Decisions.Where(decision => decision.Kind == DecisionKind.Selected).Select(decision => decision.NominationId)];
        Assert.Equal(SelectionRules.ScoredRuleVersion, result.RuleVersion);
        if (use == ScoreUse.WithinEconomy)
        {
            // The draw orders the economies here.
            Assert.Equal(selected.Split(' ').Order(), chosen.Order());
        }
        else
        {
            Assert.Equal(selected.Split(' '), chosen);
        }
    }

    [Fact]
    public void Where_scores_decide_nothing_the_rule_and_its_list_are_the_old_ones()
    {
        SelectionRules rules = SelectionRules.DeclaredBy(FakeProjects.Workshop(settings: new ProjectSettings { Scoring = new ScoringPlan([new ScorePhase("Relevance", 1)], ScoreUse.Informs) }));

        Assert.Equal((SelectionRules.RuleVersion, SelectionRules.InPlainWords), (rules.Version, rules.Words));
        Assert.Equal(
            RoundRobinSelection.Select(rules, Nominees).Decisions,
            RoundRobinSelection.Select(rules, Nominees.Select(nominee => nominee with { Score = null })).Decisions);
    }

    [Fact]
    public void Everybodys_reason_tells_the_score()
    {
        SelectionResult result = Select(ScoreUse.WithinBoth);

        Assert.StartsWith("Scored 9.00 of 10 and ranked 2 by the economy; received place 1", result.Decisions.Single(decision => decision.NominationId == "fiji/2").Reason, StringComparison.Ordinal);
        Assert.StartsWith("Not scored, ranked 2 by the economy; the 4 overseas places were filled", result.Decisions.Single(decision => decision.NominationId == "japan/2").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_words_of_a_rule_say_what_scores_decide()
    {
        SelectionRules rules = Rules(ScoreUse.WithinRound);

        Assert.Contains("Relevance 1 (the numbers are weights)", rules.Words, StringComparison.Ordinal);
        Assert.Contains("Within a round the nominee with the higher score comes first; among equal scores economies stand in the order", rules.Words, StringComparison.Ordinal);
        Assert.Contains("The liaison officer's ranking decides within an economy", rules.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("The liaison officer's ranking decides within an economy", Rules(ScoreUse.WithinEconomy).Words, StringComparison.Ordinal);
    }

    private static SelectionRules Rules(ScoreUse use) => new(4, 0, new HashSet<string>(), "seed", Scoring: new ScoringPlan([new ScorePhase("Relevance", 1)], use));

    private static SelectionResult Select(ScoreUse use) => RoundRobinSelection.Select(Rules(use), Nominees);
}

public sealed class BlindNomineeTests
{
    private static readonly NomineeEntry Entry = new()
    {
        Name = "José Nguyễn Văn An",
        Email = "jose@mom.go.id",
        Nationality = "Viet Nam",
        Position = "Director at the Ministry of Manpower (MOM)",
        Organisation = "Ministry of Manpower",
        Sector = "government",
        YearsOfExperience = 7,
        Statement = "Jose leads counters of MOM in Hanoi. Mr NGUYEN wrote the manpower plan; write to jose@mom.go.id or +84 24 3825 0000. He wants to analyse momentum for Vietnam.",
    };

    [Fact]
    public void What_gives_the_person_away_is_blotted_out_and_the_rest_stays()
    {
        BlindNominee blind = BlindNominee.Of(Entry, ["Vietnam", "Socialist Republic of Viet Nam"]);

        Assert.Equal("Director at the ▮▮▮ (▮▮▮)", blind.Position);
        Assert.Equal("▮▮▮ leads counters of ▮▮▮ in Hanoi. Mr ▮▮▮ wrote the manpower plan; write to ▮▮▮ or ▮▮▮. He wants to analyse momentum for ▮▮▮.", blind.Statement);
        Assert.Equal(("Government ministry or agency", 7), (blind.Sector, blind.YearsOfExperience));
    }

    [Fact]
    public void Names_in_scripts_without_spaces_are_found_inside_a_line()
    {
        BlindNominee blind = BlindNominee.Of(new NomineeEntry { Name = "佐藤 健司", Organisation = "横浜市", Statement = "横浜市の佐藤さんは、健司として知られています。" }, ["Japan", "日本"]);

        Assert.Equal("▮▮▮の▮▮▮さんは、▮▮▮として知られています。", blind.Statement);
    }

    [Fact]
    public void A_nominee_has_another_number_for_every_reviewer_and_it_tells_nothing()
    {
        string first = BlindNominee.NumberOf("23-IP-10-GE-WSP-A", "r1", "fiji/k7");

        Assert.Matches("^[0-9a-f]{16}$", first);
        Assert.NotEqual(first, BlindNominee.NumberOf("23-IP-10-GE-WSP-A", "r2", "fiji/k7"));
        Assert.NotEqual(first, BlindNominee.NumberOf("23-IP-11-GE-WSP-A", "r1", "fiji/k7"));
    }
}
