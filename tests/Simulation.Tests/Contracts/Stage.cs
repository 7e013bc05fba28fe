namespace Plenary.Simulation.Tests.Contracts;

/// <summary>A world in which nothing goes on but what a test asks for: no message is handled.</summary>
internal sealed class Stage
{
    public World World { get; } = new(seed: 1, instances: 1) { AtOnce = 0 };

    public SimulatedApp App => World.Apps[0];

    /// <summary>Calls a port of the instance as its own code would, and waits until that has come to its end.</summary>
    public async Task<T> CallAsync<T>(Func<SimulatedApp, Task<T>> call)
    {
        Task<T>? made = null;
        World.Turns.Start("contract", App, _ => made = call(App));
        while (World.Turns.Step())
        {
        }

        return await (made ?? throw new InvalidOperationException("The call was never made."));
    }
}
