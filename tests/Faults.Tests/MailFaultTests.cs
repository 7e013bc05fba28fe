using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Plenary.Domain;
using Plenary.Infra.Mail;
using Plenary.Journey.Tests;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Support;

namespace Plenary.Faults.Tests;

/// <summary>What the mail provider may do, its events, and what changes between a mail's cause and its sending.</summary>
public sealed class MailFaultTests
{
    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(0)]
    public Task F24_a_provider_that_puts_off_is_not_called_before_its_time_and_starves_nobody_else(int status) => new PutOff(status).HoldsAsync(4);

    [Fact]
    public async Task F24_a_server_without_our_certificate_counts_as_not_taken() =>
        await AssertNotTakenAsync(SendGridProvider.Connect(20), $"https://127.0.0.1:{(await Azurite.SharedAsync()).TableEndpoint.Port.ToString(CultureInfo.InvariantCulture)}");

    [Theory]
    [InlineData(SocketError.HostNotFound)]
    [InlineData(SocketError.TryAgain)]
    [InlineData(SocketError.ConnectionRefused)]
    [InlineData(SocketError.NetworkUnreachable)]
    public async Task F24_a_name_that_does_not_resolve_and_a_host_that_does_not_answer_count_as_not_taken(SocketError error)
    {
        SocketsHttpHandler connection = SendGridProvider.Connect(20);
        connection.ConnectCallback = (_, _) => throw new SocketException((int)error);
        await AssertNotTakenAsync(connection, "http://mail.example.org");
    }

    /// <summary>As where the name server is silent, or packets are dropped: nothing answers, not even no.</summary>
    [Fact]
    public async Task F24_a_line_that_is_never_made_counts_as_not_taken()
    {
        SocketsHttpHandler connection = SendGridProvider.Connect(2);
        connection.ConnectCallback = async (_, cancellation) =>
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
            return Stream.Null;
        };
        await AssertNotTakenAsync(connection, "http://mail.example.org", timeoutSeconds: 2);
    }

    /// <summary>The mail has left, and who knows whether it came.</summary>
    [Fact]
    public async Task F24_a_server_that_takes_the_mail_and_never_answers_leaves_it_in_doubt()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using SocketsHttpHandler connection = SendGridProvider.Connect(2);
        using HttpClient http = new(connection);
        MailAnswer answer = await Provider(http, $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}", timeoutSeconds: 2).SendAsync(Mail, Plant.Start, default);
        Assert.Equal((MailAnswerKind.Unknown, 0), (answer.Kind, answer.Status));
    }

    [Theory]
    [InlineData(400, MailAnswerKind.Refused)]
    [InlineData(401, MailAnswerKind.Unauthorized)]
    [InlineData(403, MailAnswerKind.Unauthorized)]
    [InlineData(413, MailAnswerKind.Refused)]
    public Task F25_a_refusal_is_shown_and_not_stormed_against(int status, MailAnswerKind kind) => new Refused(status, kind).HoldsAsync(2);

    [Fact]
    public Task F26_an_answer_lost_after_acceptance_costs_at_most_one_marked_repeat_and_none_with_news() => new LostAnswers().HoldsAsync(20);

    [Theory]
    [InlineData(FaultMode.CommitThenDrop)]
    [InlineData(FaultMode.DropBefore)]
    public async Task F26_on_the_wire_a_broken_line_is_doubt_and_ends_in_at_most_one_marked_repeat(FaultMode mode)
    {
        string code = mode == FaultMode.DropBefore ? "23-IP-24-GE-WSP-A" : "23-IP-25-GE-WSP-A";
        await using Stage mailbox = await Stage.StartBareAsync();
        await using FaultProxy proxy = FaultProxy.Start(new Uri(mailbox.App.Address, "/local/sendgrid"));
        await using Stage stage = await Stage.StartAsync(new Dictionary<string, string> { ["SendGrid:Host"] = proxy.Endpoint.ToString().TrimEnd('/') });
        await stage.OpenProjectAsync(new NotificationText(code));
        IReadOnlyList<ReceivedMail> circulated = await mailbox.Mailbox.ListAsync(kind: "notification-circulated");
        Assert.Equal(Stage.OfficerOf.Count, circulated.Count);
        string token = circulated.Single(mail => mail.To == Stage.OfficerOf["japan"]).Link["/l/".Length..];

        proxy.Add(new FaultRule(mode) { Times = 1 }.On("POST", "mail/send"));
        (HttpStatusCode status, _) = await stage.NominateAsync(code, "japan", "Akira Satou", token: token);
        Assert.Equal(HttpStatusCode.Created, status);
        await stage.App.SettleAsync();
        Assert.Contains((await stage.LedgerAsync(code)).Values, intent => intent is { Kind: NominationMails.Receipt, State: "Unknown", PossibleDuplicate: false });
        await stage.App.AdvanceToAsync(stage.App.Now.AddMinutes(30));

        (string Kind, string State, bool PossibleDuplicate) receipt = Assert.Single((await stage.LedgerAsync(code)).Values, intent => intent.Kind == NominationMails.Receipt);
        Assert.Equal(("Sent", true), (receipt.State, receipt.PossibleDuplicate));
        Assert.Equal(mode == FaultMode.CommitThenDrop ? 2 : 1, (await mailbox.Mailbox.ListAsync(kind: NominationMails.Receipt)).Count);
    }

    [Fact]
    public Task F27_events_in_any_number_and_order_move_a_mail_forward_only() => new Events().HoldsAsync(40);

    [Fact]
    public async Task F27_a_hundred_and_fifty_events_at_once_are_taken_and_a_bad_signature_changes_nothing()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using Plant plant = new();
        await plant.OpenAsync();
        MailIntent intent = (await plant.LedgerAsync())[0];
        string events = JsonSerializer.Serialize(Enumerable.Range(0, 150).Select(number => new
        {
            @event = "delivered",
            intent = intent.Owed.Id,
            project = plant.Code,
            timestamp = plant.Clock.Now.ToUnixTimeSeconds() + number,
            sg_message_id = "m-1.x",
            sg_event_id = Guid.NewGuid().ToString("N"),
        }));
        byte[] body = Encoding.UTF8.GetBytes(events + "\r\n");
        EventSignature signature = new(Options.Create(new MailOptions
        {
            SecretariatAddress = "s@example.org",
            SecretariatName = "S",
            WebhookPublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
        }));
        string timestamp = plant.Clock.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        string good = Convert.ToBase64String(key.SignData([.. Encoding.UTF8.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

        Assert.True(signature.IsGood(good, timestamp, body, plant.Clock.Now));
        Assert.False(signature.IsGood(good, timestamp, body.AsSpan(0, body.Length - 2), plant.Clock.Now));
        Assert.False(signature.IsGood(good, timestamp, body, plant.Clock.Now.AddMinutes(6)));
        Assert.False(signature.IsGood(null, timestamp, body, plant.Clock.Now));
        Assert.True(MailEvent.TryReadAll(body, out IReadOnlyList<MailEvent>? read));
        await plant.UseAsync((ReceiveMailEvents receive) => receive.RunAsync(read ?? [], default));
        Assert.Equal(MailState.Delivered, (await plant.LedgerAsync()).Single(one => one.Owed == intent.Owed).State);
    }

    [Fact]
    public Task F28_whatever_changes_between_plan_and_sending_a_reminder_tells_of_the_state_it_is_sent_in() => new ChangedPlans().HoldsAsync(30);

    private static OutgoingMail Mail { get; } = new(
        "to@example.org", "To", "Subject", "Text", "<p>Text</p>", ["kind"], new Dictionary<string, string>(), new Dictionary<string, string>(), []);

    private static async Task AssertNotTakenAsync(SocketsHttpHandler connection, string host, int timeoutSeconds = 20)
    {
        using (connection)
        {
            using HttpClient http = new(connection);
            MailAnswer answer = await Provider(http, host, timeoutSeconds).SendAsync(Mail, Plant.Start, default);
            Assert.Equal((MailAnswerKind.TryLater, 0), (answer.Kind, answer.Status));
        }
    }

    private static SendGridProvider Provider(HttpClient http, string host, int timeoutSeconds) => new(http, Options.Create(new SendGridOptions
    {
        ApiKey = "SG.x",
        Host = host,
        FromAddress = "from@example.org",
        FromName = "From",
        TimeoutSeconds = timeoutSeconds,
    }));
}

/// <summary>Mails to one address are put off for a while; all others go through.</summary>
public sealed class PutOff(int status) : Scenario("F24", string.Create(CultureInfo.InvariantCulture, $"provider answers {status} for a while"), 100, "I5")
{
    public PutOff()
        : this(429)
    {
    }

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        Random random = new(seed);
        TimeSpan asked = TimeSpan.FromMinutes(1 + Draw(random, 50));
        TimeSpan outage = TimeSpan.FromMinutes(1 + Draw(random, 60 * 30));
        await using Plant plant = new();
        string unlucky = Stage.OfficerOf["japan"];
        Dictionary<string, DateTimeOffset> notBefore = [];
        plant.Provider.Script = (mail, now) =>
        {
            string intent = mail.Tags["intent"];
            Assert.True(!notBefore.TryGetValue(intent, out DateTimeOffset reset) || now >= reset, "Called before the provider's reset.");
            if (mail.ToAddress != unlucky || now >= Plant.Start + outage)
            {
                return (ScriptedProvider.Accepts, true);
            }

            notBefore[intent] = status == 429 ? now + asked : now;
            return (new MailAnswer(MailAnswerKind.TryLater, null, status, status == 429 ? asked : null), false);
        };
        await plant.OpenAsync();
        Plant.Good(await plant.NominateAsync("japan", 1));
        Plant.Good(await plant.NominateAsync("thailand", 2));
        await plant.PumpAsync();
        Assert.Equal(4, plant.Provider.Taken.Count);
        Assert.DoesNotContain(plant.Provider.Taken, mail => mail.To == unlucky);

        await plant.AdvanceToAsync(Plant.Start + outage + TimeSpan.FromMinutes(61));
        Assert.Equal(2, plant.Provider.Taken.Count(mail => mail.To == unlucky));
        Assert.Equal(plant.Provider.Taken.Count, plant.Provider.Taken.Select(mail => mail.Intent).Distinct().Count());
        Assert.InRange(plant.Provider.Calls.GroupBy(call => call.Intent).Max(calls => calls.Count()), 2, 12 + (int)outage.TotalHours);
        await plant.AssertMailsAsync();
    }
}

/// <summary>One mail is refused for good; or our key is, for everybody, until somebody mends it.</summary>
public sealed class Refused(int status, MailAnswerKind kind) : Scenario("F25", string.Create(CultureInfo.InvariantCulture, $"provider refuses with {status}"), 4, "I5")
{
    public Refused()
        : this(400, MailAnswerKind.Refused)
    {
    }

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        await using Plant plant = new();
        DateTimeOffset mended = Plant.Start.AddHours(3 + seed);
        plant.Provider.Script = (_, now) => kind == MailAnswerKind.Unauthorized && now >= mended ? (ScriptedProvider.Accepts, true) : (new MailAnswer(kind, null, status), false);
        await plant.OpenAsync();
        await plant.AdvanceToAsync(mended.AddMinutes(-1));
        IReadOnlyList<MailIntent> before = await plant.LedgerAsync();
        Assert.All(before, intent => Assert.True(intent.NeedsAPerson, "Nobody is told."));
        if (kind == MailAnswerKind.Refused)
        {
            Assert.All(before, intent => Assert.Equal((MailState.Failed, $"refused-{status}"), (intent.State, intent.Code)));
            Assert.Equal(before.Count, plant.Provider.Calls.Count);
            return;
        }

        // One try in a quarter of an hour, no storm; all leave once the key is good.
        Assert.All(before, intent => Assert.Equal("key-refused", intent.Code));
        Assert.InRange(plant.Provider.Calls.Count, before.Count, before.Count * (1 + ((3 + seed) * 4)));
        await plant.AdvanceToAsync(mended.AddMinutes(16));
        await plant.AssertMailsAsync();
        Assert.Equal(before.Count, plant.Provider.Taken.Count);
    }
}

/// <summary>Answers are lost, whether or not the mail was taken; for some the provider's event comes within ten minutes.</summary>
public sealed class LostAnswers() : Scenario("F26", "answer lost after or before acceptance", 1000, "I6")
{
    public override string Unit => "mails";

    public override int CasesPerRun => 24;

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        Random random = new(seed);
        await using Plant plant = new();
        await plant.OpenAsync();
        HashSet<string> hadTaken = [];
        plant.Provider.Script = (mail, _) =>
        {
            string intent = mail.Tags["intent"];
            bool isFirst = !plant.Provider.Calls.SkipLast(1).Any(call => call.Intent == intent);
            bool isTaken = !isFirst || Draw(random, 2) == 0;
            if (isTaken && isFirst)
            {
                hadTaken.Add(intent);
            }

            return isFirst ? (new MailAnswer(MailAnswerKind.Unknown, null, 0), isTaken) : (ScriptedProvider.Accepts, true);
        };
        for (int number = 1; number <= 24; number++)
        {
            Plant.Good(await plant.NominateAsync(Plant.Economies[number % 4], number));
        }

        await plant.PumpAsync();
        HashSet<string> heardOf = [];
        foreach (TakenMail mail in plant.Provider.Taken.Where(mail => hadTaken.Contains(mail.Intent)).ToArray())
        {
            if (Draw(random, 2) == 0)
            {
                heardOf.Add(mail.Intent);
                plant.Clock.Advance(TimeSpan.FromSeconds(Draw(random, 20)));
                await plant.UseAsync((ReceiveMailEvents receive) => receive.RunAsync(
                    [new MailEvent(plant.Code, mail.Intent, "delivered", plant.Clock.Now, mail.MessageId, null)], default));
            }
        }

        await plant.AdvanceToAsync(plant.Clock.Now.AddMinutes(40));
        int repeats = 0;
        foreach (MailIntent intent in (await plant.LedgerAsync()).Where(intent => intent.Owed.Kind == NominationMails.Receipt))
        {
            int copies = plant.Provider.Taken.Count(mail => mail.Intent == intent.Owed.Id);
            Assert.Equal(heardOf.Contains(intent.Owed.Id) || !hadTaken.Contains(intent.Owed.Id) ? 1 : 2, copies);
            Assert.True(copies == 1 || intent.PossibleDuplicate, "A repeat that nobody is told of.");
            repeats += copies - 1;
        }

        story.Add($"{repeats} repeats of 24");
        await plant.AssertMailsAsync();
    }
}

/// <summary>The events of each mail, up to 46 copies of each, shuffled, some before the mail's own row is there.</summary>
public sealed class Events() : Scenario("F27", "46 copies of events, shuffled, late and early", 500, "I7")
{
    private static readonly string[] Names = ["processed", "deferred", "delivered", "bounce", "dropped", "spamreport", "open", "click"];

    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        Random random = new(seed);
        await using Plant plant = new();
        MailOwed early = new("23-IP-10-GE-WSP-A", CirculationMail.Kind, "officer:japan", "23-IP-10-GE-WSP-A", "none");
        await plant.UseAsync((ReceiveMailEvents receive) => receive.RunAsync([new MailEvent(early.Project, early.Id, "delivered", plant.Clock.Now, "m-0", null)], default));
        await plant.OpenAsync();
        MailIntent intent = (await plant.LedgerAsync())[0];
        MailEvent[] happened = [.. Enumerable.Range(0, 2 + Draw(random, 5)).Select(number =>
            new MailEvent(plant.Code, intent.Owed.Id, Names[Draw(random, Names.Length)], plant.Clock.Now.AddSeconds(Draw(random, 86_400)), "m-1.recv", null))];
        MailEvent[] copies = [.. happened.SelectMany(one => Enumerable.Repeat(one, 1 + Draw(random, 46)))];
        random.Shuffle(copies);
        story.AddRange(happened.Select(one => $"{one.Name} at {one.At:O}"));
        int highest = Rank(intent.State);
        foreach (MailEvent[] batch in copies.Chunk(1 + Draw(random, 20)))
        {
            await plant.UseAsync((ReceiveMailEvents receive) => receive.RunAsync(batch, default));
            MailIntent now = (await plant.LedgerAsync()).Single(one => one.Owed == intent.Owed);
            Assert.True(Rank(now.State) >= highest, $"From rank {highest} back to {now.State}");
            highest = Rank(now.State);
        }

        // Whatever the order: the complaint if there was one, else the latest of the final events, else deferred, else sent.
        MailIntent end = (await plant.LedgerAsync()).Single(one => one.Owed == intent.Owed);
        MailEvent[] deciding = [.. happened.Where(one => one.State is not null)];
        int expected = deciding.Select(one => Rank(one.State ?? MailState.Sent)).Append(Rank(MailState.Sent)).Max();
        Assert.Equal(expected, Rank(end.State));
        if (expected == Rank(MailState.Delivered))
        {
            DateTimeOffset latest = deciding.Where(one => Rank(one.State ?? MailState.Sent) == expected).Max(one => one.At);
            Assert.Equal(latest, end.EventAt);
            Assert.Contains(deciding, one => one.At == latest && one.State == end.State);
        }
    }

    private static int Rank(MailState state) => state switch
    {
        MailState.Sent => 1,
        MailState.Deferred => 2,
        MailState.Delivered or MailState.Bounced or MailState.Dropped => 3,
        MailState.Complained => 4,
        _ => 0,
    };
}

/// <summary>Between the plan of a reminder and its sending: the dates move, the project is cancelled, the participant goes, nothing.</summary>
public sealed class ChangedPlans() : Scenario("F28", "moved, cancelled or withdrawn between plan and sending", 500, "I13")
{
    protected override async Task PlayAsync(int seed, List<string> story, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(story);
        Random random = new(seed);
        await using Plant plant = new();
        await plant.OpenAsync();
        await plant.SelectAsync(each: 1);
        foreach (OfferRecord record in await plant.OffersAsync())
        {
            Plant.Good(await plant.AnswerAsync(CandidateId.Of(record.Economy, record.NominationId), OfferAnswer.Accept));
        }

        await plant.PumpAsync();
        DateTimeOffset start = new(2023, 8, 14, 2, 0, 0, TimeSpan.Zero);
        OfferRecord gone = (await plant.OffersAsync()).First(record => record.Offer.State == OfferState.Accepted);
        string candidate = CandidateId.Of(gone.Economy, gone.NominationId);
        string address = await AddressOfAsync(plant, gone);
        DateTimeOffset change = start.AddDays(-8).AddMinutes(Draw(random, 9 * 24 * 60));
        int kind = seed % 4;

        // The change may come exactly between the timer's message and the mail's: everything due is posted, nothing is delivered yet.
        bool isBetween = Draw(random, 2) == 0;
        await plant.AdvanceToAsync(isBetween ? start.AddDays(-7).AddMinutes(-1) : change);
        if (isBetween)
        {
            plant.Clock.Now = start.AddDays(-7);
            await plant.TickAsync();
            change = plant.Clock.Now;
        }

        story.Add($"{(kind == 0 ? "moved" : kind == 1 ? "cancelled" : kind == 2 ? "withdrawn" : "nothing")} at {change:u}{(isBetween ? ", between post and delivery" : "")}");
        bool isMoved = kind == 0 && change < start;
        switch (kind)
        {
            case 0 when isMoved:
                plant.Clock.Now = change;
                await plant.MoveStartAsync(TimeSpan.FromDays(79));
                break;
            case 1:
                await plant.CancelAsync();
                break;
            case 2:
                Plant.Good(await plant.AnswerAsync(candidate, OfferAnswer.Withdraw));
                break;
        }

        int before = plant.Provider.Taken.Count;
        await plant.AdvanceToAsync(start.AddDays(79).AddHours(-1));
        TakenMail[] after = [.. plant.Provider.Taken.Skip(before).Where(mail => mail.Kind == SelectionMails.StartReminder)];
        switch (kind)
        {
            case 0 when isMoved:
                Assert.All(after, mail => Assert.True(mail.At >= start.AddDays(79 - 7), "A reminder of a start that has moved."));
                break;
            case 1:
                Assert.Empty(after);
                break;
            case 2:
                Assert.DoesNotContain(after, mail => mail.To == address);
                break;
        }

        Assert.Equal(plant.Provider.Taken.Count, plant.Provider.Taken.Select(mail => mail.Intent).Distinct().Count());
        Assert.All(plant.Provider.Taken.Where(mail => mail.Kind == SelectionMails.StartReminder).GroupBy(mail => mail.To), mails => Assert.InRange(mails.Count(), 0, 4));
        await plant.AssertMailsAsync();
    }

    private static async Task<string> AddressOfAsync(Plant plant, OfferRecord record) =>
        (await plant.UseAsync((INominations nominations) => nominations.FindAsync(plant.Project, record.Economy, record.NominationId, default)))?.Email ?? "";
}
