namespace Plenary.Mail;

/// <summary>
/// A slice's mails. Composing happens at the moment of sending, from the state of that moment: whoever has acted in the
/// meantime is not written to.
/// </summary>
public interface IComposeMail
{
    IReadOnlyCollection<string> Kinds { get; }

    /// <summary>The mail, or why it is no longer owed.</summary>
    Task<Composition> ComposeAsync(MailOwed owed, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The same for some mails of one kind in one project, in their order; a composer whose mails come in crowds reads once for all of them.</summary>
    async Task<IReadOnlyList<Composition>> ComposeAllAsync(IReadOnlyList<MailOwed> owed, DateTimeOffset now, CancellationToken cancellation) =>
        await Task.WhenAll(owed.Select(mail => ComposeAsync(mail, now, cancellation)));
}

/// <summary>Either <paramref name="Draft"/>, or <paramref name="NotOwed"/> as a code for the ledger, such as <c>already-answered</c>.</summary>
public sealed record Composition(MailDraft? Draft, string? NotOwed)
{
    public static Composition Skip(string code) => new(null, code);

    public static implicit operator Composition(MailDraft draft) => new(draft, null);
}

/// <summary>A mail in words, before it becomes text and HTML.</summary>
/// <param name="Language">IETF tag of what is written, not of what was asked for.</param>
public sealed record MailDraft(string ToAddress, string ToName, string Language, string Subject, MailBody Body)
{
    public IReadOnlyList<Infra.Mail.MailAttachment> Attachments { get; init; } = [];
}
