using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Notifications;

public sealed class ProjectCodeTests
{
    [Theory]
    [InlineData("23-IP-10-GE-WSP-A", "23-IP-10-GE-WSP-A")]
    [InlineData(" 23-ip-10-ge-wsp-a ", "23-IP-10-GE-WSP-A")]
    [InlineData("20-AG-12-GE-TRC-B", "20-AG-12-GE-TRC-B")]
    [InlineData("24-CP-105-SPE-CON-AB", "24-CP-105-SPE-CON-AB")]
    public void A_code_is_read_in_any_case(string text, string code) => Assert.Equal(code, ProjectCode.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("23-IP-10-GE-WSP")]
    [InlineData("23-IP-10-GE-WSP-A-B")]
    [InlineData("2023-IP-10-GE-WSP-A")]
    [InlineData("23-IP-1O-GE-WSP-A")]
    [InlineData("23-I1-10-GE-WSP-A")]
    [InlineData("23-IP-10-GE-WSP-")]
    [InlineData("23–IP–10–GE–WSP–A")]
    [InlineData("23-ІР-10-GE-WSP-A")]
    [InlineData("２３-IP-10-GE-WSP-A")]
    [InlineData("../../23-IP-10-GE")]
    [InlineData("23-IP-10-GE-WSP-A\0")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(ProjectCode.TryParse(text, out _));
        Refusal refusal = Assert.Single(ProjectCode.Read(text).Refusals);
        Assert.NotNull(refusal.Remedy);
    }

    [Fact]
    public void The_refusal_names_the_part_that_is_wrong() =>
        Assert.Contains("Part 3 of the project code, the number", Assert.Single(ProjectCode.Read("23-IP-1O-GE-WSP-A").Refusals).Reason, StringComparison.Ordinal);
}
