using System.Diagnostics;
using System.Net;
using SendGrid;

namespace Plenary.Local.Tests.Mailbox;

/// <summary>The faults that the mailbox plays when told to.</summary>
public sealed class ProviderBehaviourTests : IAsyncLifetime
{
    private MailboxHost host = null!;

    public async Task InitializeAsync() => host = await MailboxHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Told_to_fail_it_answers_the_status_and_keeps_nothing_as_often_as_told()
    {
        await host.BehaveAsync(new { mode = "fail", status = 502, count = 2 });

        Assert.Equal(502, await StatusAsync());
        Assert.Equal(502, await StatusAsync());
        Assert.Equal(202, await StatusAsync());
        Assert.Single(await host.MailsAsync());
    }

    [Fact]
    public async Task Told_to_fail_until_an_instant_it_fails_just_until_then()
    {
        await host.BehaveAsync(new { mode = "fail", until = host.Clock.Now.AddMinutes(5) });

        host.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.Equal(503, await StatusAsync());
        host.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(202, await StatusAsync());
    }

    [Fact]
    public async Task Told_to_throttle_it_says_when_to_come_back()
    {
        await host.BehaveAsync(new { mode = "throttle", until = host.Clock.Now.AddSeconds(90) });

        Response response = await host.Provider().SendEmailAsync(MailboxHost.Mail());

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("0", response.Headers.GetValues("X-RateLimit-Remaining").Single());
        Assert.Equal($"{host.Clock.Now.AddSeconds(90).ToUnixTimeSeconds()}", response.Headers.GetValues("X-RateLimit-Reset").Single());
        host.Clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(202, await StatusAsync());
    }

    [Fact]
    public async Task Told_to_refuse_the_key_it_refuses_it()
    {
        await host.BehaveAsync(new { mode = "unauthorized" });
        Assert.Equal(401, await StatusAsync());

        await host.BehaveAsync(new { mode = "accept" });
        Assert.Equal(202, await StatusAsync());
    }

    [Fact]
    public async Task Told_to_drop_it_keeps_the_mail_and_breaks_the_connection()
    {
        await host.BehaveAsync(new { mode = "drop-after-accept", count = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => host.Provider().SendEmailAsync(MailboxHost.Mail()));

        Assert.Single(await host.MailsAsync());
        Assert.Equal(202, await StatusAsync());
    }

    [Fact]
    public async Task Told_to_be_slow_it_takes_its_time_and_accepts()
    {
        await host.BehaveAsync(new { mode = "slow", delayMs = 300, count = 1 });
        long start = Stopwatch.GetTimestamp();

        Assert.Equal(202, await StatusAsync());

        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public async Task A_sender_that_gives_up_on_a_slow_provider_has_still_sent()
    {
        await host.BehaveAsync(new { mode = "slow", delayMs = 500, count = 1 });
        using CancellationTokenSource impatient = new(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Provider().SendEmailAsync(MailboxHost.Mail(), impatient.Token));

        long start = Stopwatch.GetTimestamp();
        while ((await host.MailsAsync()).Length == 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "The mail was not kept.");
        }
    }

    [Fact]
    public async Task The_fault_being_played_is_shown()
    {
        await host.BehaveAsync(new { mode = "throttle", count = 3 });

        Assert.Equal(
            """{"mode":"throttle","status":null,"until":null,"count":3,"delayMs":null}""",
            (await host.GetAsync("/local/mailbox/api/behaviour")).ToJsonString());
        Assert.Contains("playing a fault", await host.Http.GetStringAsync("/local/mailbox"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"mode":"explode"}""")]
    [InlineData("""{"mode":"fail","status":200}""")]
    [InlineData("""{"mode":"slow","delayMs":-1}""")]
    [InlineData("{")]
    public async Task A_behaviour_that_makes_no_sense_is_refused(string json)
    {
        HttpResponseMessage response = await host.Http.PostAsync("/local/mailbox/api/behaviour", new StringContent(json));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(202, await StatusAsync());
    }

    private async Task<int> StatusAsync() => (int)(await host.Provider().SendEmailAsync(MailboxHost.Mail())).StatusCode;
}
