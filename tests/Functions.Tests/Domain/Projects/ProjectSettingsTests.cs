using System.Reflection;
using System.Text.Json;
using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Functions.Tests.Domain.Projects;

public sealed class ProjectSettingsTests
{
    [Fact]
    public void Settings_read_back_from_the_store_equal_those_written() =>
        Assert.All(
            (ProjectSettings[])[new(), new() { Scoring = new ScoringPlan([new ScorePhase("Relevance", 60)], ScoreUse.WithinRound) }],
            settings => Assert.Equal(settings, JsonSerializer.Deserialize<ProjectSettings>(JsonSerializer.Serialize(settings, Row.Json), Row.Json)));

    [Fact]
    public void Whatever_is_set_otherwise_makes_other_settings()
    {
        foreach (PropertyInfo property in typeof(ProjectSettings).GetProperties().Where(property => property.CanWrite))
        {
            ProjectSettings other = new ProjectSettings() with { };
            property.SetValue(other, property.PropertyType == typeof(DateOnly?) ? new DateOnly(2024, 5, 10) : Different(property.GetValue(other)));

            Assert.NotEqual(new ProjectSettings(), other);
        }
    }

    private static object Different(object? value) => value switch
    {
        ClosingPolicy => ClosingPolicy.Host,
        bool flag => !flag,
        int number => number + 1,
        decimal number => number + 1,
        TimeSpan span => span + TimeSpan.FromHours(1),
        ScoringPlan => new ScoringPlan([new ScorePhase("Relevance", 1)], ScoreUse.Informs),
        IReadOnlyList<int> days => (IReadOnlyList<int>)[.. days, 99],
        null => 1,
        _ => throw new InvalidOperationException($"No other value known of {value.GetType()}."),
    };
}
