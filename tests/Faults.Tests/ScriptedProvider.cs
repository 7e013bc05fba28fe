using Plenary.Infra.Mail;

namespace Plenary.Faults.Tests;

/// <summary>A mail that the provider has, whether or not it said so.</summary>
internal sealed record TakenMail(string Intent, string Kind, string To, DateTimeOffset At, string MessageId);

/// <summary>Answers as the test scripts it, and remembers what it took and when it was called.</summary>
internal sealed class ScriptedProvider : IMailProvider
{
    private readonly Lock gate = new();

    /// <summary>By call: the answer, and whether the mail was taken all the same.</summary>
    public Func<OutgoingMail, DateTimeOffset, (MailAnswer Answer, bool IsTaken)> Script { get; set; } = (_, _) => (Accepts, true);

    public static MailAnswer Accepts { get; } = new(MailAnswerKind.Accepted, null, 202);

    public List<TakenMail> Taken { get; } = [];

    public List<(string Intent, DateTimeOffset At)> Calls { get; } = [];

    public Task<MailAnswer> SendAsync(OutgoingMail mail, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mail);
        lock (gate)
        {
            string intent = mail.Tags["intent"];
            Calls.Add((intent, now));
            (MailAnswer answer, bool isTaken) = Script(mail, now);
            string id = $"m-{Calls.Count}";
            if (isTaken)
            {
                Taken.Add(new TakenMail(intent, mail.Tags["kind"], mail.ToAddress, now, id));
            }

            return Task.FromResult(answer.Kind is MailAnswerKind.Accepted ? answer with { MessageId = id } : answer);
        }
    }
}
