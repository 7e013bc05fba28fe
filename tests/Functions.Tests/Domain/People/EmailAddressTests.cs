using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.People;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("  Siti.Rahma@Kemnaker.GO.ID ", "siti.rahma@kemnaker.go.id")]
    [InlineData("o'neill+apo@agency.example", "o'neill+apo@agency.example")]
    [InlineData("info@คน.ไทย", "info@xn--42c6b.xn--o3cw4h")]
    [InlineData("INFO@BÜCHER.example", "info@xn--bcher-kva.example")]
    [InlineData("a@b.co", "a@b.co")]
    public void Addresses_have_one_form_to_compare(string text, string normal)
    {
        EmailAddress address = Value(EmailAddress.Parse(text));

        Assert.Equal(normal, address.Normal);
        Assert.Equal(text.Trim(), address.Text);
        Assert.Equal(Value(EmailAddress.Parse(normal)), address);
    }

    [Theory]
    [InlineData(null, "email-missing")]
    [InlineData("  ", "email-missing")]
    [InlineData("a@b.example\r\nBcc: c@d.example", "text-control-character")]
    [InlineData("a@b.example\n", "text-control-character")]
    [InlineData("a@b.example,c@d.example", "email-several")]
    [InlineData("a@b.example; c@d.example", "email-several")]
    [InlineData("a@b@c.example", "email-several")]
    [InlineData("Siti <siti@agency.example>", "email-not-plain")]
    [InlineData("\"siti rahma\"@agency.example", "email-not-plain")]
    [InlineData("siti @agency.example", "email-not-plain")]
    [InlineData("siti.agency.example", "email-malformed")]
    [InlineData("@agency.example", "email-malformed")]
    [InlineData("siti@", "email-malformed")]
    [InlineData(".siti@agency.example", "email-malformed")]
    [InlineData("si..ti@agency.example", "email-malformed")]
    [InlineData("mailto:siti@agency.example", "email-malformed")]
    [InlineData("siti@agency", "email-domain-malformed")]
    [InlineData("siti@agency..example", "email-domain-malformed")]
    [InlineData("siti@-agency.example", "email-domain-malformed")]
    [InlineData("siti@[10.0.0.1]", "email-domain-malformed")]
    [InlineData("siti@agency_1.example", "email-domain-malformed")]
    [InlineData("siti@agency.example.", "email-domain-malformed")]
    [InlineData("สมชาย@agency.example", "email-local-not-ascii")]
    [InlineData("siti\u202E@agency.example", "text-direction-override")]
    public void What_mail_cannot_be_sent_to_is_refused(string? text, string code)
    {
        Refusal first = EmailAddress.Parse(text, "nomineeEmail").Refusals[0];

        Assert.Equal(code, first.Code);
        Assert.Equal("nomineeEmail", first.Field);
        Assert.NotNull(first.Remedy);
    }

    [Fact]
    public void Both_parts_are_complained_about_at_once() =>
        Assert.Equal(["email-malformed", "email-domain-malformed"], EmailAddress.Parse("a..b@agency").Refusals.Select(refusal => refusal.Code));

    [Fact]
    public void Length_limits_are_those_of_mail()
    {
        Assert.False(EmailAddress.Parse(new string('a', 64) + "@agency.example").IsRefused);
        Assert.Equal("email-too-long", EmailAddress.Parse(new string('a', 65) + "@agency.example").Refusals[0].Code);
        Assert.Equal("email-too-long", EmailAddress.Parse(new string('a', 10_000_000) + "@agency.example").Refusals[0].Code);
        Assert.Equal("email-domain-malformed", EmailAddress.Parse("a@" + new string('a', 64) + ".example").Refusals[0].Code);
    }

    private static EmailAddress Value(Outcome<EmailAddress> outcome) => outcome.TryGet(out EmailAddress? value) ? value : throw new Xunit.Sdk.XunitException(outcome.Refusals[0].Reason);
}
