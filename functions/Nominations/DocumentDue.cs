namespace Plenary.Nominations;

/// <summary>Whatever was begun with a document must be over: a file without a row goes, a file whose check broke off is checked.</summary>
public sealed record DocumentDue(string Project, string Economy, string Nominee, string Document)
{
    /// <summary>For the outbox of an upload, before the first byte, and of a removal.</summary>
    /// <param name="at">Later than any upload takes; null for now.</param>
    public Infra.Outbox.Owed ToOwed(DateTimeOffset? at = null) => new(
        Shared.Queues.SettleDocument,
        $"document-{Infra.Tables.Keys.Escape(Document)}{(at is null ? "-gone" : "")}",
        Shared.Envelope.Write(this),
        at);
}
