using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Plenary.Infra.Tables;

namespace Plenary.Access;

/// <summary>What a personal link opens, and nothing else.</summary>
public enum LinkPurpose
{
    /// <summary>The desk of one economy in one project; subject is the economy id.</summary>
    Desk,

    /// <summary>An offer of a place; subject is <c>{economy}/{nominationId}</c>.</summary>
    Offer,

    /// <summary>One answer to a survey; subject is <c>{economy}/{nominationId}</c>.</summary>
    Survey,

    /// <summary>The endorsement of a nomination; subject is <c>{economy}/{nominationId}</c>.</summary>
    Endorsement,

    /// <summary>One draft, for the nominee or agency that fills it in; subject is <c>{economy}/{nominationId}</c>, the generation is the desk's.</summary>
    Draft,

    /// <summary>The nominees that one reviewer scores; subject is the reviewer's id.</summary>
    Review,
}

/// <summary>A stored link. Only the hash of its token is kept.</summary>
/// <param name="Generation">The link dies when its record moves to a later generation (hand-over, new offer).</param>
/// <param name="ExpiresAt">The instant itself is already too late.</param>
/// <param name="Number">Which of several askings it was sent with, where its record can take one back alone; 0 otherwise.</param>
public sealed record Link(LinkPurpose Purpose, string Project, string Subject, int Generation, DateTimeOffset ExpiresAt, int Number = 0);

/// <summary>Makes personal links.</summary>
public interface ILinks
{
    /// <summary>A fresh token of 256 random bits; earlier ones for the record stay good until they expire or the generation moves on.</summary>
    /// <returns>The whole address to put into a mail.</returns>
    Task<string> MintAsync(Link link, CancellationToken cancellation);

    /// <summary>Null when the token is unknown; expiry is for the caller to compare.</summary>
    Task<Link?> FindAsync(string token, CancellationToken cancellation);
}

/// <inheritdoc />
public sealed class Links(ITables tables, IOptions<AccessOptions> options) : ILinks
{
    public const string Table = "Links";

    private readonly string baseUrl = options.Value.BaseUrl.TrimEnd('/');

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Spread over 256 partitions by the hash's first byte.</summary>
    public static RowKey KeyOf(string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return new RowKey(hash[..2], hash);
    }

    public async Task<string> MintAsync(Link link, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(link);
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        Row row = Row.Of(KeyOf(Hash(token)), link, ("Purpose", link.Purpose.ToString()), ("Project", link.Project));
        CommitResult result = await tables.Get(Table).CommitAsync(new Batch(row.Key.Partition).Insert(row), cancellation);
        return result.IsDone
            ? $"{baseUrl}/l/{token}"
            : throw new InvalidOperationException("Two tokens of 256 random bits were equal.");
    }

    public async Task<Link?> FindAsync(string token, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(token);
        Row? row = await tables.Get(Table).FindAsync(KeyOf(Hash(token)), cancellation);
        return row?.Body<Link>();
    }
}
