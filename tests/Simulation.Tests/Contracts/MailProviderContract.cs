using Plenary.Infra.Mail;

namespace Plenary.Simulation.Tests.Contracts;

/// <summary>What the app relies on in a provider of mail, whatever it is told to do to the mails.</summary>
public abstract class MailProviderContract
{
    protected static readonly DateTimeOffset Start = new(2023, 7, 3, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_mail_that_is_taken_has_an_id_of_its_own_and_lies_there_once()
    {
        MailAnswer one = await SendAsync(Mail("i-1"));
        MailAnswer two = await SendAsync(Mail("i-2"));

        Assert.Equal((MailAnswerKind.Accepted, 202), (one.Kind, one.Status));
        Assert.False(string.IsNullOrEmpty(one.MessageId));
        Assert.NotEqual(one.MessageId, two.MessageId);
        Assert.Equal(["i-1", "i-2"], (await TakenAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_provider_itself_drops_no_repeat()
    {
        await SendAsync(Mail("i-1"));
        await SendAsync(Mail("i-1"));

        Assert.Equal(["i-1", "i-1"], await TakenAsync());
    }

    [Fact]
    public async Task A_mail_that_is_put_off_is_certainly_not_taken_and_goes_at_the_next_attempt()
    {
        await PutOffOnceAsync();

        MailAnswer first = await SendAsync(Mail("i-1"));
        Assert.Equal(MailAnswerKind.TryLater, first.Kind);
        Assert.Null(first.MessageId);
        Assert.Empty(await TakenAsync());

        Assert.Equal(MailAnswerKind.Accepted, (await SendAsync(Mail("i-1"))).Kind);
        Assert.Equal(["i-1"], await TakenAsync());
    }

    [Fact]
    public async Task A_rate_limit_says_how_long_it_lasts()
    {
        await PutOffOnceAsync();

        MailAnswer answer = await SendAsync(Mail("i-1"));

        Assert.Equal(429, answer.Status);
        Assert.InRange(answer.RetryAfter ?? default, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_mail_whose_answer_is_lost_is_in_doubt_and_lies_there_all_the_same()
    {
        await LoseOneAnswerAsync();

        MailAnswer answer = await SendAsync(Mail("i-1"));

        Assert.Equal((MailAnswerKind.Unknown, 0), (answer.Kind, answer.Status));
        Assert.Null(answer.MessageId);
        Assert.Equal(["i-1"], await TakenAsync());
    }

    protected static OutgoingMail Mail(string intent) => new(
        "officer@example.org", "An Officer", "Subject", "Text", "<p>Text</p>", ["kind"], new Dictionary<string, string> { ["intent"] = intent, ["kind"] = intent, ["project"] = "p" },
        new Dictionary<string, string> { ["Content-Language"] = "en" }, []);

    protected abstract Task<MailAnswer> SendAsync(OutgoingMail mail);

    /// <returns>The intent of each mail that was taken.</returns>
    protected abstract Task<IReadOnlyList<string>> TakenAsync();

    /// <summary>The next send, and no other, meets a rate limit.</summary>
    protected abstract Task PutOffOnceAsync();

    /// <summary>The next mail, and no other, is taken without an answer.</summary>
    protected abstract Task LoseOneAnswerAsync();
}
