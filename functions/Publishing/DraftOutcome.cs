using Plenary.Access;
using Plenary.Domain;
using Plenary.Surveys;

namespace Plenary.Publishing;

/// <summary>The news of a project: as it was published, or else as it can be written from the figures.</summary>
public sealed class DraftOutcome(CountFigures count, ISurveys surveys, IRegistry registry, OutcomeTable outcomes)
{
    public async Task<(string Headline, string Text)> RunAsync(Project project, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        if (await outcomes.FindAsync(project.Code, cancellation) is { } published)
        {
            return (published.Headline, string.Join("\n\n", published.Paragraphs));
        }

        ProjectNotification text = project.Notification;
        SurveyResults? results = await surveys.FindResultsAsync(project.Code, cancellation);
        IReadOnlyList<RegistryEntry> entries = await registry.ListAsync(cancellation);
        string host = string.Join(" and ", text.HostEconomies.Select(id => entries.FirstOrDefault(entry => entry.Economy.Id == id)?.Economy.Name ?? id));
        NewsDraft draft = NewsDraft.Compose(
            new NewsFacts(
                text.Title,
                text.Title.Contains("workshop", StringComparison.OrdinalIgnoreCase) ? "workshop" : "project",
                text.StartsOn,
                text.EndsOn,
                text.Modality.Kind == ModalityKind.Online ? "online" : text.Venues.Count > 0 ? $"in {string.Join(" and ", text.Venues)}" : $"in {host}",
                text.ImplementingOrganizations,
                [],
                [.. text.Topics.Select(topic => topic.Length > 1 && char.IsUpper(topic[0]) && !char.IsUpper(topic[1]) ? char.ToLowerInvariant(topic[0]) + topic[1..] : topic)],
                results?.Rated.FirstOrDefault(rated => rated is { IsSuppressed: false, Question.Id: "overall" })?.Mean),
            await count.RunAsync(project, cancellation));
        return (draft.Headline, string.Join("\n\n", draft.Paragraphs));
    }
}
