using Plenary.Infra.Mail;

namespace Plenary.Functions.Tests.Mail;

/// <summary>Takes mails and answers what it is told to, in turn; then it accepts.</summary>
internal sealed class FakeProvider : IMailProvider
{
    private readonly Lock gate = new();

    public List<OutgoingMail> Accepted { get; } = [];

    public List<DateTimeOffset> Calls { get; } = [];

    public Queue<MailAnswer> Answers { get; } = new();

    /// <summary>What lost answers do: whether the mail had been taken.</summary>
    public bool LosesWhatItTook { get; set; } = true;

    /// <summary>Runs while the call is under way.</summary>
    public Func<OutgoingMail, Task> During { get; set; } = _ => Task.CompletedTask;

    public static MailAnswer Later(TimeSpan? retryAfter = null) => new(MailAnswerKind.TryLater, null, 503, retryAfter);

    public static MailAnswer Lost => new(MailAnswerKind.Unknown, null, 0);

    public async Task<MailAnswer> SendAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken cancellation)
    {
        MailAnswer answer;
        lock (gate)
        {
            Calls.Add(now);
            answer = Answers.TryDequeue(out MailAnswer? next) ? next : new MailAnswer(MailAnswerKind.Accepted, $"message-{Calls.Count}", 202);
            if (answer.Kind is MailAnswerKind.Accepted || (answer.Kind is MailAnswerKind.Unknown && LosesWhatItTook))
            {
                Accepted.Add(mail);
            }
        }

        await During(mail);
        return answer;
    }
}

/// <summary>Writes the kinds it is given, unless told that nothing is owed any more.</summary>
internal sealed class FakeComposer(params string[] kinds) : Plenary.Mail.IComposeMail
{
    public IReadOnlyCollection<string> Kinds => kinds;

    public string? NotOwed { get; set; }

    public int FailuresLeft { get; set; }

    /// <summary>Runs before an answer is given.</summary>
    public Func<Task> During { get; set; } = () => Task.CompletedTask;

    public async Task<Plenary.Mail.Composition> ComposeAsync(Plenary.Mail.MailOwed owed, DateTimeOffset now, CancellationToken cancellation)
    {
        await During();
        if (FailuresLeft > 0)
        {
            FailuresLeft--;
            throw new TimeoutException("The store did not answer.");
        }

        return NotOwed is { } code
            ? Plenary.Mail.Composition.Skip(code)
            : new Plenary.Mail.MailDraft("officer@example.org", "An Officer", "en", "Nominations", new Plenary.Mail.MailBody().Paragraph("Please nominate."));
    }
}
