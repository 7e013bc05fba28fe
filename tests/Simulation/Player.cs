using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Bus;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Simulation;

/// <summary>What a client was answered.</summary>
/// <param name="Answer">Null when every connection broke.</param>
/// <param name="ChangesBefore">How many changes had gone in when it was sent.</param>
/// <param name="Statement">What it said of the nominee, where it did.</param>
internal sealed record Told(Step Step, string Kind, string Economy, string Key, HttpAnswer? Answer, int ChangesBefore, int ChangesAfter, string Statement)
{
    /// <summary>Not the first try: an earlier one was left without an answer.</summary>
    public bool IsRepeat { get; init; }

    public JsonNode? Json => Answer is { Body: ['{', ..] } answer ? JsonNode.Parse(answer.Body) : null;

    public string Id => Json?["id"]?.GetValue<string>() ?? "";

    public string Reference => Json?["reference"]?.GetValue<string>() ?? "";
}

/// <summary>Plays a plan: whoever acts in it keeps no more than people would (what they were answered, and their mails).</summary>
internal sealed partial class Player(StoryPlan plan, World world)
{
    public const string Code = "23-IP-10-GE-WSP-A";

    private static readonly Lazy<(string Notification, string[] Economies, string[] Officers)> Samples = new(() => (
        File.ReadAllText(Path.Combine(Repository.Root, "samples", "23-IP-10-GE-WSP-A.notification.txt")),
        File.ReadAllLines(Path.Combine(Repository.Root, "samples", "economies.csv")),
        File.ReadAllLines(Path.Combine(Repository.Root, "samples", "officers.csv"))));

    private static readonly Lazy<string> Token = new(() => SimulatedApp.TokenOf("officer-1", Caller.Secretariat, Caller.Approver));
    private static readonly Lazy<string> ApproverToken = new(() => SimulatedApp.TokenOf("officer-2", Caller.Secretariat, Caller.Approver));
    private static readonly Sessions Sessions = new(Options.Create(new AccessOptions
    {
        BaseUrl = "https://plenary.example.org",
        LinkPepper = SimulatedApp.Pepper,
        Authority = "https://sign-in.example.org/v2.0",
        Audience = "plenary",
    }));

    private static readonly Caller Officer = new("officer-1", "officer-1", [Caller.Secretariat, Caller.Approver]);
    private static readonly Caller Approver = new("officer-2", "officer-2", [Caller.Secretariat, Caller.Approver]);

    private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Economy, int Nominee), string> ids = [];
    private DateOnly closesOn = new(2023, 7, 31);

    /// <summary>Every answer anybody was given, in order.</summary>
    public List<Told> Heard { get; } = [];

    public static string AddressOf(string economy, int nominee) => string.Create(CultureInfo.InvariantCulture, $"n{nominee}@{economy}.example.org");

    public void Play()
    {
        HashSet<Step> left = [.. plan.Steps];
        while (left.Count > 0)
        {
            DateTimeOffset instant = left.Min(TimeOf);
            Step[] now = [.. left.Where(step => TimeOf(step) == instant).OrderBy(step => step.Id)];
            left.ExceptWith(now);
            world.RunUntil(instant);
            foreach (Step step in now)
            {
                if (world.IsTelling)
                {
                    world.Note($"step {step}");
                }

                world.BeginStep(plan.Faults.Where(fault => fault.Step == step.Id && fault.Point is null));
                world.Act($"step {step.Id}", () => DoAsync(step));
            }

            // When the next step is due may hang on what these have done.
            world.RunUntil(world.Now);
        }

        world.RunUntil(world.Now + TimeSpan.FromDays(1));
        world.EndFaults();
        world.RunUntil(world.Now + TimeSpan.FromDays(40));
    }

    private static HttpCall Form(string function, IReadOnlyDictionary<string, string> route, string token, params IEnumerable<(string Name, string Value)> fields)
    {
        using FormUrlEncodedContent form = new([KeyValuePair.Create("formToken", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        return new HttpCall(function, "POST", route)
        {
            Body = form.ReadAsByteArrayAsync().GetAwaiter().GetResult(),
            ContentType = "application/x-www-form-urlencoded",
        };
    }

    private static Dictionary<string, string> Route(params ReadOnlySpan<(string Name, string Value)> values)
    {
        Dictionary<string, string> route = [];
        foreach ((string name, string value) in values)
        {
            route[name] = value;
        }

        return route;
    }

    /// <summary>A PDF of no words.</summary>
    private static byte[] Letter(int number) =>
        Encoding.ASCII.GetBytes($"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Number {number} >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n");

    [GeneratedRegex("https://plenary\\.example\\.org/l/(?<token>[A-Za-z0-9_-]+)")]
    private static partial Regex LinkPattern();

    private static JsonObject Nominee(string economy, int nominee, string statement) => new()
    {
        ["name"] = $"Nominee {nominee} of {economy}",
        ["email"] = AddressOf(economy, nominee),
        ["nationality"] = economy == "japan" ? "Japan" : "Indonesia",
        ["position"] = "Head of service design",
        ["organisation"] = "Ministry of Public Administration",
        ["sector"] = "government",
        ["yearsOfExperience"] = "8",
        ["statement"] = statement,
        ["wishes"] = "",
    };

    private DateTimeOffset TimeOf(Step step)
    {
        DateTimeOffset beginning = new(2023, 7, 3, 0, 0, 0, TimeSpan.Zero);
        Project? project = world.Tables["Projects"].Rows.FirstOrDefault(row => row.Key.Row == ProjectTable.HeadRow)?.Body<Project>();
        DateTimeOffset anchor = step.Anchor switch
        {
            Anchor.Beginning => beginning,
            Anchor.Closing => ClosingOf(step, project),
            Anchor.Start => project?.StartsAt ?? beginning.AddDays(42),
            _ => project?.EndsAt ?? beginning.AddDays(43),
        };
        return anchor + step.Offset;
    }

    /// <summary>Of the economy for nominations, of the project for the rest.</summary>
    private DateTimeOffset ClosingOf(Step step, Project? project)
    {
        if (project is null)
        {
            return new DateTimeOffset(2023, 7, 31, 15, 0, 0, TimeSpan.Zero);
        }

        string economy = plan.Economies[step.Economy];
        return step.Kind is StepKind.Nominate or StepKind.Extend && world.Tables["Nominations"].Rows.FirstOrDefault(row => row.Key.Row == "gate" && row.Key.Partition == $"{Code}|{economy}") is { } gate
            ? new DateTimeOffset(gate.Number("ClosesTicks"), TimeSpan.Zero)
            : project.ClosesAt;
    }

    private Task DoAsync(Step step) => step.Kind switch
    {
        StepKind.Issue => IssueAsync(step),
        StepKind.Circulate => OfficeAsync(step, "CirculateNotification", Route(("code", Code))),
        StepKind.Nominate => NominateAsync(step),
        StepKind.NominateByForm => NominateByFormAsync(step),
        StepKind.Amend => AmendAsync(step),
        StepKind.Withdraw => WithdrawAsync(step),
        StepKind.Rank => RankAsync(step),
        StepKind.Upload => UploadAsync(step),
        StepKind.MoveClosing => MoveClosingAsync(step),
        StepKind.Propose => TwiceAsync(step, () => OfficeAsync(step, "ProposeSelection", Route(("code", Code)))),
        StepKind.Approve => TwiceAsync(step, () => ApproveAsync(step)),
        StepKind.AnswerOffer => AnswerOfferAsync(step),
        StepKind.GiveBack => AnswerOfferAsync(step, "withdraw"),
        StepKind.RecordAttendance => RecordAttendanceAsync(step),
        StepKind.IssueCertificates => TwiceAsync(step, () => OfficeAsync(step, "IssueCertificates", Route(("code", Code)))),
        StepKind.AnswerSurvey => AnswerSurveyAsync(step),
        StepKind.Race => RaceAsync(step),
        StepKind.Extend => ExtendAsync(step),
        StepKind.NameReplacement => NameReplacementAsync(step),
        StepKind.Cancel => OfficeAsync(step, "CancelProject", Route(("code", Code)), ("reason", "It cannot be held.")),
        StepKind.Publish => OfficeAsync(step, "PublishOutcome", Route(("code", Code)), ("headline", "What came of it"), ("text", "It was good.")),
        _ => Task.CompletedTask,
    };

    private static async Task TwiceAsync(Step step, Func<Task<HttpAnswer?>> act) => await Task.WhenAll(step.Variant == 1 ? [act(), act()] : [act()]);

    /// <summary>Sends, and sends again what was left without a good answer for reasons that pass.</summary>
    private async Task<HttpAnswer?> SendAsync(Step step, string kind, string economy, string key, HttpCall call, string statement = "", int tries = 4)
    {
        HttpAnswer? answer = null;
        for (int attempt = 0; attempt < tries; attempt++)
        {
            if (attempt > 0)
            {
                await world.SleepAsync(TimeSpan.FromSeconds(attempt * attempt * 4));
            }

            int before = world.Changes.Count;
            answer = await world.SendAsync(call);
            Heard.Add(new Told(step, kind, economy, key, answer, before, world.Changes.Count, statement) { IsRepeat = attempt > 0 });
            if (answer is { Status: < 500 } && !answer.Body.Contains("desk-busy-conflict", StringComparison.Ordinal))
            {
                return answer;
            }
        }

        return answer;
    }

    private Task<HttpAnswer?> OfficeAsync(Step step, string function, IReadOnlyDictionary<string, string> route, params IEnumerable<(string Name, string Value)> fields) =>
        AsAsync(Officer, Token.Value, step, function, route, fields);

    private Task<HttpAnswer?> AsAsync(Caller caller, string token, Step step, string function, IReadOnlyDictionary<string, string> route, IEnumerable<(string Name, string Value)> fields) =>
        SendAsync(step, function, "", "", Form(function, route, Sessions.FormToken(caller), fields) with
        {
            Headers = new Dictionary<string, string> { [SignIn.TokenHeader] = token },
        });

    private async Task IssueAsync(Step step)
    {
        string economies = string.Join('\n', Samples.Value.Economies.Where((line, index) => index == 0 || plan.Economies.Contains(line.Split(',')[0])));
        string officers = string.Join('\n', Samples.Value.Officers.Where((line, index) => index == 0 || plan.Economies.Contains(line.Split(',')[0])));
        await OfficeAsync(step, "ImportRegistry", Route(), ("economies", economies), ("officers", officers));
        await IssueAsync(step, [.. plan.Settings.Select(setting => (setting.Key, setting.Value))]);
    }

    private async Task IssueAsync(Step step, (string Name, string Value)[] settings)
    {
        string[] months = ["", "January", "February", "March", "April", "May", "June", "July", "August", "September"];
        string text = Samples.Value.Notification
            .Replace("31 July 2023", $"{closesOn.Day} {months[closesOn.Month]} 2023", StringComparison.Ordinal)
            .Replace("Overseas Participants\t38", $"Overseas Participants\t{plan.OverseasPlaces}", StringComparison.Ordinal)
            .Replace("Local Participants\t12", $"Local Participants\t{plan.LocalPlaces}", StringComparison.Ordinal)
            .Replace("16 August 2023", $"{13 + plan.SessionDays} August 2023", StringComparison.Ordinal);
        HttpAnswer? draft = await OfficeAsync(step, "ImportNotification", Route(), ("text", text));
        if (draft is { IsGood: true } && draft.Location.Length > 0)
        {
            await OfficeAsync(step, "IssueNotification", Route(("id", draft.Location.Split('/')[^1])), settings);
        }
    }

    private async Task MoveClosingAsync(Step step)
    {
        closesOn = closesOn.AddDays(step.Variant);
        await IssueAsync(step, [.. plan.Settings.Select(setting => (setting.Key, setting.Value)), ("revision", "yes"), ("reason", "The date was moved.")]);
    }

    /// <summary>Opens the newest link of a kind mailed to an address; null while there is none.</summary>
    private async Task<(string Cookie, string Token)?> OpenAsync(string address, params string[] kinds)
    {
        if (world.Mailbox.Taken.LastOrDefault(mail => mail.Mail.ToAddress == address && kinds.Contains(mail.Kind)) is not { } mail ||
            LinkPattern().Match(mail.Mail.Text) is not { Success: true } link)
        {
            return null;
        }

        string token = link.Groups["token"].Value;
        if (!cookies.TryGetValue(token, out string? cookie))
        {
            HttpAnswer? opened = null;
            for (int attempt = 0; attempt < 4 && opened is not { IsGood: true }; attempt++)
            {
                opened = await world.SendAsync(new HttpCall("OpenLink", "GET", Route(("token", token))));
                await world.SleepAsync(TimeSpan.FromSeconds(attempt * 10));
            }

            if (opened is not { IsGood: true } || opened.Cookie.Length == 0)
            {
                return null;
            }

            cookies[token] = cookie = opened.Cookie;
        }

        Session? session = Sessions.Read(Uri.UnescapeDataString(cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..]));
        return session is null ? null : (cookie, Sessions.FormToken(session));
    }

    private async Task<(string Economy, string Cookie, string Token)?> DeskAsync(int economy)
    {
        string name = plan.Economies[economy];
        string address = Samples.Value.Officers.First(line => line.StartsWith($"{name},officer,", StringComparison.Ordinal)).Split(',')[3];
        return await OpenAsync(address, "notification-circulated") is { } desk ? (name, desk.Cookie, desk.Token) : null;
    }

    private async Task NominateAsync(Step step)
    {
        if (await DeskAsync(step.Economy) is not { } desk)
        {
            return;
        }

        string key = string.Create(CultureInfo.InvariantCulture, $"k-{step.Economy}-{step.Nominee}");
        string statement = string.Create(CultureInfo.InvariantCulture, $"Runs the counters of district {step.Nominee}.");
        JsonObject body = Nominee(desk.Economy, step.Nominee, statement);
        HttpCall call = new("Nominate", "POST", Route(("project", Code), ("economy", desk.Economy)))
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body),
            ContentType = "application/json",
            Cookie = desk.Cookie,
            Headers = new Dictionary<string, string> { ["Idempotency-Key"] = key },
        };
        HttpAnswer?[] answers = await Task.WhenAll(Enumerable.Range(0, step.Variant switch { 1 => 2, 2 => 3, _ => 1 }).Select(_ => SendAsync(step, "Nominate", desk.Economy, key, call, statement)));
        foreach (HttpAnswer? answer in answers)
        {
            if (answer is { Status: 200 or 201 })
            {
                ids[(step.Economy, step.Nominee)] = JsonNode.Parse(answer.Body)?["id"]?.GetValue<string>() ?? "";
            }
        }
    }

    private async Task NominateByFormAsync(Step step)
    {
        if (await DeskAsync(step.Economy) is not { } desk)
        {
            return;
        }

        string key = string.Create(CultureInfo.InvariantCulture, $"f{step.Economy}n{step.Nominee}");
        HttpAnswer?[] started = await Task.WhenAll(Enumerable.Range(0, step.Variant + 1).Select(_ => PostAsync(step, desk, "SaveNomination", "new", "person", ("key", key))));
        if (started.FirstOrDefault(answer => answer is { Status: 302 }) is { } start)
        {
            string id = start.Location.Split('/')[^2];
            ids[(step.Economy, step.Nominee)] = id;
            await FillInAsync(step, desk, id, step.Nominee);
            await Task.WhenAll(Enumerable.Range(0, step.Variant + 1).Select(_ => PostAsync(step, desk, "SubmitNomination", id, "")));
        }
    }

    private Task<HttpAnswer?> PostAsync(
        Step step, (string Economy, string Cookie, string Token) desk, string function, string id, string page, params IEnumerable<(string Name, string Value)> fields) =>
        SendAsync(
            step, function, desk.Economy, id, Form(function, Route(("project", Code), ("economy", desk.Economy), ("id", id), ("step", page)), desk.Token, fields) with { Cookie = desk.Cookie });

    private async Task FillInAsync(Step step, (string Economy, string Cookie, string Token) desk, string id, int number)
    {
        JsonObject nominee = Nominee(desk.Economy, number, "Is asked to bring the counters online.");
        (string, string) Field(string name) => (name, nominee[name]?.GetValue<string>() ?? "");
        await PostAsync(step, desk, "SaveNomination", id, "person", Field("name"), Field("email"), Field("nationality"));
        await PostAsync(step, desk, "SaveNomination", id, "work", Field("position"), Field("organisation"), Field("sector"), Field("yearsOfExperience"));
        await PostAsync(step, desk, "SaveNomination", id, "statement", Field("statement"), Field("wishes"));
    }

    private Task<HttpAnswer?> ExtendAsync(Step step)
    {
        DateTimeOffset until = ClosingOf(step, world.Tables["Projects"].Rows.FirstOrDefault(row => row.Key.Row == ProjectTable.HeadRow)?.Body<Project>()).AddHours(step.Variant);
        return OfficeAsync(
            step,
            "GrantExtension",
            Route(("code", Code)),
            ("economy", plan.Economies[step.Economy]),
            ("nominee", ""),
            ("reason", "Their office was closed."),
            ("until", until.ToOffset(TimeSpan.FromHours(9)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
            ("uses", step.Nominee.ToString(CultureInfo.InvariantCulture)));
    }

    private async Task NameReplacementAsync(Step step)
    {
        if (await DeskAsync(step.Economy) is not { } desk || !ids.TryGetValue((step.Economy, step.Nominee), out string? former))
        {
            return;
        }

        Task<HttpAnswer?> Say(string answer) => SendAsync(
            step, "NameReplacement", desk.Economy, former, Form("NameReplacement", Route(("project", Code), ("economy", desk.Economy), ("former", former)), desk.Token, ("answer", answer)) with { Cookie = desk.Cookie });
        Task<HttpAnswer?> naming = step.Variant == 1 ? Task.FromResult<HttpAnswer?>(null) : Say("somebody");
        Task<HttpAnswer?> passing = step.Variant is 1 or 2 ? Say("nobody") : Task.FromResult<HttpAnswer?>(null);
        await passing;
        if (await naming is not { Status: 302 } started || !started.Location.Contains("/nominees/", StringComparison.Ordinal))
        {
            return;
        }

        string id = started.Location.Split('/')[^2];
        int number = StoryPlan.FirstReplacement + step.Nominee;
        ids[(step.Economy, number)] = id;
        await FillInAsync(step, desk, id, number);
        if (step.Variant != 3)
        {
            await PostAsync(step, desk, "SubmitNomination", id, "");
        }
    }

    private async Task AmendAsync(Step step)
    {
        if (await DeskAsync(step.Economy) is not { } desk || !ids.TryGetValue((step.Economy, step.Nominee), out string? id))
        {
            return;
        }

        string statement = string.Create(CultureInfo.InvariantCulture, $"Leads the one-stop counters, version {step.Id}.");
        await SendAsync(step, "AmendNomination", desk.Economy, id, new HttpCall("AmendNomination", "PUT", Route(("project", Code), ("economy", desk.Economy), ("id", id)))
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(Nominee(desk.Economy, step.Nominee, statement)),
            ContentType = "application/json",
            Cookie = desk.Cookie,
        }, statement);
    }

    private async Task WithdrawAsync(Step step)
    {
        if (await DeskAsync(step.Economy) is { } desk && ids.TryGetValue((step.Economy, step.Nominee), out string? id))
        {
            HttpCall call = new("WithdrawNominationByApi", "DELETE", Route(("project", Code), ("economy", desk.Economy), ("id", id))) { Cookie = desk.Cookie };
            await TwiceAsync(step, () => SendAsync(step, "Withdraw", desk.Economy, id, call));
        }
    }

    private async Task RankAsync(Step step)
    {
        if (await DeskAsync(step.Economy) is not { } desk)
        {
            return;
        }

        HttpAnswer? list = await world.SendAsync(new HttpCall("ListNominations", "GET", Route(("project", Code), ("economy", desk.Economy))) { Cookie = desk.Cookie });
        if (list is not { Status: 200 })
        {
            return;
        }

        string[] order = [.. (JsonNode.Parse(list.Body)?["nominations"]?.AsArray() ?? [])
            .Where(one => one?["state"]?.GetValue<string>() != "Withdrawn")
            .Select(one => one?["id"]?.GetValue<string>() ?? "")];
        new Random(step.Variant).Shuffle(order);
        await SendAsync(step, "Rank", desk.Economy, "", new HttpCall("RankNomineesByApi", "PUT", Route(("project", Code), ("economy", desk.Economy)))
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(new { order }),
            ContentType = "application/json",
            Cookie = desk.Cookie,
        });
    }

    private async Task UploadAsync(Step step)
    {
        if (await DeskAsync(step.Economy) is not { } desk || !ids.TryGetValue((step.Economy, step.Nominee), out string? id))
        {
            return;
        }

        const string Boundary = "plenary-boundary";
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=formToken\r\n\r\n{desk.Token}\r\n--{Boundary}\r\nContent-Disposition: form-data; name=document; filename=letter.pdf\r\nContent-Type: application/pdf\r\n\r\n"),
            .. Letter(step.Id),
            .. Encoding.UTF8.GetBytes($"\r\n--{Boundary}--\r\n"),
        ];
        await SendAsync(step, "Upload", desk.Economy, id, new HttpCall("UploadDocument", "POST", Route(("project", Code), ("economy", desk.Economy), ("id", id)))
        {
            Body = body,
            ContentType = $"multipart/form-data; boundary={Boundary}",
            Cookie = desk.Cookie,
        });
    }

    private async Task<HttpAnswer?> ApproveAsync(Step step) =>
        world.Tables["Selections"].Rows.FirstOrDefault(row => row.Key.Row == SelectionTable.SelectionRow) is { } row
            ? await AsAsync(Approver, ApproverToken.Value, step, "ApproveSelection", Route(("code", Code)), [("digest", row.Body<SelectionRecord>().Digest)])
            : null;

    private async Task AnswerOfferAsync(Step step, string? answer = null)
    {
        string economy = plan.Economies[step.Economy];
        if (await OpenAsync(AddressOf(economy, step.Nominee), "offer-made", "offer-reminder") is not { } offer || !ids.TryGetValue((step.Economy, step.Nominee), out string? id))
        {
            return;
        }

        Task<HttpAnswer?> Send(string with) => SendAsync(
            step, $"AnswerOffer {with}", economy, id, Form("AnswerOffer", Route(("code", Code), ("economy", economy), ("id", id)), offer.Token, ("answer", with)) with { Cookie = offer.Cookie });
        await Task.WhenAll((answer, step.Variant) switch
        {
            ({ } given, _) => [Send(given)],
            (_, 0) => [Send("accept")],
            (_, 1) => [Send("decline")],
            (_, 2) => [Send("accept"), Send("decline")],
            _ => [Send("decline"), Send("decline")],
        });
    }

    private Task RaceAsync(Step step)
    {
        world.AtOnce = step.Variant;
        for (int racer = 0; racer < step.Variant; racer++)
        {
            string body = Envelope.Write(new PlaceFreed(Code, "place-overseas-01", plan.Economies[1 + (racer % 2)], Pool.Overseas));
            world.Broker.Accept(Queues.PromoteAlternate, new BusMessage(string.Create(CultureInfo.InvariantCulture, $"race-{step.Id}-{racer}"), body));
        }

        return Task.CompletedTask;
    }

    private async Task RecordAttendanceAsync(Step step)
    {
        string[] present = [.. world.Tables["Selections"].Rows
            .Where(row => row.Key.Row.StartsWith(SelectionTable.OfferPrefix, StringComparison.Ordinal) && row.Text("State") == nameof(OfferState.Accepted))
            .Select(row => row.Body<OfferRecord>())
            .Select(offer => CandidateId.Of(offer.Economy, offer.NominationId))];
        if (present.Length > 0)
        {
            await OfficeAsync(
                step, "RecordAttendance", Route(("code", Code)), [.. present.Select(one => ("listed", one)), .. present.SelectMany(one => Enumerable.Range(1, plan.SessionDays).Select(day => ("present", $"{day}:{one}")))]);
        }
    }

    private async Task AnswerSurveyAsync(Step step)
    {
        string economy = plan.Economies[step.Economy];
        if (await OpenAsync(AddressOf(economy, step.Nominee), "survey-invitation", "survey-reminder") is not { } survey || !ids.TryGetValue((step.Economy, step.Nominee), out string? id))
        {
            return;
        }

        IEnumerable<(string, string)> fields = Questionnaire.Default.Questions
            .Select(question => (question.Id, question.Kind == QuestionKind.Rated ? "4" : string.Create(CultureInfo.InvariantCulture, $"Words {step.Id}.")));
        HttpCall call = Form("AnswerSurvey", Route(("code", Code), ("economy", economy), ("id", id)), survey.Token, fields) with { Cookie = survey.Cookie };
        await TwiceAsync(step, () => SendAsync(step, "AnswerSurvey", economy, id, call));
    }
}
