using Plenary.Domain;

namespace Plenary.Cli.Backups;

/// <summary>A file of the backup.</summary>
/// <param name="Lines">Rows, messages or files listed in it.</param>
internal sealed record BackupFile(string Name, long Bytes, string Sha256, long Lines);

/// <summary>One project, or what is shared by all.</summary>
/// <param name="Round">In whose files its rows stand; those of earlier rounds are void.</param>
/// <param name="IsConsistent">All of its rows stood as they are here at one and the same instant.</param>
internal sealed record BackupUnit(string Name, int Round, long Rows, bool IsConsistent);

/// <summary>
/// What a backup holds. Written last: where it lies, the backup is whole. Rows lie under <c>rows/{round}/{table}.jsonl.gz</c>, messages under
/// <c>messages/{round}.jsonl.gz</c>, files under <c>blobs/{container}/{name}</c> with <c>blobs.jsonl.gz</c> as their list.
/// </summary>
/// <param name="Version">Of this format; a reader takes no other.</param>
/// <param name="Project">Null for everything.</param>
internal sealed record Manifest(
    string Format,
    int Version,
    string? Project,
    DateTimeOffset BegunAt,
    DateTimeOffset EndedAt,
    IReadOnlyList<string> Tables,
    IReadOnlyList<string> Containers,
    IReadOnlyList<BackupUnit> Units,
    IReadOnlyList<BackupFile> Files,
    long Messages,
    long Blobs)
{
    public const string FileName = "manifest.json";
    public const string BlobList = "blobs.jsonl.gz";
    public const string FormatName = "plenary-backup";
    public const int FormatVersion = 1;

    public static string RowsOf(int round, string table) => $"rows/{round}/{table}.jsonl.gz";

    public static string MessagesOf(int round) => $"messages/{round}.jsonl.gz";

    public static string BlobOf(string container, string name) => $"blobs/{container}/{name}";

    /// <summary>Null for one that this code can read.</summary>
    public Refusal? WhyNot() => this is { Format: FormatName, Version: FormatVersion }
        ? null
        : new Refusal("backup-unknown", $"This is {Format} in version {Version}; only {FormatName} in version {FormatVersion} can be read here.", Remedy: "Use the release that wrote it.");
}

/// <summary>A file as the list of files names it.</summary>
internal sealed record BackedUpBlob(string Container, string Name, long Length, string ContentType, IReadOnlyDictionary<string, string> Metadata, string Sha256);

/// <summary>A message that lay in a queue.</summary>
/// <param name="IsDead">It lay among the dead letters.</param>
internal sealed record BackedUpMessage(string Unit, string Queue, string Id, string Body, DateTimeOffset? NotBefore, bool IsDead, string? Reason);
