using System.CommandLine;
using System.Globalization;
using Plenary.Domain;
using Plenary.Notifications;

namespace Plenary.Cli.Commands;

internal sealed record DraftLine(string Id, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary><c>notifications</c>: from a text to the immutable version of a project, and to the next ones: postponed, moved online, with another quota.</summary>
internal static class NotificationCommands
{
    public static Command Build(OperationSource source)
    {
        Argument<string> id = new("draft") { Description = "The draft's id, as import printed it." };
        return new Command("notifications", "Drafts of notifications: read in, corrected, issued as a project or as its next version.")
        {
            BuildDrafts(source), BuildImport(source), BuildCheck(source, id), BuildCorrect(source, id), BuildIssue(source, id),
        };
    }

    private static Command BuildDrafts(OperationSource source) =>
        source.Reads(new Command("drafts", "Lists the drafts that were not issued yet."), async (operation, cancellation) =>
        {
            IReadOnlyList<NotificationDraft> drafts = await operation.Get<DraftTable>().ListAsync(cancellation);
            await operation.Paper.ListAsync(
                drafts.Select(draft => new DraftLine(draft.Id, draft.CreatedAt, draft.CreatedBy)).ToAsyncEnumerable(),
                "No drafts.",
                new Column<DraftLine>("DRAFT", 32, line => line.Id),
                new Column<DraftLine>("CREATED", 20, line => $"{line.CreatedAt:u}"),
                new Column<DraftLine>("BY", 20, line => line.CreatedBy));
            return ExitCodes.Done;
        });

    private static Command BuildImport(OperationSource source)
    {
        Argument<FileInfo> file = new("file") { Description = "The notification's text, UTF-8." };
        return source.Writes(new Command("import", "Reads in a notification and keeps it as a draft.") { file }, async (operation, cancellation) =>
        {
            ImportNotification import = operation.Get<ImportNotification>();
            string text = await Operation.ReadAsync(operation.Value(file), cancellation);
            Outcome<NotificationDraft> outcome = await import.RunAsync(text, operation.Caller, operation.Now, cancellation);
            int problems = outcome.IsRefused ? 0 : (await import.ReadAsync(text, new Dictionary<string, string>(), cancellation)).Problems.Count;
            return await operation.AnswerAsync(
                outcome,
                draft => new { draft = draft.Id, problems },
                draft => $"{operation.Would("Kept", "keep")} draft {draft.Id}; {problems} problems. Look at plenary notifications check.");
        });
    }

    private static Command BuildCheck(OperationSource source, Argument<string> id)
    {
        Command check = new("check", "Shows what is understood of a draft, what it would change in the project, and all that would follow. Writes nothing.") { id };
        return source.Reads(check, async (operation, cancellation) =>
        {
            if (await operation.Get<DraftTable>().FindAsync(operation.Value(id), cancellation) is not { } draft)
            {
                return await operation.RefuseAsync(NotFound);
            }

            NotificationReading reading = await operation.Get<ImportNotification>().ReadAsync(draft.Text, draft.Corrections, cancellation);
            Outcome<PreparedVersion> outcome = await operation.Get<IssueNotification>().PrepareAsync(draft, operation.Caller, operation.Now, cancellation);
            outcome.TryGet(out PreparedVersion? prepared);
            IReadOnlyList<Refusal> refusals = prepared?.Refusals ?? outcome.Refusals;
            ConsequenceLines? consequences = prepared is null ? null : ConsequenceLines.Of(prepared.Consequences);
            await operation.Paper.TellAsync(
                new
                {
                    draft = draft.Id,
                    project = prepared?.Project.Code.ToString(),
                    version = prepared?.Project.Version,
                    unchanged = prepared?.IsSame,
                    refusals,
                    problems = reading.Problems,
                    fields = reading.Fields.Select(field => new { name = field.Field.Name, field.Raw, field.Understood, field.IsCorrected }),
                    choices = prepared is null ? null : ProjectChoices.Write(prepared.Project),
                    changes = prepared?.Version.Changes,
                    consequences,
                },
                text =>
                {
                    text.WriteLine(prepared is null ? $"Draft {draft.Id} cannot be issued yet." : $"Draft {draft.Id} would be version {prepared.Project.Version} of {prepared.Project.Code}.{(prepared.IsSame ? " Nothing differs from the version before." : "")}");
                    foreach (Refusal refusal in refusals)
                    {
                        text.WriteLine($"  Refused ({refusal.Code}){(refusal.Field is { } field ? $" {field}" : "")}: {refusal.Reason} {refusal.Remedy}".TrimEnd());
                    }

                    foreach (ClauseChange change in prepared?.Version.Changes ?? [])
                    {
                        text.WriteLine($"  {change.Clause}: {change.Before} -> {change.After}");
                    }

                    text.WriteLine(consequences?.Words.TrimStart('\n'));
                });
            return refusals.Count == 0 ? ExitCodes.Done : ExitCodes.Findings;
        });
    }

    private static Command BuildCorrect(OperationSource source, Argument<string> id)
    {
        Option<string[]> fields = new("--field") { Description = "A field of the notification in the place of what was read, by the name that check prints; may be given several times.", HelpName = "name=text" };
        Option<string[]> choices = new("--choice") { Description = $"What the project shall do, one of: {string.Join(", ", ProjectChoices.Defaults.Keys)}; may be given several times.", HelpName = "name=value" };
        return source.Writes(new Command("correct", "Corrects fields of a draft, or chooses for its project.") { id, fields, choices }, async (operation, cancellation) =>
        {
            DraftTable drafts = operation.Get<DraftTable>();
            if (await drafts.FindAsync(operation.Value(id), cancellation) is not { } draft)
            {
                return await operation.RefuseAsync(NotFound);
            }

            NotificationDraft corrected = draft with
            {
                Corrections = With(draft.Corrections, operation.Value(fields), [.. NotificationFields.All.Select(field => field.Name)]),
                Settings = With(draft.Settings, operation.Value(choices), ProjectChoices.Defaults.Keys),
            };
            await drafts.SaveAsync(corrected, cancellation);
            return await operation.AnswerAsync<NotificationDraft>(
                corrected,
                saved => new { draft = saved.Id, corrections = saved.Corrections.Count, choices = saved.Settings.Count },
                saved => string.Create(CultureInfo.InvariantCulture, $"{operation.Would("Saved", "save")} draft {saved.Id}: {saved.Corrections.Count} corrections, {saved.Settings.Count} choices."));
        });
    }

    private static Command BuildIssue(OperationSource source, Argument<string> id)
    {
        Option<bool> revision = new("--revision") { Description = "The code is in use, and this is its next version." };
        Option<string?> seen = new("--consequences") { Description = "The name that check gave the consequences: issues only while they are still those.", HelpName = "name" };
        Command issue = new("issue", "Makes a draft the immutable version of a project. A revision informs exactly those whom check lists.") { id, revision, seen };
        return source.Writes(issue, async (operation, cancellation) => await operation.AnswerAsync(
            await operation.Get<IssueNotification>().RunAsync(
                operation.Value(id), operation.Value(revision), operation.Caller, operation.Now, cancellation, operation.Value(seen)),
            project => new { project = project.Code.ToString(), version = project.Version, state = project.State, closesAt = project.ClosesAt },
            project => $"{operation.Would("Issued", "issue")} version {project.Version} of {project.Code}; nominations close {project.ClosesAt:u}."));
    }

    private static Refusal NotFound => new("draft-not-found", "There is no such draft.", Remedy: "Look at plenary notifications drafts.");

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> before, string[]? given, IEnumerable<string> known)
    {
        Dictionary<string, string> after = new(before);
        foreach (string pair in given ?? [])
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? pair : pair[..equals];
            if (equals < 0 || !known.Contains(name))
            {
                throw new UsageException($"{pair} does not set anything; known are {string.Join(", ", known)}, each as name=text.");
            }

            after[name] = pair[(equals + 1)..];
        }

        return after;
    }
}
