using Plenary.Agenda;

namespace Plenary.Functions.Tests.Agenda;

public sealed class RelayTurnsTests
{
    private readonly RelayTurns turns = new();
    private readonly TaskCompletionSource first = new();
    private int runs;

    [Fact]
    public async Task Whoever_asks_while_one_runs_does_not_wait_and_all_of_them_get_one_run_more()
    {
        Task running = turns.RunAsync("place", () => RunAsync(first.Task));
        for (int asked = 0; asked < 15; asked++)
        {
            await turns.RunAsync("place", () => RunAsync(Task.CompletedTask));
        }

        Assert.Equal(1, runs);

        first.SetResult();
        await running;

        // What they ask for may have been written after the first had looked.
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Another_place_has_a_turn_of_its_own()
    {
        Task running = turns.RunAsync("place", () => RunAsync(first.Task));

        await turns.RunAsync("other", () => RunAsync(Task.CompletedTask));

        Assert.Equal(2, runs);
        first.SetResult();
        await running;
    }

    [Fact]
    public async Task A_run_that_fails_says_so_and_the_repeat_of_its_message_does_for_all()
    {
        Task failing = turns.RunAsync("place", () => RunAsync(first.Task));
        await turns.RunAsync("place", () => RunAsync(Task.CompletedTask));

        first.SetException(new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(() => failing);
        await turns.RunAsync("place", () => RunAsync(Task.CompletedTask));
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Whoever_asks_later_gets_a_run_at_once()
    {
        await turns.RunAsync("place", () => RunAsync(Task.CompletedTask));
        await turns.RunAsync("place", () => RunAsync(Task.CompletedTask));

        Assert.Equal(2, runs);
    }

    private async Task RunAsync(Task until)
    {
        runs++;
        await until;
    }
}
