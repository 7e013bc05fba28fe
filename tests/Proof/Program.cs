using System.Globalization;
using Plenary.Proof;
using Plenary.Simulation;
using Plenary.Simulation.Scenarios;

double hours = 1;
bool again = false;
string only = "";
for (int index = 0; index < args.Length; index++)
{
    switch (args[index])
    {
        case "--hours" when index + 1 < args.Length && double.TryParse(args[index + 1], CultureInfo.InvariantCulture, out hours) && hours > 0:
            index++;
            break;
        case "--only" when index + 1 < args.Length:
            only = args[++index];
            break;
        case "--tell" when index + 1 < args.Length:
            SimulationResult told = Simulator.Run(
                int.TryParse(args[index + 1], CultureInfo.InvariantCulture, out int seed) ? StoryPlan.Draw(seed, 5) : args[index + 1] == "race" ? new LastPlace().Plan(0) : StoryPlan.Journey(0), isTelling: true, index + 2 < args.Length && Enum.TryParse(args[index + 2], out WeaknessKind weakness) ? weakness : null);
            Console.WriteLine(string.Join('\n', [.. told.Story, .. told.Findings.Select(finding => $"{finding.Invariant}: {finding.What}")]));
            return told.Findings.Count == 0 ? 0 : 1;
        case "--again":
            again = true;
            break;
        default:
            Console.Error.WriteLine("usage: ./test --thorough [--hours N] [--only F10] [--again] | --tell SEED|journey|race [WEAKNESS]");
            return 2;
    }
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
Runner runner = new(again, only);
return await runner.RunAsync(TimeSpan.FromHours(hours), stop.Token) ? 0 : 1;
