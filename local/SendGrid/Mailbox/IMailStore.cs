namespace Plenary.Local;

/// <summary>Which mails to list. Every condition that is null or empty holds for all.</summary>
/// <param name="To">A part of a recipient's address, in any case.</param>
/// <param name="Kind">The whole kind.</param>
/// <param name="Since">Received at this instant or later.</param>
/// <param name="Page">From 1.</param>
internal sealed record MailQuery(string? To, string? Kind, DateTimeOffset? Since, int Page, int Size);

/// <param name="More">Whether another page follows.</param>
internal sealed record MailPage(IReadOnlyList<KeptMail> Mails, int Page, bool More);

/// <summary>Where accepted mails lie.</summary>
internal interface IMailStore
{
    Task AddAsync(KeptMail mail, CancellationToken cancellation);

    Task<KeptMail?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    Task<MailPage> ListAsync(MailQuery query, CancellationToken cancellation);

    Task<IReadOnlyDictionary<string, int>> CountByKindAsync(CancellationToken cancellation);

    /// <summary>Remembers the event with the mail; <paramref name="state"/> replaces the mail's unless null.</summary>
    Task RecordAsync(string id, PostedEvent posted, string? state, CancellationToken cancellation);

    Task ClearAsync(CancellationToken cancellation);

    /// <summary>The webhook's private key: the one kept, or else <paramref name="fresh"/>, kept from now on.</summary>
    Task<byte[]> KeepKeyAsync(byte[] fresh, CancellationToken cancellation);
}
