namespace Plenary.Mail;

/// <summary>Kinds of mail as people read them.</summary>
public static class MailWords
{
    /// <summary>Such as <c>Offer made</c> for <c>offer-made</c>.</summary>
    public static string Of(string kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        return $"{char.ToUpperInvariant(kind[0])}{kind[1..].Replace('-', ' ')}";
    }
}
