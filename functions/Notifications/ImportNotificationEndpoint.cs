using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;

namespace Plenary.Notifications;

public sealed class ImportNotificationEndpoint(ImportNotification import, Pages pages, Sessions sessions)
{
    [Function("ImportNotification")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "secretariat/notifications/new")] HttpRequest request, CancellationToken cancellation)
    {
        Caller caller = Caller.Of(request.HttpContext);
        if (!HttpMethods.IsPost(request.Method))
        {
            return await ShowAsync(caller, "", []);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        string text = form.Files.GetFile("file") is { Length: > 0 } file ? await ReadAsync(file, cancellation) : form["text"].ToString();
        Outcome<NotificationDraft> outcome = await import.RunAsync(text, caller, request.ReceivedAt(), cancellation);
        return outcome.TryGet(out NotificationDraft? draft)
            ? Results.Redirect($"/secretariat/notifications/{draft.Id}")
            : await ShowAsync(caller, text.Length > NotificationImport.MostBytes ? "" : text, outcome.Refusals);
    }

    /// <summary>UTF-8, or what a byte order mark says. Damage shows up as U+FFFD and is refused with its line by the reader.</summary>
    private static async Task<string> ReadAsync(IFormFile file, CancellationToken cancellation)
    {
        using StreamReader reader = new(file.OpenReadStream(), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return await reader.ReadToEndAsync(cancellation);
    }

    private Task<IResult> ShowAsync(Caller caller, string text, IReadOnlyList<Refusal> refusals) => pages.ShowAsync<ImportPage, ImportModel>(
        new ImportModel(caller, sessions.FormToken(caller), text, refusals), refusals.Count > 0 ? Answers.StatusOf(refusals) : 200);
}

public sealed record ImportModel(Caller Caller, string FormToken, string Text, IReadOnlyList<Refusal> Errors);
