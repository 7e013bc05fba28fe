using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Shared;

public sealed class ClockSkewTests
{
    private static readonly DateTimeOffset Due = new(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_is_true_already_is_not_waited_for()
    {
        FakeClock clock = new(Due);

        Assert.Equal(Due, await clock.WaitUntilAsync(Due, "It", default));
    }

    [Fact]
    public async Task Two_minutes_are_waited_for_and_a_tick_more_is_a_fault()
    {
        FakeClock clock = new(Due - ClockSkew.Most);
        Task<DateTimeOffset> waiting = clock.WaitUntilAsync(Due, "It", default);
        Assert.False(waiting.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => clock.WaitUntilAsync(Due.AddTicks(1), "It", default));
        using CancellationTokenSource stop = new();
        Task<DateTimeOffset> stopped = clock.WaitUntilAsync(Due, "It", stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        Assert.False(waiting.IsCompleted);
    }
}
