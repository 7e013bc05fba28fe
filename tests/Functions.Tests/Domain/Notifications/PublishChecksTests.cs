using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Notifications;

public sealed class PublishChecksTests
{
    private static readonly DateOnly Issue = new(2023, 7, 3);

    [Fact]
    public void The_sample_may_be_issued_on_its_day()
    {
        PublishFindings findings = PublishChecks.Check(Samples.Notification, Issue, Samples.Economies);

        Assert.Empty(findings.Refusals);
        Assert.Empty(findings.Warnings);
        Assert.True(findings.MayIssue(null));
    }

    [Theory]
    [InlineData(0, "closing-not-before-start")]
    [InlineData(3, "closing-not-before-start")]
    [InlineData(-43, "closing-before-issue")]
    public void A_closing_in_the_wrong_place_is_refused(int daysFromStart, string code) =>
        Assert.Equal(code, Assert.Single(Check(static n => n, daysFromStart).Refusals).Code);

    [Fact]
    public void A_lead_of_three_days_warns_and_needs_a_reason()
    {
        PublishFindings findings = Check(static n => n, -3);

        PublishWarning warning = Assert.Single(findings.Warnings);
        Assert.Equal(("lead-time-start-short", true), (warning.Code, warning.NeedsReason));
        Assert.False(findings.MayIssue(" "));
        Assert.True(findings.MayIssue("Asked for by the host."));
    }

    [Theory]
    [InlineData(ModalityKind.Online, -14, null)]
    [InlineData(ModalityKind.Online, -13, "lead-time-start-short")]
    [InlineData(ModalityKind.DigitalMultiCountry, -14, null)]
    [InlineData(ModalityKind.FaceToFace, -38, "lead-time-start-short")]
    [InlineData(ModalityKind.FaceToFace, -39, null)]
    [InlineData(ModalityKind.FaceToFace, -57, null)]
    [InlineData(ModalityKind.FaceToFace, -58, "lead-time-start-long")]
    [InlineData(ModalityKind.Hybrid, -14, "lead-time-start-short")]
    public void Lead_times_follow_the_modality(ModalityKind kind, int daysFromStart, string? code) =>
        Assert.Equal(
            code,
            Check(n => n with { Modality = new Modality(kind, "as written"), IssuedOn = new DateOnly(2023, 3, 1) }, daysFromStart, today: null)
                .Warnings.SingleOrDefault()?.Code);

    [Fact]
    public void A_day_less_than_four_weeks_from_issue_to_closing_warns()
    {
        Assert.Equal("lead-time-closing-short", Assert.Single(PublishChecks.Check(Samples.Notification, Issue.AddDays(1), Samples.Economies).Warnings).Code);
        Assert.Empty(PublishChecks.Check(Samples.Notification, today: null, Samples.Economies).Warnings);
    }

    [Fact]
    public void A_closing_date_that_is_over_is_refused()
    {
        Assert.DoesNotContain(PublishChecks.Check(Samples.Notification, new DateOnly(2023, 7, 31), Samples.Economies).Refusals, static _ => true);
        Assert.Equal("closing-past", Assert.Single(PublishChecks.Check(Samples.Notification, new DateOnly(2023, 8, 1), Samples.Economies).Refusals).Code);
    }

    [Theory]
    [InlineData(-1, 12, "places-impossible")]
    [InlineData(10_001, 12, "places-impossible")]
    [InlineData(0, 0, "places-none")]
    public void Impossible_places_are_refused(int overseas, int local, string code) =>
        Assert.Contains(
            Check(n => n with { Overseas = new Places(overseas, false, ""), Local = new Places(local, false, "") }, -14).Refusals,
            refusal => refusal.Code == code);

    [Fact]
    public void One_empty_pool_only_warns() =>
        Assert.Equal("places-none", Assert.Single(Check(static n => n with { Local = default }, -14).Warnings).Code);

    [Theory]
    [InlineData("hong-kong", "economy-inactive")]
    [InlineData("atlantis", "economy-unknown")]
    public void A_host_must_be_known_and_active(string host, string code)
    {
        Refusal refusal = Assert.Single(Check(n => n with { HostEconomies = [host] }, -14).Refusals);

        Assert.Equal((code, NotificationFields.HostEconomies), (refusal.Code, refusal.Field));
    }

    [Fact]
    public void All_refusals_come_at_once()
    {
        PublishFindings findings = Check(
            static n => n with { Title = " ", Overseas = new Places(-1, false, ""), HostEconomies = ["atlantis"], EndsOn = n.StartsOn.AddDays(-1), PerEconomyMaximum = 0 }, -14);

        Assert.Equal(5, findings.Refusals.Count);
        Assert.All(findings.Refusals, static refusal => Assert.NotNull(refusal.Remedy));
    }

    private static PublishFindings Check(Func<ProjectNotification, ProjectNotification> change, int closingFromStart) => Check(change, closingFromStart, Issue);

    private static PublishFindings Check(Func<ProjectNotification, ProjectNotification> change, int closingFromStart, DateOnly? today)
    {
        ProjectNotification sample = Samples.Notification;
        ProjectNotification changed = change(sample with { ClosingOn = sample.StartsOn.AddDays(closingFromStart) });
        return PublishChecks.Check(changed, closingFromStart < -42 ? null : today, Samples.Economies);
    }
}
