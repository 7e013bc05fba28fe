using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications.Import;

namespace Plenary.Notifications;

/// <summary>Takes in the text of a notification and keeps it as a draft to be checked field by field.</summary>
public sealed class ImportNotification(DraftTable drafts, IRegistry registry)
{
    /// <summary>Refused only when the text cannot be read at all; everything else is shown and corrected on the draft's page.</summary>
    public async Task<Outcome<NotificationDraft>> RunAsync(string text, Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        NotificationReading reading = await ReadAsync(text, new Dictionary<string, string>(), cancellation);
        Refusal[] whole = [.. reading.Problems.Select(problem => problem.Refusal).Where(IsAboutTheWhole)];
        if (whole.Length > 0)
        {
            return Outcome<NotificationDraft>.Refused([.. whole.Select(refusal => refusal with { Field = "text" })]);
        }

        NotificationDraft draft = new(
            Guid.NewGuid().ToString("N"), text, new Dictionary<string, string>(), new Dictionary<string, string>(), now, caller.Actor);
        await drafts.SaveAsync(draft, cancellation);
        return draft;
    }

    /// <summary>What is understood of a draft at this moment.</summary>
    public async Task<NotificationReading> ReadAsync(string text, IReadOnlyDictionary<string, string> corrections, CancellationToken cancellation)
    {
        IReadOnlyList<RegistryEntry> entries = await registry.ListAsync(cancellation);
        NotificationReading reading = NotificationImport.Read(text, [.. entries.Select(entry => entry.Economy)], HtmlCleaner.Clean);
        return corrections.Count == 0 ? reading : reading.WithCorrections(corrections);
    }

    private static bool IsAboutTheWhole(Refusal refusal) => refusal.Code is
        "notification-too-large" or "notification-not-text" or "notification-empty" or "notification-too-long";
}
