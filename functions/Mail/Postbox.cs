using Microsoft.Extensions.Logging;
using Plenary.Infra.Mail;
using Plenary.Shared.Telemetry;

namespace Plenary.Mail;

/// <summary>Hands a composed mail to the provider, tagged so that its events find the intent again.</summary>
public sealed partial class Postbox(IMailProvider provider, ILogger<Postbox> logger)
{
    public async Task<MailAnswer> PostAsync(MailOwed owed, MailDraft draft, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(owed);
        ArgumentNullException.ThrowIfNull(draft);
        OutgoingMail mail = new(
            draft.ToAddress,
            draft.ToName,
            draft.Subject,
            draft.Body.Text,
            draft.Body.Html,
            [owed.Kind],
            new Dictionary<string, string> { ["intent"] = owed.Id, ["project"] = owed.Project, ["kind"] = owed.Kind, ["subject"] = owed.Subject },

            // Duty mail carries no List-Unsubscribe: nobody can opt out of being told that a place is offered.
            new Dictionary<string, string> { ["Content-Language"] = draft.Language },
            draft.Attachments);

        // Not to be broken off: once begun, only its end tells whether the mail was taken. The provider's own time limit holds.
        MailAnswer answer = await provider.SendAsync(mail, now, CancellationToken.None);
        Tell(owed, answer);
        return answer;
    }

    private void Tell(MailOwed owed, MailAnswer answer)
    {
        switch (answer.Kind)
        {
            case MailAnswerKind.Unauthorized:
                Log.KeyRefused(logger, answer.Status, owed.Id);
                break;
            case MailAnswerKind.Refused:
                Log.Refused(logger, owed.Id, owed.Kind, answer.Status);
                break;
            case MailAnswerKind.Unknown:
                Log.AnswerLost(logger, owed.Id, owed.Kind);
                break;
            case MailAnswerKind.TryLater:
                Measures.Throttled.Add(answer.Status == 429 ? 1 : 0);
                Log.PutOff(logger, owed.Id, owed.Kind, answer.Status);
                break;
            default:
                Log.Accepted(logger, owed.Id, owed.Kind);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Mail {Intent} of kind {Kind} accepted.")]
        public static partial void Accepted(ILogger logger, string intent, string kind);

        [LoggerMessage(2, LogLevel.Warning, "Mail {Intent} of kind {Kind} put off with status {Status}.")]
        public static partial void PutOff(ILogger logger, string intent, string kind, int status);

        [LoggerMessage(3, LogLevel.Warning, "The answer to mail {Intent} of kind {Kind} was lost; it may have been taken.")]
        public static partial void AnswerLost(ILogger logger, string intent, string kind);

        [LoggerMessage(4, LogLevel.Error, "Mail {Intent} of kind {Kind} refused with status {Status}; it is not tried again.")]
        public static partial void Refused(ILogger logger, string intent, string kind, int status);

        [LoggerMessage(5, LogLevel.Error, "The mail provider does not accept our key (status {Status}); no mail leaves until it does. Seen at mail {Intent}.")]
        public static partial void KeyRefused(ILogger logger, int status, string intent);
    }
}
