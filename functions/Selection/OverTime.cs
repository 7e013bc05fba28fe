using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Selection;

/// <summary>Nominations over time beside earlier projects, with what is to be expected at the closing.</summary>
public sealed class OverTimeEndpoint(IProjects projects, INominations nominations, Pages pages, Answers answers)
{
    /// <summary>Of the projects that closed before, so many of the latest are read.</summary>
    private const int MostEarlier = 10;

    [Function("ShowOverTime")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "secretariat/projects/{code}/over-time")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        DateTimeOffset now = request.ReceivedAt();
        Project[] before = [.. (await projects.ListAsync(cancellation))
            .Where(one => one.Code != parsed && one.ClosesAt < project.ClosesAt && one.ClosesAt <= now && one.State != ProjectState.Cancelled).Take(MostEarlier)];
        List<NominationTimes> earlier = [];
        foreach (Project one in before)
        {
            earlier.Add(await ReadAsync(one, cancellation));
        }

        NominationTimes times = await ReadAsync(project, cancellation);
        return await pages.ShowAsync<OverTimePage, OverTimeModel>(new OverTimeModel(
            Caller.Of(request.HttpContext), project, times.SubmittedAt.Count, earlier.Count(one => one.SubmittedAt.Count > 0), FillForecast.Of(times, earlier, now)));
    }

    private async Task<NominationTimes> ReadAsync(Project project, CancellationToken cancellation)
    {
        List<DateTimeOffset> submitted = [];
        await foreach (Nomination nomination in nominations.ListSubmittedAsync(project.Code, cancellation))
        {
            submitted.Add(nomination.FirstSubmittedAt);
        }

        return new NominationTimes(project.ClosesAt, Math.Max(1, project.Notification.Overseas.Count + project.Notification.Local.Count), submitted);
    }
}

/// <param name="Earlier">How many earlier projects are compared with.</param>
public sealed record OverTimeModel(Caller Caller, Project Project, int Submitted, int Earlier, FillForecast Forecast);
