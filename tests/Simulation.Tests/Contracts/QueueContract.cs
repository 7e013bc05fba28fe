using Plenary.Infra.Bus;

namespace Plenary.Simulation.Tests.Contracts;

/// <summary>A message somebody has under lock.</summary>
/// <param name="Token">For the broker that handed it out.</param>
public sealed record Delivery(string Body, int Count, object Token);

/// <summary>What the app relies on in a broker. The one on which stories are played keeps to it as the one on which the app runs locally does.</summary>
public abstract class QueueContract
{
    protected const string Queue = "send-mail";

    private static readonly TimeSpan Lock = TimeSpan.FromSeconds(30);

    protected abstract IQueueWatch Watch { get; }

    protected abstract DateTimeOffset Now { get; }

    [Fact]
    public async Task A_message_comes_as_it_was_sent_and_is_gone_once_completed()
    {
        await SendAsync(new BusMessage("one", """{"v":1,"name":"ไทย"}"""));

        Delivery delivery = await TakeAsync();
        Assert.Equal(("""{"v":1,"name":"ไทย"}""", 1), (delivery.Body, delivery.Count));
        Assert.Null(await ReceiveAsync());
        await CompleteAsync(delivery);
        await PassAsync(TimeSpan.FromHours(1));

        Assert.Null(await ReceiveAsync());
    }

    [Fact]
    public async Task Every_message_comes_however_many_are_sent_at_once()
    {
        string[] bodies = [.. Enumerable.Range(0, 250).Select(number => $"{number}")];
        await SendAsync([.. bodies.Select(body => new BusMessage($"id-{body}", body))]);

        List<string> came = [];
        while (came.Count < bodies.Length)
        {
            Delivery delivery = await TakeAsync();
            came.Add(delivery.Body);
            await CompleteAsync(delivery);
        }

        Assert.Equal(bodies.Order(StringComparer.Ordinal), came.Order(StringComparer.Ordinal));
        Assert.Null(await ReceiveAsync());
    }

    [Fact]
    public async Task A_message_for_later_comes_at_its_instant_and_not_before()
    {
        DateTimeOffset at = Now.AddMinutes(10);
        await SendAsync(new BusMessage("later", "later", at));

        // Calls take a little time themselves.
        Assert.Null(await Looked(watch => watch.FindOldestWaitingAsync(Queue, default)));
        await PassAsync(at - Now - TimeSpan.FromMilliseconds(1));
        Assert.Null(await ReceiveAsync());
        await PassAsync(TimeSpan.FromMilliseconds(1));

        Assert.Equal("later", (await TakeAsync()).Body);
    }

    [Fact]
    public async Task A_message_whose_instant_has_passed_comes_at_once()
    {
        await SendAsync(new BusMessage("past", "past", Now.AddMinutes(-10)));

        Assert.Equal("past", (await TakeAsync()).Body);
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_at_once_and_is_counted()
    {
        await SendAsync(new BusMessage("one", "one"));

        await AbandonAsync(await TakeAsync());

        Assert.Equal(("one", 2), await TakeAsync() is var again ? (again.Body, again.Count) : default);
    }

    [Fact]
    public async Task What_a_dead_receiver_held_comes_again_when_its_lock_has_run_out_and_no_sooner()
    {
        await SendAsync(new BusMessage("one", "one"));
        Delivery first = await TakeAsync();

        await DieAsync(first);
        await PassAsync(Lock - TimeSpan.FromMilliseconds(1));
        Assert.Null(await ReceiveAsync());
        await PassAsync(TimeSpan.FromMilliseconds(1));

        Delivery second = await TakeAsync();
        Assert.Equal(("one", 2), (second.Body, second.Count));
        await CompleteAsync(second);
        Assert.Null(await ReceiveAsync());
    }

    [Fact]
    public async Task The_tenth_failure_makes_a_dead_letter_that_keeps_nobody_back()
    {
        await SendAsync(new BusMessage("poison", "poison"));
        for (int delivery = 1; delivery <= 10; delivery++)
        {
            Assert.Equal(0, await Looked(watch => watch.CountDeadLettersAsync(Queue, default)));
            Delivery taken = await TakeAsync();
            Assert.Equal(delivery, taken.Count);
            await AbandonAsync(taken);
        }

        Assert.Null(await ReceiveAsync());
        Assert.Equal(1, await Looked(watch => watch.CountDeadLettersAsync(Queue, default)));
        await SendAsync(new BusMessage("good", "good"));
        Assert.Equal("good", (await TakeAsync()).Body);
    }

    [Fact]
    public async Task A_message_of_more_than_the_service_takes_is_refused_and_leaves_nothing()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(new BusMessage("large", new string('x', (256 * 1024) + 1))));

        Assert.Null(await ReceiveAsync());
    }

    [Fact]
    public async Task Looking_tells_since_when_the_oldest_waits_and_takes_nothing()
    {
        Assert.Null(await Looked(watch => watch.FindOldestWaitingAsync(Queue, default)));
        DateTimeOffset before = Now;
        await SendAsync(new BusMessage("one", "one"));
        DateTimeOffset sent = Now;
        await PassAsync(TimeSpan.FromMinutes(5));
        await SendAsync(new BusMessage("two", "two"));

        Assert.InRange((await Looked(watch => watch.FindOldestWaitingAsync(Queue, default)))!.Value, before, sent);
        Assert.Equal(["one", "two"], new[] { (await TakeAsync()).Body, (await TakeAsync()).Body }.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_id_that_comes_twice_is_delivered_once_at_least()
    {
        await SendAsync(new BusMessage("same", "same"));
        await SendAsync(new BusMessage("same", "same"));

        Assert.Equal("same", (await TakeAsync()).Body);
    }

    protected abstract Task SendAsync(params BusMessage[] messages);

    /// <returns>Null when nothing can be received now.</returns>
    protected abstract Task<Delivery?> ReceiveAsync();

    protected abstract Task CompleteAsync(Delivery delivery);

    protected abstract Task AbandonAsync(Delivery delivery);

    /// <summary>Whoever held it is no more: neither settles nor renews.</summary>
    protected abstract Task DieAsync(Delivery delivery);

    protected abstract Task PassAsync(TimeSpan time);

    /// <summary>Looks into the queue as the app does.</summary>
    protected virtual Task<T> Looked<T>(Func<IQueueWatch, Task<T>> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        return look(Watch);
    }

    private async Task<Delivery> TakeAsync() => await ReceiveAsync() ?? throw new InvalidOperationException("Nothing came.");
}
