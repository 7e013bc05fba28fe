using Plenary.Domain;

namespace Plenary.Notifications;

/// <summary>The public JSON of a project. Members are added, never renamed or removed.</summary>
public sealed record PublicProject(
    string Code,
    int Version,
    string State,
    string? Reference,
    string Title,
    DateOnly? IssuedOn,
    DateTimeOffset IssuedAt,
    DateOnly StartsOn,
    DateOnly EndsOn,
    IReadOnlyList<PublicEconomy> Hosts,
    IReadOnlyList<string> Venues,
    string Modality,
    IReadOnlyList<string> ImplementingOrganizations,
    bool AllMemberEconomies,
    IReadOnlyList<PublicEconomy> ParticipatingEconomies,
    IReadOnlyList<PublicEconomy> Except,
    int OverseasPlaces,
    int LocalPlaces,
    int? PerEconomyMaximum,
    DateOnly ClosingOn,
    string ClosingPolicy,
    DateTimeOffset ClosesAt,
    string? Remarks,
    IReadOnlyList<string> Objectives,
    string Rationale,
    string BackgroundHtml,
    IReadOnlyList<string> Topics,
    IReadOnlyList<string> Outcomes,
    string Qualifications,
    IReadOnlyList<DeclaredRule> Eligibility,
    IReadOnlyList<ProjectSession> Sessions,
    IReadOnlyList<PublicRevision> Revisions,
    PublicSelectionRule Selection)
{
    public static PublicProject From(ProjectView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        Project project = view.Project;
        ProjectNotification text = project.Notification;
        return new PublicProject(
            project.Code.ToString(),
            project.Version,
            project.State.ToString(),
            text.Reference,
            text.Title,
            text.IssuedOn,
            project.IssuedAt,
            text.StartsOn,
            text.EndsOn,
            Named(text.HostEconomies),
            text.Venues,
            text.Modality.AsWritten,
            text.ImplementingOrganizations,
            text.Participating.All,
            Named(text.Participating.Named),
            Named(text.Participating.Except),
            text.Overseas.Count,
            text.Local.Count,
            text.PerEconomyMaximum,
            text.ClosingOn,
            project.Settings.Closing.ToString(),
            project.ClosesAt,
            text.Remarks,
            text.Objectives,
            text.Rationale,
            text.BackgroundHtml,
            text.Topics,
            text.Outcomes,
            text.Qualifications,
            text.Eligibility.Declared,
            project.Sessions,
            [.. view.Versions.Select(version => new PublicRevision(version.Number, version.IssuedAt, version.Reason, version.Changes, version.Kinds))],
            PublicSelectionRule.Of(project));

        IReadOnlyList<PublicEconomy> Named(IReadOnlyList<string> ids) => [.. ids.Select(id => new PublicEconomy(id, view.NameOf(id)))];
    }
}

public sealed record PublicEconomy(string Id, string Name);

public sealed record PublicRevision(int Version, DateTimeOffset IssuedAt, string? Reason, IReadOnlyList<ClauseChange> Changes, IReadOnlyList<RevisionKind> Kinds);

/// <summary>What decides the selection, declared before nominations close.</summary>
/// <param name="Seed">Of the draw that orders economies within a round.</param>
/// <param name="UnusedPlaces">Where they may go, in words.</param>
/// <param name="Scored">What reviewers score with the weights, and what it decides, in words; null when nothing is scored.</param>
public sealed record PublicSelectionRule(
    string Version, string Seed, int? PerEconomyMaximum, int? PerEconomyMinimum, string UnusedPlaces, bool ChangedAfterClosing, string? Scored = null)
{
    public static PublicSelectionRule Of(Project project)
    {
        ArgumentNullException.ThrowIfNull(project);
        SelectionRules rules = SelectionRules.DeclaredBy(project);
        string unused = (rules.OverseasMayFlowToLocal, rules.LocalMayFlowToOverseas) switch
        {
            (true, true) => "Pass from either pool to the other",
            (true, false) => "Pass from overseas to local",
            (false, true) => "Pass from local to overseas",
            _ => "Stay empty",
        };
        ScoringPlan scoring = project.Settings.Scoring;
        return new PublicSelectionRule(
            rules.Version,
            rules.DrawSeed,
            rules.PerEconomyMaximum,
            rules.PerEconomyMinimum,
            unused,
            project.RulesChangedBy.Count > 0,
            scoring.IsOn ? $"{scoring.WritePhases()}. {WordsOf(scoring.Use)}" : null);
    }

    /// <summary>What scores decide, as a sentence.</summary>
    public static string WordsOf(ScoreUse use) => use switch
    {
        ScoreUse.WithinEconomy => "The score orders the nominees of an economy.",
        ScoreUse.WithinRound => "The score orders the economies within a round.",
        ScoreUse.WithinBoth => "The score orders the nominees of an economy and the economies within a round.",
        _ => "The score decides nothing by itself.",
    };
}
