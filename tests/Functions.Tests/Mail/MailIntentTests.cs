using Plenary.Mail;

namespace Plenary.Functions.Tests.Mail;

public sealed class MailIntentTests
{
    private static readonly DateTimeOffset Now = new(2023, 7, 3, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(MailState.Failed, null, false, true)]
    [InlineData(MailState.Bounced, null, false, true)]
    [InlineData(MailState.Unknown, null, false, false)]
    [InlineData(MailState.Unknown, "already-answered", false, true)]
    [InlineData(MailState.Queued, "put-off", false, false)]
    [InlineData(MailState.Queued, "key-refused", false, true)]
    [InlineData(MailState.Delivered, null, false, false)]
    [InlineData(MailState.Delivered, null, true, true)]
    [InlineData(MailState.Skipped, "already-answered", false, false)]
    public void What_did_not_arrive_or_may_have_come_twice_needs_a_person(MailState state, string? code, bool possibleDuplicate, bool needs) =>
        Assert.Equal(needs, (MailIntent.Waiting(MailRig.Owed, Now).Claim(Now) with { State = state, Code = code, PossibleDuplicate = possibleDuplicate }).NeedsAPerson);

    [Theory]
    [InlineData(-1, MailStepKind.Wait)]
    [InlineData(0, MailStepKind.Go)]
    public void A_doubt_ends_at_the_tenth_minute_itself(long ticks, MailStepKind step) =>
        Assert.Equal(step, MailIntent.Waiting(MailRig.Owed, Now).Claim(Now).Next(Now.AddMinutes(10).AddTicks(ticks)).Kind);
}
