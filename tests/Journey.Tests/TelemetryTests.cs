using System.Globalization;
using System.Net;
using Plenary.Support;
using Plenary.Support.Otlp;

namespace Plenary.Journey.Tests;

/// <summary>What an app tells a collector, byte for byte as it arrives there.</summary>
public sealed class TelemetryTests
{
    private const string Code = "23-IP-71-GE-WSP-A";

    [Fact]
    public async Task One_trace_leads_from_the_form_to_the_mail_provider()
    {
        await using OtlpReceiver receiver = OtlpReceiver.Start();
        await using Stage stage = await Stage.StartAsync(receiver.Settings);
        await stage.OpenProjectAsync(new NotificationText(Code));
        WebPage check = await NomineeInputTests.FillAsync(
            await NomineeInputTests.StartAsync(await stage.OpenDeskAsync(Code, "japan")), "By Form", "form@agency.example.org");
        (await check.Form("/submit").SubmitAsync()).Expect();
        await stage.App.SettleAsync();
        Assert.Single(await stage.Mailbox.ListAsync(kind: "nomination-receipt"));
        await stage.App.StopAsync();

        OtlpSpan form = Assert.Single(receiver.Spans, span => span.Name == "SubmitNomination");
        OtlpSpan[] trace = [.. receiver.Spans.Where(span => span.TraceId == form.TraceId)];
        OtlpSpan provider = Assert.Single(trace, span => span.Name == "SendGrid mail/send");
        Assert.Equal(["SendGrid mail/send", "SendMail", "SubmitNomination"], Causes(trace, provider));
        Assert.Equal(["RelayOutbox", "SubmitNomination"], Causes(trace, Assert.Single(trace, span => span.Name == "RelayOutbox")));
    }

    [Fact]
    public async Task A_name_in_a_trace_or_in_a_queue_would_be_found()
    {
        await using OtlpReceiver receiver = OtlpReceiver.Start();
        await using QueueTap queues = await QueueTap.StartAsync();
        await using Stage stage = await Stage.StartAsync(new Dictionary<string, string>(receiver.Settings) { ["AzureWebJobsStorage"] = queues.Connection });
        await stage.OpenProjectAsync(new NotificationText(Code));

        // A caller may hand over what he likes with his trace: here, a name, which then goes wherever the trace goes.
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(stage.App.Address, $"/projects/{Code}"));
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        request.Headers.Add("tracestate", "planted=akira-satou");
        Assert.Equal(HttpStatusCode.OK, (await stage.NewWeb().SendOnceAsync(request)).Status);
        await stage.App.StopAsync();

        Assert.Contains("akira-satou", receiver.AllText, StringComparison.Ordinal);
        Assert.Single(receiver.Spans, span => span.TraceId == "4bf92f3577b34da6a3ce929d0e0e4736");
        Assert.Contains("plenary.mails", receiver.MetricText, StringComparison.Ordinal);
        Assert.Contains("notification-circulated", receiver.MetricText, StringComparison.Ordinal);
        Assert.Contains($"\"project\":\"{Code}\"", queues.AllText, StringComparison.Ordinal);
        Assert.Contains("traceparent", queues.AllText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_tells_ages_and_a_timer_that_has_gone_silent()
    {
        await using Stage stage = await Stage.StartAsync();
        await stage.App.MoveToAsync(Stage.Start.AddMinutes(1));
        AssertNothingLoaded(stage.App);
        WebPage well = await stage.NewWeb().GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, well.Status);
        Assert.Contains("\"timerAge\":", well.Body, StringComparison.Ordinal);
        Assert.Contains("\"deadLetters\":0", well.Body, StringComparison.Ordinal);
        Assert.Contains("\"oldestOwedMail\":0", well.Body, StringComparison.Ordinal);

        await using Stage silent = await stage.StartBesideAsync(new Dictionary<string, string> { ["AzureWebJobs.RunAgenda.Disabled"] = "true" });
        await stage.App.KillAsync();
        await silent.App.MoveToAsync(Stage.Start.AddMinutes(5));
        WebPage ill = await silent.NewWeb().GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ill.Status);
        Assert.Contains("\"timer\":false", ill.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await silent.NewWeb().GetAsync("/health/live")).Status);
    }

    /// <summary>Nobody has asked for telemetry, so nobody pays for it. Only Linux tells what a process has loaded.</summary>
    private static void AssertNothingLoaded(PlenaryApp app)
    {
        if (OperatingSystem.IsLinux())
        {
            string loaded = File.ReadAllText($"/proc/{app.ProcessId.ToString(CultureInfo.InvariantCulture)}/maps");
            Assert.Contains("Plenary.Infra.dll", loaded, StringComparison.Ordinal);
            Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
        }
    }

    /// <summary>The names of a span and of what caused it, back to the first we know.</summary>
    private static List<string> Causes(IReadOnlyCollection<OtlpSpan> trace, OtlpSpan last)
    {
        List<string> names = [];
        for (OtlpSpan? span = last; span is not null; span = trace.SingleOrDefault(one => one.Id == span.ParentId))
        {
            names.Add(span.Name);
        }

        return names;
    }
}
