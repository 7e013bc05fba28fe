using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Plenary.Infra.Telemetry;
using Plenary.Shared;
using Plenary.Shared.Telemetry;
using Plenary.Support;

namespace Plenary.Functions.Tests.Shared;

public sealed class MeasuresTests
{
    [Fact]
    public void Every_metric_has_one_instrument_and_every_instrument_a_name_that_is_written_down()
    {
        RuntimeHelpers.RunClassConstructor(typeof(Measures).TypeHandle);
        List<string> published = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == Traces.Name)
                {
                    published.Add(instrument.Name);
                }
            },
        };
        listener.Start();

        Assert.Equal(Names().Order(StringComparer.Ordinal), published.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_readers_of_the_readme_are_told_of_every_metric()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        Assert.All(Names(), name => Assert.Contains($"`{name}`", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_queue_is_among_those_that_are_watched() => Assert.Equal(
        typeof(Queues).GetFields().Where(field => field.Name != nameof(Queues.Connection)).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
        Queues.All.Order(StringComparer.Ordinal));

    private static IEnumerable<string> Names() =>
        typeof(MetricNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
}
