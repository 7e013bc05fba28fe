using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared;
using Session = Plenary.Access.Session;

namespace Plenary.Nominations;

/// <summary>
/// The desk for programs. Authorised by <c>Authorization: Bearer</c> with a session from <c>/api/sessions</c> or the token of a personal
/// link, or by the cookie of a browser that opened the link. Every refusal is a problem document with all problems at once.
/// </summary>
public sealed class NominationApi(
    NominationTable table, DeskDoor door, Nominate nominate, SubmitNomination submit, WithdrawNomination withdraw, RankNominees rank, Answers answers)
{
    private const string Desk = "api/projects/{project}/economies/{economy}/nominations";

    [Function("OpenApiSession")]
    [OpenTo(Audience.Public)]
    public async Task<IResult> OpenSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/sessions")] HttpRequest request, CancellationToken cancellation)
    {
        (JsonMembers? members, IResult? unreadable) = await JsonMembers.ReadAsync(request, cancellation);
        if (members is null)
        {
            return unreadable ?? await answers.NotFoundAsync(request);
        }

        Session? session = await door.OpenAsync(members.Text("token"), cancellation);
        return session is null || request.ReceivedAt().UtcTicks >= session.ExpiresTicks
            ? await answers.LinkForbiddenAsync(request)
            : Answers.Ok(
                new
                {
                    session = door.Sign(session),
                    project = session.Project,
                    economy = session.Subject,
                    expiresAt = new DateTimeOffset(session.ExpiresTicks, TimeSpan.Zero),
                    nominations = $"/api/projects/{session.Project}/economies/{session.Subject}/nominations",
                },
                201);
    }

    [Function("ListNominations")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Desk)] HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        if (await door.FindForApiAsync(request, project, economy, cancellation) is not { } call || await FindAsync(call, cancellation) is not { } rows)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        Desk desk = rows.Desk;
        string[] order = [.. rows.Order];
        return Answers.Ok(new
        {
            project = desk.Project,
            title = desk.ProjectTitle,
            economy = desk.Economy,
            economyName = desk.EconomyName,
            closesAt = desk.ClosesAt,
            closing = ProjectCalendar.LastMoment(desk.ClosesAt, desk.Zone),
            nationalDate = desk.NationalDate,
            draftersCloseAt = desk.DraftersCloseAt,
            graceMinutes = desk.GraceMinutes,
            isOpen = desk.WhyClosed(call.ReceivedAt) is null,
            mostNominees = desk.MostNominees,
            eligibility = desk.Eligibility.Declared,
            nominations = order.Select(rows.Find).OfType<Nominee>()
                .Concat(rows.Nominees.Where(nominee => nominee.State == NomineeState.Withdrawn).OrderBy(nominee => nominee.WithdrawnAt))
                .Select(nominee => Show(rows, nominee)),
        });
    }

    [Function("ShowNomination")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Show(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Desk + "/{id}")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        if (await door.FindForApiAsync(request, project, economy, cancellation) is not { } call || await FindAsync(call, cancellation) is not { } rows)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        return rows.Find(id) is { } nominee ? Answers.Ok(Show(rows, nominee)) : await answers.RefuseAsync(request, SaveNomination.NotFound);
    }

    [Function("Nominate")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Create(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Desk)] HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        if (await door.FindForApiAsync(request, project, economy, cancellation) is not { } call)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        string key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length is 0 or > 100 || key.Any(character => character is < ' ' or > '~'))
        {
            return await answers.RefuseAsync(request, new Refusal(
                "idempotency-key-missing", "The header Idempotency-Key is missing, or not 1 to 100 printable ASCII characters.", "Idempotency-Key", "Send a key of your own for each nomination, and the same key when you repeat it."));
        }

        (JsonMembers? members, IResult? unreadable) = await JsonMembers.ReadAsync(request, cancellation);
        if (members is null)
        {
            return unreadable ?? await answers.NotFoundAsync(request);
        }

        Outcome<Receipt> outcome = await nominate.RunAsync(call, key, Typed(members), members.Text("rank"), cancellation);
        if (!outcome.TryGet(out Receipt? receipt))
        {
            return await answers.RefuseAsync(request, outcome.Refusals);
        }

        request.HttpContext.Response.Headers.Location = $"/api/projects/{call.Project}/economies/{call.Economy}/nominations/{receipt.Nominee.Id}";
        return Answers.Ok(Show(receipt), receipt.IsNew ? 201 : 200);
    }

    [Function("AmendNomination")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Amend(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = Desk + "/{id}")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        if (await door.FindForApiAsync(request, project, economy, cancellation) is not { } call)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        (JsonMembers? members, IResult? unreadable) = await JsonMembers.ReadAsync(request, cancellation);
        if (members is null)
        {
            return unreadable ?? await answers.NotFoundAsync(request);
        }

        Outcome<Receipt> outcome = await submit.AmendAsync(call, id, Typed(members), cancellation);
        return outcome.TryGet(out Receipt? receipt) ? Answers.Ok(Show(receipt)) : await answers.RefuseAsync(request, outcome.Refusals);
    }

    [Function("WithdrawNominationByApi")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Withdraw(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Desk + "/{id}")] HttpRequest request, string project, string economy, string id, CancellationToken cancellation)
    {
        if (await door.FindForApiAsync(request, project, economy, cancellation) is not { } call)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        Outcome<Nominee> outcome = await withdraw.RunAsync(call, id, cancellation);
        return outcome.TryGet(out Nominee? nominee)
            ? Answers.Ok(new { id = nominee.Id, reference = nominee.Reference, state = nominee.State, withdrawnAt = nominee.WithdrawnAt })
            : await answers.RefuseAsync(request, outcome.Refusals);
    }

    [Function("RankNomineesByApi")]
    [OpenTo(Audience.LinkHolder)]
    public async Task<IResult> Rank(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/projects/{project}/economies/{economy}/ranks")] HttpRequest request, string project, string economy, CancellationToken cancellation)
    {
        if (await door.FindForApiAsync(request, project, economy, cancellation) is not { } call)
        {
            return await answers.LinkForbiddenAsync(request);
        }

        (JsonMembers? members, IResult? unreadable) = await JsonMembers.ReadAsync(request, cancellation);
        if (members is null)
        {
            return unreadable ?? await answers.NotFoundAsync(request);
        }

        string[] wanted = members.Texts("order");
        Outcome<string[]> outcome = await rank.RunAsync(call, _ => wanted, cancellation);
        return outcome.TryGet(out string[]? order) ? Answers.Ok(new { order }) : await answers.RefuseAsync(request, outcome.Refusals);
    }

    private static TypedNominee Typed(JsonMembers members) => new()
    {
        Name = members.Text("name"),
        Email = members.Text("email"),
        Nationality = members.Text("nationality"),
        Gender = members.Text("gender"),
        Position = members.Text("position"),
        Organisation = members.Text("organisation"),
        Sector = members.Text("sector"),
        YearsOfExperience = members.Text("yearsOfExperience"),
        BirthDate = members.Text("birthDate"),
        Qualification = members.Text("qualification"),
        CourseCompleted = members.Text("courseCompleted"),
        TookPart = members.Text("tookPart"),
        Statement = members.Text("statement"),
        Wishes = members.Text("wishes"),
    };

    private static object Show(Receipt receipt) => new
    {
        id = receipt.Nominee.Id,
        reference = receipt.Nominee.Reference,
        state = receipt.Nominee.State,
        version = receipt.Nominee.Sent?.Version,
        receivedAt = receipt.Nominee.Sent?.At,
        contentHash = receipt.Nominee.Sent?.ContentHash,
        late = receipt.Nominee.Sent?.Late?.Words,
        closesAt = receipt.Desk.ClosesAt,
        closing = ProjectCalendar.LastMoment(receipt.Desk.ClosesAt, receipt.Desk.Zone),
        sent = receipt.Nominee.Sent?.Entry,
    };

    private static object Show(DeskRows rows, Nominee nominee) => new
    {
        id = nominee.Id,
        reference = nominee.Reference,
        state = nominee.State,
        rank = rows.RankOf(nominee.Id),
        version = nominee.Sent?.Version,
        receivedAt = nominee.Sent?.At,
        contentHash = nominee.Sent?.ContentHash,
        late = nominee.Sent?.Late?.Words,
        hasUnsent = rows.HasUnsent(nominee),
        endorsement = nominee.Endorsement is { } endorsement
            ? new { state = endorsement.State, askedAt = endorsement.AskedAt, dueAt = endorsement.DueAt, answeredAt = endorsement.AnsweredAt, reason = endorsement.Reason }
            : null,
        entry = nominee.Entry,
        sent = nominee.Sent?.Entry,
        documents = rows.DocumentsOf(nominee.Id).Select(document => new { document.Id, document.FileName, document.Format, document.Length, document.State, document.Kind, document.ExpiresOn }),
    };

    /// <summary>Null when the desk is not there, or the session is of an earlier generation.</summary>
    private async Task<DeskRows?> FindAsync(DeskCall call, CancellationToken cancellation) =>
        await table.FindAsync(call.Project, call.Economy, cancellation) is { } rows && rows.Desk.LetsIn(call.Session.Generation, call.ReceivedAt) ? rows : null;

    /// <summary>The members of a JSON object, whatever they are; those nobody asks for are ignored.</summary>
    private sealed class JsonMembers(JsonElement root)
    {
        /// <summary>Room for every field at its longest.</summary>
        private const int MostBytes = 256 * 1024;

        /// <summary>A text or number; anything else counts as not given.</summary>
        public string Text(string name) => !root.TryGetProperty(name, out JsonElement value) ? "" : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() ?? "",
            JsonValueKind.Number => value.GetRawText(),
            _ => "",
        };

        public string[] Texts(string name) => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Take(1000).Select(element => element.ValueKind == JsonValueKind.String ? element.GetString() ?? "" : "")]
            : [];

        public static async Task<(JsonMembers? Members, IResult? Unreadable)> ReadAsync(HttpRequest request, CancellationToken cancellation)
        {
            if (request.ContentType is { Length: > 0 } type && !type.Contains("json", StringComparison.OrdinalIgnoreCase))
            {
                return (null, Answers.Problem(415, [new Refusal("request-not-json", "The body must be JSON.", "Content-Type", "Send application/json.")]));
            }

            using MemoryStream body = new();
            byte[] buffer = new byte[16 * 1024];
            for (int read; (read = await request.Body.ReadAsync(buffer, cancellation)) > 0;)
            {
                body.Write(buffer, 0, read);
                if (body.Length > MostBytes)
                {
                    return (null, Answers.Problem(413, [new Refusal(
                        "request-too-large", string.Create(CultureInfo.InvariantCulture, $"The body is larger than {MostBytes / 1024} KB."), Remedy: "Shorten the texts.")]));
                }
            }

            body.Position = 0;
            try
            {
                using JsonDocument document = await JsonDocument.ParseAsync(body, new JsonDocumentOptions { MaxDepth = 16 }, cancellation);
                if (document.RootElement.ValueKind == JsonValueKind.Object)
                {
                    // Reading every text now shows halves of characters before any of them is used.
                    JsonElement root = document.RootElement.Clone();
                    foreach (JsonProperty property in root.EnumerateObject())
                    {
                        _ = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : null;
                    }

                    return (new JsonMembers(root), null);
                }
            }
            catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
            {
                // Said below: what exactly is wrong would quote what was sent.
            }

            return (null, Answers.Problem(400, [new Refusal("request-unreadable", "The body is not a JSON object in UTF-8.", Remedy: "Check how it is written.")]));
        }
    }
}
