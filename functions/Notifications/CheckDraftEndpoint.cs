using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Notifications;

/// <summary>The page on which a draft is checked and corrected field by field; its other button issues it.</summary>
public sealed class CheckDraftEndpoint(DraftTable drafts, ImportNotification import, IssueNotification issue, Pages pages, Sessions sessions, Answers answers)
{
    [Function("CheckDraft")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "secretariat/notifications/{id:length(32)}")] HttpRequest request, string id, CancellationToken cancellation)
    {
        Caller caller = Caller.Of(request.HttpContext);
        if (await drafts.FindAsync(id, cancellation) is not { } draft)
        {
            return await answers.NotFoundAsync(request);
        }

        if (HttpMethods.IsPost(request.Method))
        {
            draft = DraftForm.Apply(draft, await request.ReadFormAsync(cancellation));
            await drafts.SaveAsync(draft, cancellation);
            return Results.Redirect($"/secretariat/notifications/{id}");
        }

        return await ShowAsync(draft, caller, request.ReceivedAt(), [], 200, cancellation);
    }

    internal async Task<IResult> ShowAsync(NotificationDraft draft, Caller caller, DateTimeOffset now, IReadOnlyList<Refusal> refusals, int status, CancellationToken cancellation)
    {
        NotificationReading reading = await import.ReadAsync(draft.Text, draft.Corrections, cancellation);
        (await issue.PrepareAsync(draft, caller, now, cancellation)).TryGet(out PreparedVersion? prepared);
        Dictionary<string, string> settings = new(prepared?.Before is { } issued ? ProjectChoices.Write(issued) : ProjectChoices.Defaults);
        foreach ((string name, string value) in draft.Settings)
        {
            settings[name] = value;
        }

        List<Refusal> all = [.. refusals];
        if (all.Count == 0)
        {
            all.AddRange(reading.Problems.Select(problem => problem.Line is { } line
                ? problem.Refusal with { Reason = $"Line {line}: {problem.Refusal.Reason}" }
                : problem.Refusal));
        }

        return await pages.ShowAsync<DraftPage, DraftModel>(
            new DraftModel(caller, sessions.FormToken(caller), draft, reading, settings, prepared, all), status);
    }
}

/// <summary>Takes an officer's corrections and choices from a posted form.</summary>
public static class DraftForm
{
    public static NotificationDraft Apply(NotificationDraft draft, IFormCollection form)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(form);
        Dictionary<string, string> corrections = new(draft.Corrections);
        foreach (NotificationField field in NotificationFields.All)
        {
            // Only what differs from what was shown is a correction; the rest stays the notification's own text.
            if (form.TryGetValue(field.Name, out var given) && form.TryGetValue($"shown-{field.Name}", out var shown) &&
                Normal(given.ToString()) != Normal(shown.ToString()))
            {
                corrections[field.Name] = given.ToString();
            }
        }

        Dictionary<string, string> settings = new(draft.Settings);
        foreach (string name in ProjectChoices.Defaults.Keys)
        {
            if (form.TryGetValue(name, out var value))
            {
                settings[name] = value.ToString();
            }
        }

        return draft with { Corrections = corrections, Settings = settings };
    }

    private static string Normal(string text) => text.ReplaceLineEndings("\n").Trim();
}

public sealed record DraftModel(
    Caller Caller,
    string FormToken,
    NotificationDraft Draft,
    NotificationReading Reading,
    IReadOnlyDictionary<string, string> Settings,
    PreparedVersion? Prepared,
    IReadOnlyList<Refusal> Errors)
{
    /// <summary>The version that a revision would follow.</summary>
    public Project? Issued => Prepared?.Before;
}
