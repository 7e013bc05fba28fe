using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Plenary.Infra.Bus;
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

    /// <summary>The economy whose desk it concerns; null for those of the secretariat and of reviewers.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Economy => Person.Split(':', '/') is [not "reviewer", { Length: > 0 } economy, ..] ? economy : null;

    /// <summary>For the outbox of the decision that causes it.</summary>
    public Owed ToOwed(DateTimeOffset? dueAt = null) => new(Queues.SendMail, $"mail-{Id}", Envelope.Write(this), dueAt);
}

/// <summary>Some mails of one kind in one project that are owed together, such as those of a reminder: one message, one claim, shared reading.</summary>
public sealed record MailsOwed(IReadOnlyList<MailOwed> Mails)
{
    /// <summary>They are claimed together and leave one after another, so a process that dies leaves as many in doubt.</summary>
    public const int Most = 10;

    /// <summary>For the bus, in order; the same mails make the same messages. One by itself is a <see cref="MailOwed"/>.</summary>
    public static IReadOnlyList<BusMessage> ToMessages(IEnumerable<MailOwed> mails) =>
    [
        .. mails.DistinctBy(mail => mail.Id)
            .GroupBy(mail => (mail.Project, mail.Kind))
            .SelectMany(alike => alike.Chunk(Most))
            .Select(some => some is [{ } only]
                ? new BusMessage($"mail-{only.Id}", Envelope.Write(only))
                : new BusMessage($"mails-{IdOf(some)}", Envelope.Write(new MailsOwed(some)))),
    ];

    /// <summary>What a message of the queue owes: one or some.</summary>
    /// <exception cref="JsonException">Neither, or a version this code does not know.</exception>
    public static IReadOnlyList<MailOwed> Read(string body) =>
        !Envelope.IsOf<MailsOwed>(body) ? [Envelope.Read<MailOwed>(body)]
        : Envelope.Read<MailsOwed>(body) is { Mails: { Count: > 0 } mails } ? mails
        : throw new JsonException("No mail is owed.");

    private static string IdOf(IEnumerable<MailOwed> mails) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', mails.Select(mail => mail.Id)))).AsSpan(0, 16));
}
