using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Plenary.Local.TestApp;

namespace Plenary.Local.Tests.Host;

public sealed class ClockSettingsTests
{
    [Fact]
    public void The_clock_starts_where_the_settings_say_and_is_the_apps_only_clock()
    {
        using IHost host = RunningHost.Build(
            [typeof(TimerFunctions)], ("Local:Clock", "2023-07-03T00:00:00Z"), ("Local:ClockFrozen", "true")).Build();
        TimeProvider clock = host.Services.GetRequiredService<TimeProvider>();
        Assert.IsType<MovableClock>(clock);
        Assert.Equal(new DateTimeOffset(2023, 7, 3, 0, 0, 0, TimeSpan.Zero), clock.GetUtcNow());
        Assert.Same(clock, host.Services.GetRequiredService<MovableClock>());
    }
}
