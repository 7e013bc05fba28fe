using System.Net.Http.Json;
using Plenary.Journey.Tests;

namespace Plenary.Faults.Tests;

/// <summary>What a stage's app can be made to suffer through the local host.</summary>
internal static class StageFaults
{
    private static readonly HttpClient Http = new();

    /// <param name="wish">See <c>/local/broker</c> in local/README.md.</param>
    public static async Task BrokerAsync(this Stage stage, object wish) =>
        (await Http.PutAsJsonAsync(new Uri(stage.App.Address, "/local/broker"), wish)).EnsureSuccessStatusCode();

    /// <summary>Moves the clock without waiting for anything: with the broker down there is always something left to do.</summary>
    public static async Task MoveOnlyAsync(this Stage stage, DateTimeOffset to) =>
        (await Http.PostAsJsonAsync(new Uri(stage.App.Address, "/local/clock"), new { to = to.UtcDateTime })).EnsureSuccessStatusCode();
}
