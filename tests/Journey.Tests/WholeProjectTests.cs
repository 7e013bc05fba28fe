using System.Text.RegularExpressions;
using Plenary.Shared.Telemetry;
using Plenary.Support;
using Plenary.Support.Otlp;

namespace Plenary.Journey.Tests;

/// <summary>A project from its notification to its results, undisturbed; and what its log, its telemetry and its queues say of the people in it.</summary>
public sealed partial class WholeProjectTests
{
    private const string Code = "23-IP-70-GE-WSP-A";

    [Fact]
    public async Task A_project_ends_with_the_right_figures_every_mail_once_and_nobody_in_log_telemetry_or_queues()
    {
        await using OtlpReceiver receiver = OtlpReceiver.Start();
        await using QueueTap queues = await QueueTap.StartAsync();
        await using Stage stage = await Stage.StartAsync(new Dictionary<string, string>(receiver.Settings) { ["AzureWebJobsStorage"] = queues.Connection });
        SmallProject project = new(stage, Code);
        await project.PlayAsync();
        project.AssertFigures();
        await project.AssertMailsAsync();

        // The public reads the same figures without signing in, and can check a certificate.
        WebPage shown = (await stage.NewWeb().GetAsync($"/projects/{Code}")).Expect();
        Assert.Contains("Fill rate", shown.Text, StringComparison.Ordinal);
        ReceivedMail certificate = (await stage.Mailbox.ListAsync(kind: "certificate-issued"))[0];
        string number = CertificateNumber().Match(certificate.Text).Value;
        Assert.Contains(number, (await stage.NewWeb().GetAsync($"/certificates/{number}")).Expect().Text, StringComparison.Ordinal);

        IReadOnlyList<ReceivedMail> mails = await stage.Mailbox.ListAsync();
        await stage.App.StopAsync();
        Assert.Equal(SmallProject.Mails.Values.Sum(), receiver.Spans.Count(span => span.Name == "SendGrid mail/send"));
        Assert.All(Told, metric => Assert.Contains(metric, receiver.MetricText, StringComparison.Ordinal));
        Assert.Contains("certificate-issued", queues.AllText, StringComparison.Ordinal);
        AssertNobodyIn([.. stage.App.Output, .. receiver.AllText.Split('\n'), .. queues.AllText.Split('\n')], mails);
    }

    private static string[] Told { get; } =
    [
        MetricNames.NominationsAccepted, MetricNames.Mails, MetricNames.MailsOldestOwed, MetricNames.MailsUnknown, MetricNames.AgendaLag, MetricNames.OutboxLag,
        MetricNames.CutOffLag, MetricNames.DeadLetters, MetricNames.TimerAge,
    ];

    [GeneratedRegex(@"\d{4}(-[A-Z0-9]{4}){3}")]
    private static partial Regex CertificateNumber();

    /// <summary>Names, addresses, tokens and free text: none of it may leave by the log.</summary>
    private static void AssertNobodyIn(IReadOnlyList<string> output, IReadOnlyList<ReceivedMail> mails)
    {
        Assert.True(output.Count > 20, "Nothing was logged, so nothing is proved.");
        string[] secrets =
        [
            .. SmallProject.Nominees.Values.SelectMany(names => names),
            .. SmallProject.Nominees.Values.SelectMany(names => names).Select(Stage.AddressOf),
            .. Stage.OfficerOf.Values,
            "Kusumawati", "高橋", "ศรีสุวรรณ", "Naulu", "Aiko", "Mori", "@agency", "@npo-", "Writes forms", "Useful.",
            .. mails.SelectMany(mail => PersonalLink().Matches(mail.Text).Select(match => match.Groups["token"].Value)),
            "/l/",
        ];
        Assert.True(secrets.Length > 40, "No tokens were found in the mails.");
        string[] told = [.. output.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase)))];
        Assert.True(told.Length == 0, string.Join('\n', told.Take(5)));
    }

    [GeneratedRegex("/l/(?<token>[A-Za-z0-9_-]{20,})")]
    private static partial Regex PersonalLink();
}
