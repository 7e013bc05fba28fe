namespace Plenary.Mail;

/// <summary>Which slice writes which kind of mail.</summary>
public sealed class MailComposers
{
    private readonly Dictionary<string, IComposeMail> byKind = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">Two slices claim the same kind.</exception>
    public MailComposers(IEnumerable<IComposeMail> composers)
    {
        ArgumentNullException.ThrowIfNull(composers);
        foreach (IComposeMail composer in composers)
        {
            foreach (string kind in composer.Kinds)
            {
                byKind.Add(kind, composer);
            }
        }
    }

    /// <exception cref="InvalidOperationException">Nobody writes such mails: a fault in this version, so the message belongs to the dead letters.</exception>
    public IComposeMail For(string kind) =>
        byKind.TryGetValue(kind, out IComposeMail? composer) ? composer : throw new InvalidOperationException($"Nobody composes mails of kind {kind}.");
}
