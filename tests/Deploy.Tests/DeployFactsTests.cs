using Plenary.Support;

namespace Plenary.Deploy.Tests;

/// <summary>What the scripts hold to be true of the code.</summary>
public sealed class DeployFactsTests
{
    [Fact]
    public async Task The_list_of_functions_is_that_of_the_assembly()
    {
        using StandIn azure = new();
        await azure.DeployAsync("--yes");

        Assert.NotEmpty(StandIn.FunctionsOfTheAssembly);
        Assert.Equal(StandIn.FunctionsOfTheAssembly, azure.Read($"artifacts/deploy/dev/{StandIn.Version}/expected-functions")?.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void The_list_of_headers_is_what_the_code_sets() =>
        Assert.Equal(
            StandIn.HeadersOfTheCode.Order(StringComparer.Ordinal),
            File.ReadAllLines(Path.Combine(Repository.Root, "bicep", "lib", "headers")).Order(StringComparer.Ordinal));

    [Fact]
    public async Task The_example_in_the_readme_is_what_a_dry_run_prints()
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        string example = Between(readme, "$ bicep/deploy dev --dry-run\n", "```");
        using StandIn azure = new();
        azure.Write("bicep/environments/targets", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "bicep", "environments", "targets")));

        Played played = await azure.DeployAsync("--dry-run");

        Assert.Equal(example, played.Said);
    }

    private static string Between(string text, string from, string to)
    {
        int start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        Assert.True(start >= from.Length, $"README has no '{from.TrimEnd()}'.");
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }
}
