using System.Security.Cryptography;
using System.Text;
using Plenary.Infra.Outbox;
using Plenary.Shared;

namespace Plenary.Mail;

/// <summary>
/// The intent to write to one person about one thing once. Its id follows from what it says, so owing it twice is owing it once.
/// </summary>
/// <param name="Project">Project code.</param>
/// <param name="Kind">Lower-case words with dashes, such as <c>nomination-receipt</c>; whoever registered for it composes it.</param>
/// <param name="Person">Whom, by id: <c>officer:{economy}</c>, <c>nominee:{economy}/{nominationId}</c>, <c>secretariat</c>.</param>
/// <param name="Subject">The record it is about, by id.</param>
/// <param name="Version">Which state of that record, or which step of a ladder: a later one is another mail.</param>
public sealed record MailOwed(string Project, string Kind, string Person, string Subject, string Version)
{
    /// <summary>32 hexadecimal characters.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Id => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Project, Kind, Person, Subject, Version))).AsSpan(0, 16));

    /// <summary>For the outbox of the decision that causes it.</summary>
    public Owed ToOwed(DateTimeOffset? dueAt = null) => new(Queues.SendMail, $"mail-{Id}", Envelope.Write(this), dueAt);
}
