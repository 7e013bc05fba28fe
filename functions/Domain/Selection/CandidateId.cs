namespace Plenary.Domain;

/// <summary>A nominee as selection, links and mails name it: <c>{economy}/{nominationId}</c>. Part of stored keys and of addresses, so its form never changes.</summary>
public static class CandidateId
{
    public static string Of(string economy, string nominationId) => $"{economy}/{nominationId}";

    /// <exception cref="FormatException">The text was not written by <see cref="Of"/>.</exception>
    public static (string Economy, string NominationId) Read(string candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        int slash = candidate.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? (candidate[..slash], candidate[(slash + 1)..]) : throw new FormatException("A candidate is an economy and a nomination.");
    }
}
