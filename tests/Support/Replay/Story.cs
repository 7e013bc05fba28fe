using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Plenary.Support.Drivers;

namespace Plenary.Support.Replay;

/// <summary>
/// Project 23-IP-10-GE-WSP-A from its notification to its outcome, on a clock that is moved: everything by the pages and the JSON interface, as the
/// people concerned would do it, and by the timer and queue functions the clock wakes. What must come of it is booked beside it.
/// </summary>
/// <param name="app">Fresh, with a frozen clock.</param>
/// <param name="afterStage">Called between any two stages, when nothing is left to do; may kill the app and start it again.</param>
/// <param name="said">Hears each moment of the time line as it happens.</param>
public sealed class Story(PlenaryApp app, Func<string, PlenaryApp, Task>? afterStage = null, Action<StoryMoment>? said = null)
{
    public const string Code = "23-IP-10-GE-WSP-A";

    /// <summary>What the real project's news said came of it.</summary>
    private const int RealParticipants = 35;
    private const int RealEconomies = 14;

    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 4 };

    private readonly Mailbox mailbox = new(app.Address);
    private readonly List<StoryMoment> moments = [];
    private readonly Dictionary<string, OfficerDriver> desks = [];
    private readonly Dictionary<string, string> links = [];
    private IReadOnlyDictionary<string, int> mailsSoFar = new Dictionary<string, int>();
    private Books books = new() { Circulated = [] };
    private string lateAnswer = "";

    /// <summary>When the example project was issued: where the clock stands at the beginning.</summary>
    public static DateTimeOffset Beginning { get; } = At(7, 3, 0);

    /// <summary>Names of the stages, in order; for progress and for whoever kills the app between them.</summary>
    public static IReadOnlyList<string> Stages { get; } =
    [
        "issued", "circulated", "first nominations", "more nominations", "after the first reminder", "after the second reminder", "last day", "closed", "selected",
        "accepted", "declined", "accepted after promotion", "reminded", "expired", "given back", "last answers", "first day", "second day", "third day", "certificates",
        "survey answered", "survey reminded", "survey closed", "published",
    ];

    public async Task<StoryEnd> RunAsync()
    {
        using SecretariatDriver aiko = await SecretariatDriver.SignInAsync(app.Address, SecretariatPerson.Officer);
        using SecretariatDriver ben = await SecretariatDriver.SignInAsync(app.Address, SecretariatPerson.Approver);
        try
        {
            await PlayNominationsAsync(aiko);
            await PlaySelectionAsync(aiko, ben);
            await PlaySessionsAsync(aiko);
            await PlaySurveyAsync(aiko);
            return await CompareAsync(aiko);
        }
        finally
        {
            foreach (OfficerDriver desk in desks.Values)
            {
                desk.Dispose();
            }
        }
    }

    private static DateTimeOffset At(int month, int day, int hour, int minute = 0) => new(2023, month, day, hour, minute, 0, TimeSpan.Zero);

    private async Task PlayNominationsAsync(SecretariatDriver secretariat)
    {
        await secretariat.ImportSampleRegistryAsync();
        string code = await secretariat.IssueAsync(await SecretariatDriver.SampleNotificationAsync());
        if (code != Code)
        {
            throw new InvalidOperationException($"Issued {code}, not {Code}.");
        }

        await EndStageAsync("issued", "The notification is read in, checked and issued.");

        await AdvanceAsync(At(7, 3, 1));
        await secretariat.CirculateAsync(Code);
        await app.SettleAsync();
        foreach (ReceivedMail mail in await mailbox.ListAsync(kind: "notification-circulated"))
        {
            OfficerDriver desk = await OfficerDriver.OpenAsync(app.Address, mail.Link);
            desks[desk.Economy] = desk;
        }

        books = new Books { Circulated = [.. desks.Keys.Order(StringComparer.Ordinal)] };
        await EndStageAsync("circulated", $"{desks.Count} economies are written to; each officer opens the desk from the mail.");

        await AdvanceAsync(At(7, 6, 3));
        await NominateAsync(["japan", "philippines", "singapore", "sri-lanka"]);
        await NominateAsync([Cast.Host], upTo: 6);
        await EndStageAsync("first nominations", $"{Counted()} so far; the Philippines put theirs into another order.");

        // Pakistan's second officer begins on the 10th and is written to; the first has until the 14th.
        await AdvanceAsync(At(7, 12, 6));
        books.HandedOver++;
        await NominateAsync(["cambodia", "malaysia", "thailand", "vietnam"]);
        await LeaveDraftAsync("thailand", "อรทัย สุขสม");
        await EndStageAsync("more nominations", $"{Counted()} so far; Thailand leaves a draft.");

        // The reminder of 17 July lies between. In Pakistan it goes to the second officer, who opens the desk from it.
        await AdvanceAsync(At(7, 19, 5));
        ReceivedMail reminder = await mailbox.NewestAsync("hamza.qureshi@npo-pakistan.example.org", "closing-reminder");
        desks["pakistan"].Dispose();
        desks["pakistan"] = await OfficerDriver.OpenAsync(app.Address, reminder.Link);
        await NominateAsync(["india", "nepal", "pakistan", "republic-of-china", "republic-of-korea"]);
        await LeaveDraftAsync("nepal", "मनोज थापा");
        await EndStageAsync("after the first reminder", $"{Counted()} so far; Pakistan's new officer comes in by the reminder.");

        await AdvanceAsync(At(7, 26, 4));
        await NominateAsync(["bangladesh", "ir-iran", "lao-pdr", "turkiye"]);
        await NominateAsync([Cast.Host]);
        await LeaveDraftAsync(Cast.Silent[1], "Болормаа");
        await EndStageAsync("after the second reminder", $"{Counted()} so far; Mongolia begins one and leaves it.");

        await AdvanceAsync(At(7, 31, 9));
        OfficerDriver malaysia = desks["malaysia"];
        NominationReceipt gone = await malaysia.NominateByApiAsync(Cast.FactsOf("malaysia", 9, "Farah Adila binti Hassan"), "malaysia-9");
        books.Receipts++;
        BookedNominee amended = books.Nominees.First(nominee => nominee is { Economy: "malaysia", Rank: 2 });
        await malaysia.ChangeStatementAsync(amended.Id, "Leads the state's one-stop counters and teaches service design to their staff.");
        await malaysia.SubmitAsync(amended.Id);
        books.Receipts++;

        // The receipt says what was sent, so it has to leave before the nomination goes.
        await app.SettleAsync();
        await malaysia.WithdrawAsync(gone.Id);
        books.Withdrawals++;
        await EndStageAsync("last day", $"{Counted()} at last; Malaysia amends one nomination and withdraws another.");

        await AdvanceAsync(books.ClosesAt);
        WebPage late = await desks["fiji"].PostAsync(Cast.FactsOf("fiji", 1, "Mere Tuilagi"), "fiji-late");
        JsonNode? problem = JsonNode.Parse(late.Body);
        lateAnswer = $"{(int)late.Status}: {problem?["detail"]?.GetValue<string>() ?? late.Body}";
        if ((int)late.Status is < 400 or > 499 || !late.Body.Contains("2023", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"A nomination at the closing instant was answered {lateAnswer}.");
        }

        await EndStageAsync("closed", $"Nominations close. Fiji comes at that very instant and is refused ({lateAnswer})");
    }

    private async Task PlaySelectionAsync(SecretariatDriver officer, SecretariatDriver approver)
    {
        await AdvanceAsync(At(8, 1, 1));
        await officer.ProposeAsync(Code);
        await AdvanceAsync(At(8, 1, 6));
        await approver.ApproveAsync(Code);
        DateTimeOffset approved = app.Now;
        await app.SettleAsync();
        IReadOnlyList<BookedNominee> selected = books.Select();
        foreach (BookedNominee nominee in selected)
        {
            nominee.Offer = books.OfferAt(approved);
        }

        int alternates = (await officer.ReadDecisionsAsync(Code)).Count(line => line.Decision.StartsWith("Alternate", StringComparison.Ordinal));
        await EndStageAsync("selected", $"{selected.Count} are selected and offered a place, {alternates} are alternates.");

        // Who declines or never answers, in the order of the list: about one in ten each.
        BookedNominee[] overseas = [.. selected.Where(nominee => nominee.Economy != Cast.Host)];
        BookedNominee[] local = [.. selected.Where(nominee => nominee.Economy == Cast.Host)];
        BookedNominee[] decline = [overseas[4], overseas[11], overseas[22], overseas[35], local[5]];
        BookedNominee[] silent = [overseas[7], overseas[26], local[9]];
        BookedNominee[] hesitant = [.. selected.Except(decline).Except(silent).Where((_, index) => index % 4 == 3)];

        await AdvanceAsync(At(8, 2, 8));
        BookedNominee[] quick = [.. selected.Except(decline).Except(silent).Except(hesitant)];
        await AcceptAsync(quick);
        await EndStageAsync("accepted", $"{quick.Length} accept.");

        await AdvanceAsync(At(8, 3, 4));
        List<BookedNominee> promoted = [];
        foreach (BookedNominee nominee in decline)
        {
            // One at a time: who follows whom then does not depend on who is faster.
            await DeclineAsync(nominee);
            promoted.AddRange(books.Promote(nominee, app.Now) is { } next ? [next] : Array.Empty<BookedNominee>());
        }

        await EndStageAsync("declined", $"{decline.Length} decline; {promoted.Count} alternates move up.");

        await AdvanceAsync(At(8, 4, 9));
        BookedNominee lastOfPromoted = promoted[^2];
        await AcceptAsync([.. promoted.Where(nominee => nominee != lastOfPromoted)]);
        await EndStageAsync("accepted after promotion", $"{promoted.Count - 1} of those moved up accept.");

        // Offers of 1 August are reminded of on the 6th and 7th, and run out on the 8th.
        await AdvanceAsync(At(8, 6, 12));
        await AcceptAsync([.. hesitant.Take(hesitant.Length - 2)]);
        await AdvanceAsync(At(8, 7, 10));
        await AcceptAsync([.. hesitant.TakeLast(2)]);
        await EndStageAsync("reminded", $"{hesitant.Length} accept after being reminded.");

        await AdvanceAsync(At(8, 9, 7));
        IReadOnlyList<BookedNominee> expired = books.Expire(app.Now);
        BookedNominee[] waiting = [.. books.Offered.Where(nominee => nominee.Offer is { IsOpen: true } && nominee != lastOfPromoted)];
        await AcceptAsync(waiting);
        await EndStageAsync("expired", $"{expired.Count} offers have run out unanswered; {waiting.Length} alternates accept in their place.");

        // The one who was moved up on 3 August never answers: that offer runs out on the 10th at 04:00.
        await AdvanceAsync(At(8, 10, 8));
        int late = books.Expire(app.Now).Count;
        BookedNominee leaver = books.Confirmed.First(nominee => nominee.Economy == "vietnam");
        await WithdrawAsync(leaver);
        books.Promote(leaver, app.Now);
        await EndStageAsync("given back", $"{late} more runs out; one participant gives the place back.");

        await AdvanceAsync(At(8, 11, 6));
        await AcceptAsync([.. books.Offered.Where(nominee => nominee.Offer is { IsOpen: true }).Take(1)]);
        await EndStageAsync("last answers", $"{books.Confirmed.Count} participants are confirmed.");
    }

    private async Task PlaySessionsAsync(SecretariatDriver secretariat)
    {
        // Thirty-five come, of the fourteen economies that are there at all: each of these sends one before any sends two.
        await AdvanceAsync(At(8, 14, 1));
        BookedNominee[] came = [.. books.Confirmed
            .Where(nominee => !Cast.Absent.Contains(nominee.Economy))
            .GroupBy(nominee => nominee.Economy)
            .SelectMany(group => group.OrderBy(nominee => nominee.Rank).Select((nominee, index) => (nominee, index)))
            .OrderBy(pair => pair.index).ThenBy(pair => pair.nominee.Economy, StringComparer.Ordinal)
            .Take(RealParticipants)
            .Select(pair => pair.nominee)];
        for (int index = 0; index < came.Length; index++)
        {
            // Most on all three days, some on two, two on one only.
            came[index].Sessions.UnionWith(index % 17 == 16 ? [2] : index % 7 == 5 ? [1, 3] : [1, 2, 3]);
        }

        int[] days = [14, 15, 16];
        for (int session = 1; session <= days.Length; session++)
        {
            await AdvanceAsync(At(8, days[session - 1], 10, session == 3 ? 0 : 30));
            books.Expire(app.Now);
            BookedNominee[] present = [.. came.Where(nominee => nominee.Sessions.Contains(session))];
            if (session == 2)
            {
                // The second day comes as the list that the meeting's host kept.
                StringBuilder csv = new("reference,session-2\r\n");
                foreach (BookedNominee nominee in books.Confirmed)
                {
                    csv.Append(CultureInfo.InvariantCulture, $"{nominee.Reference},{(present.Contains(nominee) ? "yes" : "no")}\r\n");
                }

                await secretariat.UploadAttendanceAsync(Code, csv.ToString());
            }
            else
            {
                await secretariat.TickAttendanceAsync(Code, [.. present.Select(nominee => (nominee.Candidate, session))]);
            }

            string name = session switch { 1 => "first day", 2 => "second day", _ => "third day" };
            await EndStageAsync(name, $"Session {session}: {present.Length} present{(session == 2 ? ", from the host's list" : "")}.");
        }

        await AdvanceAsync(At(8, 16, 12));
        await secretariat.IssueCertificatesAsync(Code);
        books.Certificates = came.Count(nominee => nominee.Sessions.Count == days.Length);
        await EndStageAsync("certificates", $"{books.Certificates} certificates are issued, for all three days; the survey has opened.");
    }

    private async Task PlaySurveyAsync(SecretariatDriver secretariat)
    {
        List<BookedNominee> still = [.. books.Attended];
        await AdvanceAsync(At(8, 16, 14));
        await AnswerSurveyAsync(still, 18);
        await EndStageAsync("survey answered", "18 answer the survey.");

        // Reminders go on the 17th, 20th and 24th at 10:00 to whoever has not answered by then.
        await AdvanceAsync(At(8, 18, 3));
        await AnswerSurveyAsync(still, 7);
        await AdvanceAsync(At(8, 21, 5));
        await AnswerSurveyAsync(still, 4);
        await EndStageAsync("survey reminded", "11 more answer after the first two reminders.");

        await AdvanceAsync(At(8, 25, 5));
        await AnswerSurveyAsync(still, 2);
        await EndStageAsync("survey closed", "2 more answer after the third.");

        await AdvanceAsync(At(8, 31, 1));
        await secretariat.PublishOutcomeAsync(Code);
        await EndStageAsync("published", $"The outcome is published: {books.Attended.Count} participants from {books.Attended.Select(nominee => nominee.Economy).Distinct().Count()} economies.");
    }

    /// <summary>Economies at the same time; within each the first by the pages' steps, the others by the JSON interface.</summary>
    private async Task NominateAsync(string[] economies, int upTo = int.MaxValue)
    {
        DateTimeOffset now = app.Now;
        await Parallel.ForEachAsync(economies, AtOnce, async (economy, _) =>
        {
            OfficerDriver desk = desks[economy];
            string[] names = Cast.Names[economy];
            HashSet<int> there = [.. Booked(economy).Select(nominee => nominee.Rank)];
            List<BookedNominee> fresh = [];
            foreach (int rank in Enumerable.Range(1, Math.Min(names.Length, upTo)).Where(rank => !there.Contains(rank)))
            {
                BookedNominee nominee = new(economy, rank, names[rank - 1], Cast.AddressOf(economy, rank));
                NomineeFacts facts = Cast.FactsOf(economy, rank, nominee.Name);
                NominationReceipt receipt;
                if (rank == 1)
                {
                    string id = await desk.SaveDraftAsync(facts);
                    if (economy is "japan" or "india" or Cast.Host)
                    {
                        await desk.UploadAsync(id, "letter of endorsement.pdf", Letter(nominee.Name), "application/pdf");
                    }

                    receipt = await desk.SubmitAsync(id);
                }
                else
                {
                    receipt = await desk.NominateByApiAsync(facts, $"{economy}-{rank.ToString(CultureInfo.InvariantCulture)}");
                }

                (nominee.Id, nominee.Reference) = (receipt.Id, receipt.Reference);
                fresh.Add(nominee);
            }

            if (economy == "philippines")
            {
                // The order is changed after all: the last becomes the first.
                fresh = [fresh[^1], .. fresh.SkipLast(1)];
                await desk.RankAsync([.. fresh.Select(nominee => nominee.Id)]);
                fresh = [.. fresh.Select((nominee, index) => new BookedNominee(economy, index + 1, nominee.Name, nominee.Address) { Id = nominee.Id, Reference = nominee.Reference })];
            }

            lock (books)
            {
                books.Nominees.AddRange(fresh);
                books.Receipts += fresh.Count;
                books.NoteSubmitted(economy, now);
            }
        });
        await app.SettleAsync();
    }

    private List<BookedNominee> Booked(string economy)
    {
        lock (books)
        {
            return [.. books.Nominees.Where(nominee => nominee.Economy == economy)];
        }
    }

    private async Task LeaveDraftAsync(string economy, string name)
    {
        await desks[economy].SaveNameOnlyAsync(name);
        books.NoteDraft(economy, app.Now);
    }

    private async Task AcceptAsync(IReadOnlyCollection<BookedNominee> nominees)
    {
        DateTimeOffset now = app.Now;
        await ReadOfferLinksAsync(nominees);
        await Parallel.ForEachAsync(nominees, AtOnce, async (nominee, _) =>
        {
            using NomineeDriver driver = new(app.Address, nominee.Address);
            await driver.AcceptAsync(await driver.OpenAsync(links[nominee.Address]));
            Offer(nominee).AcceptedAt = now;
        });
        await app.SettleAsync();
    }

    private async Task DeclineAsync(BookedNominee nominee)
    {
        await ReadOfferLinksAsync([nominee]);
        using NomineeDriver driver = new(app.Address, nominee.Address);
        await driver.DeclineAsync(await driver.OpenAsync(links[nominee.Address]));
        Offer(nominee).DeclinedAt = app.Now;
        await app.SettleAsync();
    }

    private async Task WithdrawAsync(BookedNominee nominee)
    {
        using NomineeDriver driver = new(app.Address, nominee.Address);
        await driver.WithdrawAsync(await driver.OpenAsync(links[nominee.Address]));
        Offer(nominee).WithdrawnAt = app.Now;
        await app.SettleAsync();
    }

    private async Task ReadOfferLinksAsync(IReadOnlyCollection<BookedNominee> nominees)
    {
        if (nominees.Any(nominee => !links.ContainsKey(nominee.Address)))
        {
            foreach (ReceivedMail mail in await mailbox.ListAsync(kind: "offer-made"))
            {
                links[mail.To] = mail.Link;
            }
        }

        if (nominees.FirstOrDefault(nominee => !links.ContainsKey(nominee.Address)) is { } without)
        {
            throw new InvalidOperationException($"By the published rule {without.Candidate} is offered a place, but no such mail has come.");
        }
    }

    private static BookedOffer Offer(BookedNominee nominee) => nominee.Offer ?? throw new InvalidOperationException($"{nominee.Candidate} has no offer in the books.");

    private async Task AnswerSurveyAsync(List<BookedNominee> still, int count)
    {
        Dictionary<string, string> invitations = (await mailbox.ListAsync(kind: "survey-invitation")).DistinctBy(mail => mail.To).ToDictionary(mail => mail.To, mail => mail.Link);
        BookedNominee[] now = [.. still.Take(count)];
        still.RemoveRange(0, now.Length);
        for (int index = 0; index < now.Length; index++)
        {
            BookedNominee nominee = now[index];
            using NomineeDriver driver = new(app.Address, nominee.Address);
            int mood = nominee.Name.Length + nominee.Rank;
            await driver.AnswerSurveyAsync(
                (question, isRated) => isRated
                    ? (3 + ((mood + question.Length) % 3)).ToString(CultureInfo.InvariantCulture)
                    : mood % 3 == 0 ? "Shorter forms, and an answer on the same day." : null,
                await driver.OpenAsync(invitations[nominee.Address]));
            nominee.AnsweredSurveyAt = app.Now;
        }

        await app.SettleAsync();
    }

    private string Counted()
    {
        int economies = books.Nominees.Select(nominee => nominee.Economy).Distinct().Count();
        return string.Create(CultureInfo.InvariantCulture, $"{books.Nominees.Count} nominations from {economies} {(economies == 1 ? "economy" : "economies")}");
    }

    private async Task AdvanceAsync(DateTimeOffset to)
    {
        // After a kill the clock stands half a minute later than the stage ended; it never goes back.
        if (to > app.Now)
        {
            await app.AdvanceToAsync(to);
        }
    }

    private async Task EndStageAsync(string stage, string what)
    {
        await app.SettleAsync();
        IReadOnlyDictionary<string, int> mails = await mailbox.CountAsync();
        StoryMoment moment = new(app.Now, what, mails
            .Select(mail => (mail.Key, Count: mail.Value - mailsSoFar.GetValueOrDefault(mail.Key)))
            .Where(mail => mail.Count > 0)
            .OrderBy(mail => mail.Key, StringComparer.Ordinal)
            .ToDictionary(mail => mail.Key, mail => mail.Count));
        mailsSoFar = mails;
        moments.Add(moment);
        said?.Invoke(moment);
        if (afterStage is not null)
        {
            await afterStage(stage, app);
        }
    }

    private async Task<StoryEnd> CompareAsync(SecretariatDriver secretariat)
    {
        Recount stored = await Recount.ReadAsync(app.Tables, Code);
        IReadOnlyDictionary<string, decimal?> figures = await secretariat.ReadOutcomeAsync(Code);
        JsonNode project = JsonNode.Parse((await secretariat.Web.GetAsync($"/api/projects/{Code}")).Expect().Body) ?? throw new InvalidOperationException("No project.");
        IReadOnlyList<DecisionLine> decisions = await secretariat.ReadDecisionsAsync(Code);
        decimal SaidOffers(string state) => decisions.Count(line => line.Offer.StartsWith(state, StringComparison.Ordinal));
        decimal? Said(string key) => figures.TryGetValue(key, out decimal? value) ? value : throw new InvalidOperationException($"The outcome has no figure {key}.");

        List<BookedNominee> confirmed = books.Confirmed;
        List<BookedNominee> attended = books.Attended;
        int economies = attended.Select(nominee => nominee.Economy).Distinct().Count();
        int answered = attended.Count(nominee => nominee.AnsweredSurveyAt is not null);
        int OffersWhere(Func<BookedOffer, bool> isSo) => books.Offered.Count(nominee => nominee.Offer is { } offer && isSo(offer));
        static decimal Percent(int part, int whole) => Math.Round(100m * part / whole, 1, MidpointRounding.AwayFromZero);
        int storedEconomies = stored.Attended.Select(candidate => candidate.Split('/')[0]).Distinct().Count();
        int places = stored.OverseasPlaces + stored.LocalPlaces;
        FigureLine[] lines =
        [
            new("Overseas places", 38, 38, project["overseasPlaces"]?.GetValue<int>(), stored.OverseasPlaces),
            new("Local places", 12, 12, project["localPlaces"]?.GetValue<int>(), stored.LocalPlaces),
            new("Places", 50, 50, Said("places"), places),
            new("Nominated", null, books.Nominees.Count, Said("nominated"), stored.Submitted.Values.Sum()),
            new("Economies that nominated", null, books.Nominees.Select(nominee => nominee.Economy).Distinct().Count(), Said("nominatingEconomies"), stored.Submitted.Count),
            new("Nominations withdrawn", null, books.Withdrawals, null, stored.Withdrawn),
            new("Drafts left", null, books.Drafts, null, stored.Drafts),
            new("Selected", null, books.Select().Count, Said("selected"), stored.Selected),
            new("Offers made", null, books.Offered.Count, decisions.Count(line => line.Offer.Contains("place-", StringComparison.Ordinal) || line.Offer.Contains(',', StringComparison.Ordinal)), stored.Offers.Sum(state => state.Count())),
            new("Offers to others than the rule says", null, 0, null, stored.Offers.SelectMany(state => state).Except(books.Offered.Select(nominee => nominee.Candidate)).Count()),
            new("Offers declined", null, OffersWhere(offer => offer.DeclinedAt is not null), SaidOffers("Declined"), stored.Offers["Declined"].Count()),
            new("Offers run out", null, OffersWhere(offer => offer.ExpiredAt is not null), SaidOffers("Expired"), stored.Offers["Expired"].Count()),
            new("Places given back", null, OffersWhere(offer => offer.WithdrawnAt is not null), SaidOffers("Withdrawn"), stored.Offers["Withdrawn"].Count()),
            new("Confirmed", null, confirmed.Count, Said("confirmed"), stored.Offers["Accepted"].Count()),
            new("Places held", null, confirmed.Count, null, stored.PlacesHeld),
            new("Participants", RealParticipants, attended.Count, Said("attended"), stored.Attended.Count),
            new("Economies that attended", RealEconomies, economies, Said("economiesAttended"), storedEconomies),
            new("Member economies absent", null, 21 - economies, Said("economiesAbsent"), 21 - storedEconomies),
            new("Active economies absent", null, books.Circulated.Count - economies, Said("activeEconomiesAbsent"), books.Circulated.Count - storedEconomies),
            new("Fill rate, percent", 70, Percent(attended.Count, 50), Said("fillRate"), Percent(stored.Attended.Count, places)),
            new("Certificates", null, books.Certificates, Said("certificates"), stored.Certificates),
            new("Certificates to be checked by number", null, books.Certificates, null, stored.PublicCertificates),
            new("Survey answers", null, answered, Said("surveyAnswered"), stored.SurveyAnswers),
            new("Survey rights spent", null, answered, null, stored.SurveySpent),
            new("Response rate, percent", null, Percent(answered, confirmed.Count), Said("responseRate"), Percent(stored.SurveyAnswers, stored.Invited)),
        ];

        IReadOnlyDictionary<string, int> received = await mailbox.CountAsync();
        IReadOnlyDictionary<string, int> expected = books.CountMails();
        FigureLine[] mails =
        [
            .. expected.Keys.Union(received.Keys).Union(stored.Mails.Keys).Order(StringComparer.Ordinal).Select(kind => new FigureLine(
                kind, null, expected.GetValueOrDefault(kind), null, stored.Mails.GetValueOrDefault(kind), received.GetValueOrDefault(kind))),
            new FigureLine("in all", null, expected.Values.Sum(), null, stored.Mails.Values.Sum(), received.Values.Sum()),
            new FigureLine("stuck on the way", null, 0, null, stored.MailsStuck),
        ];
        return new StoryEnd(
            moments,
            lines,
            mails,
            [.. books.Nominees.GroupBy(nominee => nominee.Economy).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => (
                Cast.NameOf(group.Key), group.Count(), group.Count(nominee => nominee.Offer is { IsConfirmed: true }), group.Count(nominee => nominee.Sessions.Count > 0)))],
            lateAnswer);
    }

    /// <summary>A PDF of one page that says little.</summary>
    private static byte[] Letter(string about)
    {
        string text = $"BT /F1 12 Tf 72 720 Td (Letter of endorsement {about.Length.ToString(CultureInfo.InvariantCulture)}) Tj ET";
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            string.Create(CultureInfo.InvariantCulture, $"<< /Length {text.Length} >>\nstream\n{text}\nendstream"),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ];
        StringBuilder file = new("%PDF-1.4\n");
        List<int> offsets = [];
        for (int index = 0; index < objects.Length; index++)
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{objects[index]}\nendobj\n");
        }

        int table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (int offset in offsets)
        {
            file.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        }

        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(file.ToString());
    }
}
