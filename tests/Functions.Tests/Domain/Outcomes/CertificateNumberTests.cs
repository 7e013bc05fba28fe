using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Outcomes;

public sealed class CertificateNumberTests
{
    [Fact]
    public void It_begins_with_the_year_and_reads_back_however_it_is_typed()
    {
        CertificateNumber number = CertificateNumber.Draw(2023);

        Assert.Matches("^2023(-[2-9A-HJ-NP-TV-Z]{4}){3}$", number.Text);
        Assert.Equal(number, Value(number.Text));
        Assert.Equal(number, Value(number.Text.ToLowerInvariant().Replace('-', ' ')));
        Assert.Equal(2023, Value(number.Text).Year);
    }

    [Fact]
    public void Ten_thousand_differ() =>
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => CertificateNumber.Draw(2023).Text).Distinct().Count());

    [Theory]
    [InlineData("2024")]
    [InlineData("2032")]
    [InlineData("2013")]
    [InlineData("2203")]
    public void A_wrong_year_is_noticed(string year)
    {
        string text = CertificateNumber.Draw(2023).Text;

        Assert.Equal("certificate-number-mistyped", Assert.Single(CertificateNumber.Parse(year + text[4..]).Refusals).Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2023")]
    [InlineData("1023-K7QF-2M9X-B4TD")]
    [InlineData("20x3-K7QF-2M9X-B4TD")]
    [InlineData("<script>alert(1)</script>")]
    public void What_is_no_number_is_refused(string? text) =>
        Assert.Equal("certificate-number-malformed", Assert.Single(CertificateNumber.Parse(text).Refusals).Code);

    private static CertificateNumber Value(string text) => CertificateNumber.Parse(text).TryGet(out CertificateNumber? value) ? value : throw new Xunit.Sdk.XunitException(text);
}
