using System.CommandLine;
using Plenary.Benchmarks;

Option<string[]> parts = new("--part")
{
    Description = "Only these parts; all when left out.",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [.. Measuring.Parts],
};
parts.AcceptOnlyFromAmong([.. Measuring.Parts]);
Option<int[]> clients = new("--clients") { Description = "Clients of the intake.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 8, 32] };
Option<int> requests = new("--requests") { Description = "Nominations of each round of the intake.", DefaultValueFactory = _ => 1500 };
Option<int> rounds = new("--rounds") { Description = "Rounds of the intake, app and bare calls in turn.", DefaultValueFactory = _ => 2 };
Option<int[]> sizes = new("--sizes") { Description = "Nominations of the one project.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1_000, 10_000, 100_000] };
Option<int> waiting = new("--waiting") { Description = "Items that wait in the agenda.", DefaultValueFactory = _ => 1_000_000 };
Option<int> reminders = new("--reminders") { Description = "Reminders that are counted; the timed ones are fewer.", DefaultValueFactory = _ => 100_000 };
Option<bool> json = new("--json") { Description = "Prints JSON in place of the table." };
Option<bool> readme = new("--readme") { Description = "Writes the table into README.md as well." };

RootCommand root = new("Measures what Plenary costs. Figures are for reading side by side within one run.") { parts, clients, requests, rounds, sizes, waiting, reminders, json, readme };
root.SetAction((parsed, _) => Measuring.RunAsync(
    new Plan(
        parsed.GetValue(parts) ?? [],
        parsed.GetValue(clients) ?? [],
        parsed.GetValue(requests),
        parsed.GetValue(rounds),
        parsed.GetValue(sizes) ?? [],
        parsed.GetValue(waiting),
        parsed.GetValue(reminders)),
    parsed.GetValue(json),
    parsed.GetValue(readme)));
return await root.Parse(args).InvokeAsync();
