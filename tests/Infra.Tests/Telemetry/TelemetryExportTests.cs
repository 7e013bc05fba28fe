using Azure.Core;
using Microsoft.Extensions.Configuration;
using Plenary.Infra.Telemetry;
using Plenary.Support;

namespace Plenary.Infra.Tests.Telemetry;

public sealed class TelemetryExportTests
{
    private int asked;

    [Fact]
    public async Task Without_settings_nobody_is_asked_who_we_are_and_flushing_does_nothing()
    {
        using TelemetryExport export = Export();

        await export.StartAsync(default);
        await export.FlushAsync(new FakeClock());
        await export.StopAsync(default);

        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task Application_insights_is_written_to_by_the_apps_identity()
    {
        using TelemetryExport export = Export((TelemetryExport.InsightsSetting, "InstrumentationKey=00000000-0000-0000-0000-000000000000"));

        await export.StartAsync(default);

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_connection_string_without_a_key_stops_the_start()
    {
        using TelemetryExport export = Export((TelemetryExport.InsightsSetting, "nonsense"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => export.StartAsync(default));
    }

    private TelemetryExport Export(params (string Name, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build(),
        () =>
        {
            asked++;
            return new NoCredential();
        });

    private sealed class NoCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
