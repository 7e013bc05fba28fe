using Microsoft.AspNetCore.Http;
using Plenary.Attendance;
using Plenary.Domain;
using Plenary.Functions.Tests.Nominations;
using Plenary.Infra.Tables;

namespace Plenary.Functions.Tests.Attendance;

public sealed class CheckCertificateTests
{
    private static readonly Certificate Certificate = new(
        CertificateNumber.Draw(2023).Text, "23-IP-10-GE-WSP-A", "Workshop on <b>Public</b> Service", "ស៊ុខ <script>alert(1)</script>", "14–16 August 2023", "The Secretariat", 3, 3, new DateTimeOffset(2023, 8, 17, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Anybody_with_the_number_sees_whose_it_is_and_nothing_typed_becomes_markup()
    {
        using DeskRig rig = await WithCertificateAsync();

        Answer answer = await CheckAsync(rig, Certificate.Number);

        Assert.Equal(200, answer.Status);
        string text = answer.Page.Body?.TextContent ?? "";
        Assert.All([Certificate.Name, Certificate.Title, Certificate.Number, Certificate.Held], word => Assert.Contains(word, text, StringComparison.Ordinal));
        Assert.Empty(answer.Page.QuerySelectorAll("script"));
        Assert.DoesNotContain('@', answer.Page.QuerySelector("main")?.TextContent ?? "@");
    }

    [Fact]
    public async Task Case_spaces_and_dashes_do_not_matter()
    {
        using DeskRig rig = await WithCertificateAsync();

        Assert.Equal(200, (await CheckAsync(rig, Certificate.Number.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task A_number_that_was_never_issued_and_one_mistyped_are_refused_in_words()
    {
        using DeskRig rig = await WithCertificateAsync();
        string other = CertificateNumber.Draw(2023).Text;
        char last = Certificate.Number[^1] == 'A' ? 'B' : 'A';

        Assert.Equal(404, (await CheckAsync(rig, other)).Status);
        Assert.Equal(422, (await CheckAsync(rig, Certificate.Number[..^1] + last)).Status);
        Assert.Equal(422, (await CheckAsync(rig, "nonsense")).Status);
    }

    private static async Task<DeskRig> WithCertificateAsync()
    {
        DeskRig rig = new();
        RowKey key = CertificateTable.KeyOf(Certificate.Number);
        await rig.Tables[CertificateTable.Name].CommitAsync(new Batch(key.Partition).Insert(Row.Of(key, Certificate)), default);
        return rig;
    }

    private static Task<Answer> CheckAsync(DeskRig rig, string number)
    {
        HttpRequest request = rig.Request();
        CheckCertificateEndpoint endpoint = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<CheckCertificateEndpoint>(rig.Get<IServiceProvider>(), new CertificateTable(rig.Tables));
        return DeskRig.AnswerAsync(request, endpoint.Run(request, number, default));
    }
}
