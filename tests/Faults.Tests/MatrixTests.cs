using System.Reflection;
using System.Text.RegularExpressions;
using Plenary.Support.Proof;

namespace Plenary.Faults.Tests;

/// <summary>The matrix itself: thirty-four faults, each with its test, and most of them repeatable by seed.</summary>
public sealed partial class MatrixTests
{
    [Fact]
    public void Every_fault_of_the_matrix_has_a_test_named_after_it()
    {
        string[] tested =
        [
            .. typeof(MatrixTests).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
                .Where(method => method.GetCustomAttributes<FactAttribute>().Any())
                .Select(method => FaultId().Match(method.Name).Value)
                .Where(id => id.Length > 0)
                .Distinct().Order(StringComparer.Ordinal),
        ];
        Assert.Equal(Enumerable.Range(1, 34).Select(number => $"F{number:D2}"), tested);
    }

    [Fact]
    public void Every_scenario_can_be_found_and_told_from_the_others()
    {
        IFaultScenario[] scenarios =
        [
            .. typeof(MatrixTests).Assembly.GetTypes()
                .Where(type => type is { IsAbstract: false, IsPublic: true } && type.IsAssignableTo(typeof(IFaultScenario)) && type.GetConstructor([]) is not null)
                .Select(type => Activator.CreateInstance(type)).Cast<IFaultScenario>(),
        ];
        Assert.True(scenarios.Length >= 25, $"{scenarios.Length} scenarios");
        Assert.Equal(scenarios.Length, scenarios.Select(scenario => scenario.Title).Distinct().Count());
        Assert.All(scenarios, scenario => Assert.Matches("^F(0[1-9]|[12][0-9]|3[0-4])$", scenario.Fault));
        Assert.All(scenarios, scenario => Assert.True(scenario.Asked > 0 && scenario.CasesPerRun > 0));
    }

    [GeneratedRegex("^F[0-9]{2}(?=_)")]
    private static partial Regex FaultId();
}
