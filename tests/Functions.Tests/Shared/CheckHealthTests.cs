using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Plenary.Infra.Mail;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Shared;

public sealed class CheckHealthTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public async Task An_answer_holds_for_five_seconds_and_no_longer()
    {
        CountingProbe probe = new();
        using CheckHealth health = Over(probe);

        await health.RunAsync(default);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        await health.RunAsync(default);
        Assert.Equal(1, probe.Asked);

        clock.Advance(TimeSpan.FromSeconds(0.1));
        await health.RunAsync(default);
        Assert.Equal(2, probe.Asked);
    }

    [Fact]
    public async Task Many_who_ask_at_once_are_told_one_answer()
    {
        CountingProbe probe = new();
        using CheckHealth health = Over(probe);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => health.RunAsync(default)));

        Assert.Equal(1, probe.Asked);
    }

    [Fact]
    public async Task A_part_that_throws_is_unhealthy_and_keeps_no_other_from_answering()
    {
        using CheckHealth health = Over(new CountingProbe { Fails = true }, new CountingProbe());

        Assert.Equal([false, true], (await health.RunAsync(default)).Select(line => line.IsHealthy));
    }

    [Fact]
    public async Task Dead_letters_are_told_by_queue_and_make_nothing_unhealthy()
    {
        QuietQueues queues = new() { DeadLetters = { [Queues.SendMail] = 2, [Queues.OpenDesk] = 1 } };

        HealthLine line = await new BusHealth(queues).AskAsync(clock.Now, default);

        Assert.True(line.IsHealthy);
        Assert.Equal(new Dictionary<string, double> { ["deadLetters"] = 3, ["deadLetters/open-desk"] = 1, ["deadLetters/send-mail"] = 2 }, line.Figures);
    }

    [Theory]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/key)", false)]
    [InlineData("a secret", true)]
    public async Task A_setting_that_still_holds_a_reference_is_unhealthy_and_named_in_the_log_only(string value, bool isHealthy)
    {
        RecordingLogger<SecretsHealth> log = new();
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Access:LinkPepper", (string?)value)]).Build();

        HealthLine line = await new SecretsHealth(settings, log).AskAsync(clock.Now, default);

        Assert.Equal(isHealthy, line.IsHealthy);
        Assert.Equal(!isHealthy, log.Lines.Any(told => told.Level == LogLevel.Error && told.Line.Contains("Access:LinkPepper", StringComparison.Ordinal)));
        Assert.DoesNotContain(log.Lines, told => told.Line.Contains("vault.azure.net", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SG.aaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", true)]
    [InlineData("SG.aaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb \n", false)]
    [InlineData("SG.short", false)]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/key)", false)]
    public async Task The_mail_key_has_to_look_like_one(string key, bool isHealthy)
    {
        MailKeyHealth probe = new(Options.Create(new SendGridOptions { ApiKey = key, FromAddress = "projects@example.org", FromName = "Projects" }));

        Assert.Equal(isHealthy, (await probe.AskAsync(clock.Now, default)).IsHealthy);
    }

    private CheckHealth Over(params IHealthProbe[] probes) => new(probes, clock, NullLogger<CheckHealth>.Instance);

    private sealed class CountingProbe : IHealthProbe
    {
        public int Asked { get; private set; }

        public bool Fails { get; init; }

        public string Name => "part";

        public Task<HealthLine> AskAsync(DateTimeOffset now, CancellationToken cancellation)
        {
            Asked++;
            return Fails ? throw new TimeoutException() : Task.FromResult(new HealthLine(Name, true));
        }
    }
}
