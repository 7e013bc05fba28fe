using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Attendance;

/// <summary>The page on which presence is ticked or uploaded, and certificates are issued.</summary>
public sealed class AttendanceEndpoint(
    IProjects projects, AttendanceTable attendance, ReadPresence readPresence, RecordAttendance record, IssueCertificates issue, IRegistry registry, Pages pages, Sessions sessions, Answers answers)
{
    [Function("RecordAttendance")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = "secretariat/projects/{code}/attendance")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        Caller caller = Caller.Of(request.HttpContext);
        if (!HttpMethods.IsPost(request.Method))
        {
            return await ShowAsync(project, caller, [], request.ReceivedAt(), cancellation);
        }

        IFormCollection form = await request.ReadFormAsync(cancellation);
        Outcome<IReadOnlyDictionary<string, IReadOnlyDictionary<int, bool>>> read = form.Files.GetFile("file") is { Length: > 0 } file
            ? await readPresence.RunAsync(project, await TextOfAsync(file, cancellation), cancellation)
            : Outcome(ReadTicks(project, form));
        if (!read.TryGet(out IReadOnlyDictionary<string, IReadOnlyDictionary<int, bool>>? presence))
        {
            return await ShowAsync(project, caller, read.Refusals, request.ReceivedAt(), cancellation);
        }

        Outcome<int> outcome = await record.RunAsync(project, presence, caller, request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _)
            ? Results.Redirect($"/secretariat/projects/{parsed}/attendance")
            : await ShowAsync(project, caller, outcome.Refusals, request.ReceivedAt(), cancellation);
    }

    [Function("IssueCertificates")]
    [OpenTo(Audience.Secretariat)]
    public async Task<IResult> RunIssue(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "secretariat/projects/{code}/certificates")] HttpRequest request, string code, CancellationToken cancellation)
    {
        if (!ProjectCode.TryParse(code, out ProjectCode parsed) || await projects.FindAsync(parsed, cancellation) is not { } project)
        {
            return await answers.NotFoundAsync(request);
        }

        Caller caller = Caller.Of(request.HttpContext);
        Outcome<int> outcome = await issue.RunAsync(project, caller, request.ReceivedAt(), cancellation);
        return outcome.TryGet(out _)
            ? Results.Redirect($"/secretariat/projects/{parsed}/attendance")
            : await ShowAsync(project, caller, outcome.Refusals, request.ReceivedAt(), cancellation);
    }

    private static async Task<string> TextOfAsync(IFormFile file, CancellationToken cancellation)
    {
        using StreamReader reader = new(file.OpenReadStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }

    private static Outcome<IReadOnlyDictionary<string, IReadOnlyDictionary<int, bool>>> Outcome(Dictionary<string, IReadOnlyDictionary<int, bool>> presence) => presence;

    /// <summary>The page lists its people in hidden fields, so that an unticked box means absent and a person it did not list stays as recorded.</summary>
    private static Dictionary<string, IReadOnlyDictionary<int, bool>> ReadTicks(Project project, IFormCollection form)
    {
        HashSet<string> ticked = [.. form["present"].OfType<string>()];
        return form["listed"].OfType<string>().Distinct().ToDictionary(
            candidate => candidate,
            IReadOnlyDictionary<int, bool> (candidate) => project.Sessions.ToDictionary(session => session.Number, session => ticked.Contains($"{session.Number}:{candidate}")));
    }

    private async Task<IResult> ShowAsync(Project project, Caller caller, IReadOnlyList<Refusal> refusals, DateTimeOffset now, CancellationToken cancellation)
    {
        IReadOnlyList<CertificateLine> lines = await issue.JudgeAsync(project, cancellation);
        Dictionary<string, PresenceRecord> presence = (await attendance.ListPresenceAsync(project.Code, cancellation))
            .ToDictionary(pair => pair.Key, pair => pair.Value.Body<PresenceRecord>());
        Dictionary<string, string> economyNames = (await registry.ListAsync(cancellation)).ToDictionary(entry => entry.Economy.Id, entry => entry.Economy.Name);
        return await pages.ShowAsync<AttendancePage, AttendanceModel>(
            new AttendanceModel(caller, sessions.FormToken(caller), project, lines, presence, economyNames, now, refusals), refusals.Count > 0 ? Answers.StatusOf(refusals) : 200);
    }
}

public sealed record AttendanceModel(
    Caller Caller,
    string FormToken,
    Project Project,
    IReadOnlyList<CertificateLine> Lines,
    IReadOnlyDictionary<string, PresenceRecord> Presence,
    IReadOnlyDictionary<string, string> EconomyNames,
    DateTimeOffset Now,
    IReadOnlyList<Refusal> Errors);

/// <summary>A certificate that prints to one page, and that anybody with its number can check.</summary>
public sealed class CheckCertificateEndpoint(CertificateTable certificates, Pages pages, Answers answers, IOptions<AccessOptions> access)
{
    [Function("CheckCertificate")]
    [OpenTo(Audience.Public)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "certificates/{number}")] HttpRequest request, string number, CancellationToken cancellation)
    {
        Outcome<CertificateNumber> parsed = CertificateNumber.Parse(number);
        if (!parsed.TryGet(out CertificateNumber? checkedNumber))
        {
            return await answers.RefuseAsync(request, parsed.Refusals);
        }

        return await certificates.FindAsync(checkedNumber.Text, cancellation) is { } certificate
            ? await pages.ShowAsync<CertificatePage, CertificateModel>(
                new CertificateModel(certificate, $"{access.Value.BaseUrl.TrimEnd('/')}/certificates/{certificate.Number}"))
            : await answers.RefuseAsync(request, new Refusal("certificate-not-found", "No certificate has this number.", Remedy: "Compare it with the certificate, character by character."));
    }
}

public sealed record CertificateModel(Certificate Certificate, string Address);
