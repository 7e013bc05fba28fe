using System.Text.RegularExpressions;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>A project from its notification to its results, undisturbed; and what its log says of the people in it.</summary>
public sealed partial class WholeProjectTests
{
    private const string Code = "23-IP-70-GE-WSP-A";

    [Fact]
    public async Task A_project_ends_with_the_right_figures_every_mail_once_and_nobody_in_the_log()
    {
        await using Stage stage = await Stage.StartAsync();
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

        AssertNobodyIn(stage.App.Output, await stage.Mailbox.ListAsync());
    }

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
