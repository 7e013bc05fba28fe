using System.Text.Json;
using System.Text.RegularExpressions;
using Plenary.Support;

namespace Plenary.Deploy.Tests;

/// <summary>Alerts look at metrics that exist, with the thresholds that operators agreed on.</summary>
public sealed partial class BicepAlertsTests
{
    private const string Module = "modules/monitoring.bicep";

    private static string[] InCode { get; } =
        [.. Metric().Matches(File.ReadAllText(Path.Combine(Repository.Root, "functions", "Shared", "Telemetry", "MetricNames.cs"))).Select(match => match.Value)];

    [Fact]
    public void Every_metric_of_an_alert_or_a_chart_exists_in_code()
    {
        string[] named = [.. Metric().Matches(File.ReadAllText(Path.Combine(BicepFacts.Folder, Module))).Select(match => match.Value).Distinct()];

        Assert.True(named.Length >= 10, $"{named.Length} metrics");
        Assert.Empty(named.Except(InCode));
    }

    [Fact]
    public void The_workbook_shows_every_metric() =>
        Assert.Empty(InCode.Except(BicepFacts.Variable(Module, "figures").EnumerateArray().Select(figure => BicepFacts.Text(figure.GetProperty("metric")))));

    [Fact]
    public void The_thresholds_are_those_agreed_on() =>
        Assert.Equal(
            [
                "plenary.blobs.orphaned Minimum > 0 in P1D",
                "plenary.cutoff.lag Maximum > 120 in PT5M",
                "plenary.dead_letters Maximum > 0 in PT5M",
                "plenary.mails.oldest_owed Maximum > 600 in PT5M",
                "plenary.mails.unknown Minimum > 0 in PT15M",
                "plenary.recount.mismatches Maximum > 0 in PT5M",
                "plenary.timer.age Maximum > 180 in PT5M",
                "plenary.webhook.signature_failures Total > 5 in PT5M",
            ],
            BicepFacts.Variable(Module, "alerts").EnumerateArray()
                .Select(alert => $"{Of(alert, "metric")} {Of(alert, "aggregation")} > {alert.GetProperty("above").GetInt32()} in {Of(alert, "window")}")
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Silence_a_throttling_provider_and_lost_functions_are_alerts_too() =>
        Assert.Equal(
            ["functions-changed > 0 in P1D", "silence > 0 in PT15M", "throttled > 5 in PT15M"],
            BicepFacts.Variable(Module, "otherAlerts").EnumerateArray()
                .Select(alert => $"{Of(alert, "name")} > {alert.GetProperty("above").GetInt32()} in {Of(alert, "window")}")
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Every_alert_says_what_to_do_and_has_a_name_of_its_own()
    {
        JsonElement[] alerts = [.. BicepFacts.Variable(Module, "alerts").EnumerateArray(), .. BicepFacts.Variable(Module, "otherAlerts").EnumerateArray()];

        Assert.Equal(alerts.Length, alerts.Select(alert => Of(alert, "name")).Distinct().Count());
        Assert.All(alerts, alert => Assert.InRange(Of(alert, "says").Length, 60, 400));
    }

    private static string Of(JsonElement alert, string property) => BicepFacts.Text(alert.GetProperty(property));

    [GeneratedRegex(@"plenary\.[a-z_]+(\.[a-z_]+)*(?="")|(?<=')plenary\.[a-z_]+(\.[a-z_]+)*(?=')")]
    private static partial Regex Metric();
}
