using Plenary.Domain;
using Plenary.Infra.Tables;

namespace Plenary.Nominations;

/// <summary>Where the files lie. Names are made of our own ids; what a file was called is text in its row.</summary>
public static class DocumentStore
{
    public const string Container = "documents";

    public static string BlobName(ProjectCode project, string economy, NomineeDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return BlobName(project, economy, document.NomineeId, document.Id);
    }

    public static string BlobName(ProjectCode project, string economy, string nominee, string document) =>
        $"{project}/{Keys.Escape(economy)}/{Keys.Escape(nominee)}/{Keys.Escape(document)}";
}
