using System.Globalization;
using Plenary.Agenda;
using Plenary.Attendance;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Nominations;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Support.Proof;
using Plenary.Surveys;

namespace Plenary.Simulation;

/// <summary>
/// Decides every invariant from what is left: all stores, the order in which they changed, the provider's mails, and what clients were answered. It
/// reads rows as they lie there and asks no code of the app how they came about.
/// </summary>
internal sealed class Checker(StoryPlan plan, World world, Player player)
{
    /// <summary>What an instance's clock may be off by.</summary>
    private readonly TimeSpan skew = TimeSpan.FromSeconds(plan.SkewSeconds);
    private readonly List<Finding> findings = [];

    private List<Row> nominations = [];
    private List<Row> selections = [];
    private List<MailIntent> mails = [];

    /// <summary>When the project was cancelled; null while it is to be held.</summary>
    private DateTimeOffset? cancelledAt;

    public IReadOnlyList<Finding> Check()
    {
        nominations = [.. world.Tables["Nominations"].Rows];
        selections = [.. world.Tables["Selections"].Rows];
        mails = [.. world.Tables["Mail"].Rows.Where(IsIntent).Select(row => row.Body<MailIntent>())];
        cancelledAt = world.Changes.FirstOrDefault(change => change.Table == "Projects" && change.Batch.Writes.Any(write => write.Row.Key.Row == "head" && write.Row.Body<Project>().State == ProjectState.Cancelled))?.At;
        CheckAcknowledged();
        CheckKeys();
        CheckClosing();
        CheckExtensions();
        CheckPlaces();
        CheckReplacements();
        CheckOwed();
        CheckMailsOnce();
        CheckForward();
        CheckFiles();
        CheckNothingLeft();
        CheckSurveys();
        CheckAudit();
        CheckReminders();
        CheckIndexes();
        return findings;
    }

    private static bool IsNominee(Row row) => row.Key.Row.StartsWith("nominee-", StringComparison.Ordinal);

    /// <summary>Beside the ledger of a project lie the hints by which operators find what lingers.</summary>
    private static bool IsIntent(Row row) => row.Key.Partition == Player.Code && MailTable.IsIntent(row);

    private static bool IsGiven(Told told) => told.Kind is "Nominate" && told.Answer is { Status: 200 or 201 };

    private void Find(string invariant, string what) => findings.Add(new Finding(invariant, world.Canon.Of(what), plan.Seed, world.Story));

    /// <summary>I1: whoever was told of a nomination finds it, with what they had sent.</summary>
    private void CheckAcknowledged()
    {
        Dictionary<string, (Row Row, Nominee Nominee)> stored = nominations.Where(IsNominee).ToDictionary(row => row.Key.Row["nominee-".Length..], row => (row, row.Body<Nominee>()));
        foreach (Told told in player.Heard.Where(told => told.Kind is "Nominate" or "AmendNomination" && told.Answer is { Status: 200 or 201 }))
        {
            if (!stored.TryGetValue(told.Id, out (Row Row, Nominee Nominee) found) || found.Nominee.Reference != told.Reference)
            {
                Find("I1", $"{told.Economy}'s nomination {told.Reference} was acknowledged and is not there.");
                continue;
            }

            string hash = told.Json?["contentHash"]?.GetValue<string>() ?? "";
            bool wasStored = world.Changes.Any(change => change.Table == "Nominations" && change.Batch.Writes.Any(write =>
                write.Row.Key == found.Row.Key && write.Row.Body<Nominee>().Sent is { } sent && sent.ContentHash == hash &&
                (told.Statement.Length == 0 || !told.Answer!.Body.Contains("\"version\":1,", StringComparison.Ordinal) || sent.Entry.Statement.Length > 0)));
            if (!wasStored)
            {
                Find("I1", $"{told.Economy}'s nomination {told.Reference} was acknowledged with a content that was never stored.");
            }

            if (found.Nominee.Sent is null)
            {
                Find("I1", $"{told.Economy}'s nomination {told.Reference} was acknowledged and has no submission.");
            }
        }

        foreach (Told told in player.Heard.Where(told => told.Kind is "SubmitNomination" && told.Answer is { Status: 302 }))
        {
            if (!stored.TryGetValue(told.Key, out (Row Row, Nominee Nominee) found) || found.Nominee.Sent is null)
            {
                Find("I1", $"{told.Economy}'s nomination {told.Key} was acknowledged by its form and is not there.");
            }
        }
    }

    /// <summary>I2: one key, one nomination, one receipt.</summary>
    private void CheckKeys()
    {
        foreach (IGrouping<string, Told> key in player.Heard.Where(IsGiven).GroupBy(told => $"{told.Economy} {told.Key}"))
        {
            if (key.Select(told => told.Reference).Distinct().Count() > 1)
            {
                Find("I2", $"The submission key {key.Key} gave several references.");
            }
        }

        foreach (IGrouping<string, Nominee> people in nominations.Where(IsNominee).Select(row => row.Body<Nominee>())
            .Where(nominee => nominee.State != NomineeState.Withdrawn && nominee.Entry.Email.Length > 0).GroupBy(nominee => nominee.Entry.Email))
        {
            if (people.Count() > 1)
            {
                Find("I2", $"{people.Key} was nominated twice.");
            }
        }
    }

    /// <summary>I3: in time is in, late is out, by the clock of the instance that took it and a closing that was in force while it ran.</summary>
    private void CheckClosing()
    {
        List<(int Number, string Partition, long Ticks)> gates = [.. world.Changes
            .Where(change => change.Table == "Nominations")
            .SelectMany(change => change.Batch.Writes.Where(write => write.Row.Key.Row == "gate").Select(write => ((int)change.Number, write.Row.Key.Partition, write.Row.Number("ClosesTicks"))))];
        foreach (Told told in player.Heard.Where(told => told.Kind is "Nominate" or "AmendNomination" or "SubmitNomination" && told.Answer is not null))
        {
            string partition = $"{Player.Code}|{told.Economy}";
            long[] inForce = [.. gates.Where(gate => gate.Partition == partition && gate.Number < told.ChangesBefore).TakeLast(1)
                .Concat(gates.Where(gate => gate.Partition == partition && gate.Number >= told.ChangesBefore && gate.Number < told.ChangesAfter)).Select(gate => gate.Ticks)];
            long at = told.Answer!.ReceivedAt.UtcTicks;
            if (told.Answer.Status == 201 && inForce.Length > 0 && inForce.All(ticks => at >= ticks) && !IsExtended(partition, told))
            {
                Find("I3", $"{told.Economy}'s {told.Key} came {TimeSpan.FromTicks(at - inForce.Max())} after the closing and was accepted.");
            }

            if (told.Answer.Body.Contains("nominations-closed", StringComparison.Ordinal) && inForce.All(ticks => at < ticks))
            {
                Find("I3", $"{told.Economy}'s {told.Key} came {TimeSpan.FromTicks(inForce.Min() - at)} before the closing and was refused.");
            }
        }
    }

    /// <summary>An extension of the economy had been granted when this was answered, and had not run out when it came.</summary>
    private bool IsExtended(string partition, Told told) => world.Changes.Take(told.ChangesAfter)
        .Where(change => change.Table == "Nominations" && change.Batch.Partition == partition)
        .SelectMany(change => change.Batch.Writes)
        .Any(write => write.Row.Key.Row.StartsWith("extension-", StringComparison.Ordinal) && told.Answer!.ReceivedAt < write.Row.Body<Extension>().Until);

    /// <summary>I3, I14: what came in late used an extension up, each as often as it may be.</summary>
    private void CheckExtensions()
    {
        foreach (IGrouping<string, Row> desk in nominations.GroupBy(row => row.Key.Partition))
        {
            Extension[] extensions = [.. desk.Where(row => row.Key.Row.StartsWith("extension-", StringComparison.Ordinal)).Select(row => row.Body<Extension>())];
            foreach (Extension extension in extensions.Where(extension => extension.Uses.Count > extension.MostUses))
            {
                Find("I3", $"Extension {extension.Id} of {desk.Key} let {extension.Uses.Count} in, and was for {extension.MostUses}.");
            }

            foreach (Nominee late in desk.Where(IsNominee).Select(row => row.Body<Nominee>()).Where(nominee => nominee.Sent?.Late?.Extension is not null))
            {
                if (!extensions.Any(extension => extension.Id == late.Sent?.Late?.Extension && extension.Uses.Any(use => use.Nominee == late.Id)))
                {
                    Find("I14", $"{late.Id} of {desk.Key} is late by an extension that knows nothing of it.");
                }
            }
        }
    }

    /// <summary>I5, I9: who was named for a place that fell free was offered it, and no place is kept for ever.</summary>
    private void CheckReplacements()
    {
        if (cancelledAt is not null)
        {
            return;
        }

        foreach (Row kept in selections.Where(row => row.Text(SelectionTable.KeptColumn).Length > 0))
        {
            Find("I9", $"{kept.Key.Row} is still kept for {kept.Text(SelectionTable.KeptColumn)}.");
        }

        HashSet<string> offered = [.. selections.Where(row => row.Key.Row.StartsWith("offer-", StringComparison.Ordinal)).Select(row => row.Body<OfferRecord>().NominationId)];
        foreach (Row gate in nominations.Where(row => row.Key.Row == "gate"))
        {
            foreach (Vacancy vacancy in gate.Body<Desk>().Vacancies.Where(vacancy => vacancy.FilledBy is { } named && !offered.Contains(named)))
            {
                Find("I5", $"{vacancy.FilledBy} was named for {vacancy.Place} and never offered it.");
            }
        }
    }

    /// <summary>I4: no place twice, none beyond the capacity, alternates in the order of their numbers.</summary>
    private void CheckPlaces()
    {
        if (selections.FirstOrDefault(row => row.Key.Row == "selection")?.Body<SelectionRecord>() is not { } selection)
        {
            return;
        }

        OfferRecord[] offers = [.. selections.Where(row => row.Key.Row.StartsWith("offer-", StringComparison.Ordinal)).Select(row => row.Body<OfferRecord>())];
        OfferRecord[] holding = [.. offers.Where(offer => offer.Offer.HoldsPlace)];
        int capacity = plan.OverseasPlaces + plan.LocalPlaces;
        if (holding.Length > capacity)
        {
            Find("I4", $"{holding.Length} offers hold {capacity} places.");
        }

        foreach (IGrouping<string, OfferRecord> place in holding.GroupBy(offer => offer.Offer.Place.ToString()).Where(place => place.Count() > 1))
        {
            Find("I4", $"{place.Key} was given to {string.Join(" and ", place.Select(offer => $"{offer.Economy}/{offer.NominationId}"))}.");
        }

        // A place kept for an economy is nobody's until it names somebody.
        HashSet<string> places = [.. selections.Where(row => row.Key.Row.StartsWith("place-", StringComparison.Ordinal) && row.Text(SelectionTable.KeptColumn).Length == 0).Select(row => $"{row.Key.Row} {row.Text("Candidate")}")];
        HashSet<string> held = [.. holding.Select(offer => $"{offer.Offer.Place} {offer.Economy}/{offer.NominationId}")];
        if (!places.SetEquals(held))
        {
            Find("I14", $"Place rows ({string.Join(", ", places)}) and offers that hold places ({string.Join(", ", held)}) differ.");
        }

        CheckPlacesAlways();
        CheckWaitingList(selection, offers);
    }

    /// <summary>At every moment, not only at the end.</summary>
    private void CheckPlacesAlways()
    {
        Dictionary<string, OfferRecord> known = [];
        foreach (Change change in world.Changes.Where(change => change.Table == "Selections"))
        {
            foreach (Write write in change.Batch.Writes.Where(write => write.Kind != WriteKind.Delete && write.Row.Key.Row.StartsWith("offer-", StringComparison.Ordinal)))
            {
                OfferRecord offer = write.Row.Body<OfferRecord>();
                known[write.Row.Key.Row] = offer;
                OfferRecord[] same = [.. known.Values.Where(one => one.Offer.HoldsPlace && one.Offer.Place == offer.Offer.Place)];
                if (same.Length > 1)
                {
                    Find("I4", $"At {change.At:u} {same.Length} offers held {offer.Offer.Place}.");
                    return;
                }
            }
        }
    }

    private void CheckWaitingList(SelectionRecord selection, OfferRecord[] offers)
    {
        SelectionResult? result = null;
        using (Stream? list = world.Blobs.OpenReadAsync("selections", $"{Player.Code}/{selection.Digest}.json", default).GetAwaiter().GetResult())
        {
            result = list is null ? null : System.Text.Json.JsonSerializer.Deserialize<SelectionResult>(list, Row.Json);
        }

        if (result is null)
        {
            Find("I8", "The selection has lost its list.");
            return;
        }

        Dictionary<string, OfferRecord> byCandidate = offers.ToDictionary(offer => $"{offer.Economy}/{offer.NominationId}");

        // Within one economy and pool nobody with a higher number is promoted while a lower one waits.
        foreach (IGrouping<(Pool Pool, string Economy), SelectionDecision> line in result.Decisions.Where(decision => decision.Kind == DecisionKind.Alternate).GroupBy(decision => (decision.Pool, decision.Economy)))
        {
            SelectionDecision[] inOrder = [.. line.OrderBy(decision => decision.Order)];
            int first = Array.FindIndex(inOrder, decision => !byCandidate.ContainsKey(decision.NominationId));
            if (first >= 0 && inOrder[first..].Any(decision => byCandidate.ContainsKey(decision.NominationId)))
            {
                Find("I4", $"An alternate of {line.Key.Economy} was passed over.");
            }
        }

        if (cancelledAt is null && selection.Stage == SelectionStage.Approved && result.Decisions.Any(decision => decision.Kind == DecisionKind.Selected && !byCandidate.ContainsKey(decision.NominationId)))
        {
            Find("I5", "A selected nominee was never offered the place.");
        }
    }

    /// <summary>I5: whatever was owed was sent, or shows why not.</summary>
    private void CheckOwed()
    {
        Dictionary<string, MailIntent> ledger = mails.ToDictionary(intent => intent.Owed.Id);
        HashSet<string> given = [.. world.Mailbox.Taken.Select(mail => mail.Intent)];
        HashSet<string> dead = [.. world.Broker.Dead.Select(message => message.Body)];
        IEnumerable<MailOwed> owed = world.Changes.SelectMany(change => change.Batch.Writes
                .Where(write => write.Kind == WriteKind.Insert && write.Row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal) && write.Row.Text("Queue") == Queues.SendMail)
                .Select(write => Envelope.Read<MailOwed>(write.Row.Text("Message"))))
            .Concat(Expected());
        foreach (MailOwed one in owed.DistinctBy(one => one.Id))
        {
            if (!ledger.TryGetValue(one.Id, out MailIntent? intent))
            {
                if (!dead.Contains(Envelope.Write(one)))
                {
                    Find("I5", $"{one.Kind} to {one.Person} about {one.Subject} was owed and never taken up.");
                }
            }
            else if (intent.State is MailState.Queued or MailState.Sending)
            {
                Find("I5", $"{one.Kind} to {one.Person} about {one.Subject} is {intent.State} for ever.");
            }
            else if (intent.State is MailState.Sent or MailState.Delivered && !given.Contains(one.Id))
            {
                Find("I5", $"{one.Kind} to {one.Person} about {one.Subject} is {intent.State}, and the provider never had it.");
            }
        }
    }

    /// <summary>Mails that follow from what is there, whether or not anybody wrote down that they are owed.</summary>
    private IEnumerable<MailOwed> Expected()
    {
        foreach (Row row in nominations.Where(IsNominee))
        {
            Nominee nominee = row.Body<Nominee>();
            string economy = row.Key.Partition.Split('|')[1];
            for (int version = 1; version <= (nominee.Sent?.Version ?? 0); version++)
            {
                yield return new MailOwed(Player.Code, "nomination-receipt", $"officer:{economy}", $"{economy}/{nominee.Id}", version.ToString(CultureInfo.InvariantCulture));
            }

            if (nominee.State == NomineeState.Withdrawn)
            {
                yield return new MailOwed(Player.Code, "nomination-withdrawn", $"officer:{economy}", $"{economy}/{nominee.Id}", (nominee.Sent?.Version ?? 0).ToString(CultureInfo.InvariantCulture));
            }
        }

        foreach (OfferRecord offer in selections.Where(row => row.Key.Row.StartsWith("offer-", StringComparison.Ordinal)).Select(row => row.Body<OfferRecord>()))
        {
            string candidate = $"{offer.Economy}/{offer.NominationId}";
            yield return new MailOwed(Player.Code, SelectionMails.OfferMade, $"nominee:{candidate}", candidate, offer.Number.ToString(CultureInfo.InvariantCulture));
        }

        foreach (SurveyRight right in world.Tables["SurveyRights"].Rows.Where(row => row.Key.Row.StartsWith("right-", StringComparison.Ordinal)).Select(row => row.Body<SurveyRight>()))
        {
            yield return new MailOwed(Player.Code, "survey-invitation", $"nominee:{right.Candidate}", right.Candidate, "1");
        }

        foreach (Row row in world.Tables["Attendance"].Rows.Where(row => row.Key.Row.StartsWith("certificate-", StringComparison.Ordinal)))
        {
            string candidate = row.Text("Candidate");
            yield return new MailOwed(Player.Code, "certificate-issued", $"nominee:{candidate}", candidate, row.Text("Number"));
        }
    }

    /// <summary>I6: nobody is written to twice, save once where the answer was lost, and then it is marked.</summary>
    private void CheckMailsOnce()
    {
        Dictionary<string, MailIntent> ledger = mails.ToDictionary(intent => intent.Owed.Id);
        foreach (IGrouping<string, TakenMail> copies in world.Mailbox.Taken.GroupBy(mail => mail.Intent).Where(copies => copies.Count() > 1))
        {
            // A doubt is a lost answer, or a process that died before it could note the answer.
            bool isDoubtful = world.Mailbox.InDoubt.Contains(copies.Key) || world.Kills > 0 || plan.Faults.Any(fault => fault.Kind is FaultKind.Fails or FaultKind.AnswerLostForGood);
            bool isMarked = ledger.TryGetValue(copies.Key, out MailIntent? intent) && intent.PossibleDuplicate;
            if (copies.Count() > 2 || !isDoubtful || !isMarked)
            {
                Find("I6", $"{copies.First().Kind} to {copies.First().Mail.ToAddress} was taken {copies.Count()} times{(isMarked ? "" : ", unmarked")}.");
            }
        }
    }

    /// <summary>I7: states move forward only.</summary>
    private void CheckForward()
    {
        Dictionary<string, int> ranks = new(StringComparer.Ordinal);
        foreach (Change change in world.Changes)
        {
            foreach (Row row in change.Batch.Writes.Where(write => write.Kind != WriteKind.Delete).Select(write => write.Row))
            {
                int? rank = change.Table switch
                {
                    "Mail" when IsIntent(row) => Enum.Parse<MailState>(row.Text("State")) switch
                    {
                        // Until the provider has it, or it is given up, it goes to and fro between attempts.
                        MailState.Queued or MailState.Sending or MailState.Unknown => 0,
                        MailState.Sent or MailState.Failed or MailState.Skipped => 1,
                        MailState.Deferred => 2,
                        MailState.Complained => 4,
                        _ => 3,
                    },
                    "Selections" when row.Key.Row.StartsWith("offer-", StringComparison.Ordinal) => row.Text("State") switch { "Made" => 0, "Accepted" => 1, _ => 2 },
                    "Selections" when row.Key.Row == "selection" => row.Text("Stage") == "Approved" ? 1 : 0,
                    "Nominations" when IsNominee(row) => row.Text("State") switch { "Draft" => 0, "Submitted" => 1, _ => 2 },
                    "SurveyRights" when row.Key.Row.StartsWith("right-", StringComparison.Ordinal) => row.Flag("IsSpent") ? 1 : 0,
                    _ => null,
                };
                if (rank is not { } now)
                {
                    continue;
                }

                string key = $"{change.Table} {row.Key.Partition} {row.Key.Row}";
                if (ranks.TryGetValue(key, out int before) && before > now)
                {
                    Find("I7", $"{key} went back from step {before} to {now}.");
                }

                ranks[key] = now;
            }
        }
    }

    /// <summary>I8: every row of a file has its file, and every file its row.</summary>
    private void CheckFiles()
    {
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (Row row in nominations.Where(row => row.Key.Row.StartsWith("doc-", StringComparison.Ordinal)))
        {
            NomineeDocument document = row.Body<NomineeDocument>();
            string[] parts = row.Key.Partition.Split('|');
            string name = $"{parts[0]}/{parts[1]}/{document.NomineeId}/{document.Id}";
            named.Add($"documents/{name}");
            Stream? content = world.Blobs.OpenReadAsync("documents", name, default).GetAwaiter().GetResult();
            if (content is null || Content.HashOf(content) != document.Sha256)
            {
                Find("I8", $"The row of document {document.Id} has no file of its content.");
            }
        }

        // The story ends weeks after the last upload: what a crash left behind has been settled.
        if (world.Blobs.Names.FirstOrDefault(name => name.StartsWith("documents/", StringComparison.Ordinal) && !named.Contains(name)) is { } orphan)
        {
            Find("I8", $"{orphan} belongs to nobody.");
        }
    }

    /// <summary>I9, I10: nothing waits any more; what could not be read lies aside.</summary>
    private void CheckNothingLeft()
    {
        foreach (Row row in world.Tables.All.SelectMany(table => table.Rows).Where(row => row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal)))
        {
            Find("I9", $"{row.Text("MessageId")} is still owed by {row.Key.Partition}.");
        }

        foreach (Row row in world.Tables[AgendaTable.Name].Rows.Where(row => row.Key.Partition == AgendaTable.Partition && Keys.InstantOf(row.Key.Row) <= world.Now))
        {
            Find("I9", $"{row.Key.Row} was due and still waits.");
        }

        foreach (WaitingMessage message in world.Broker.Messages.Where(message => message.VisibleAt <= world.Now))
        {
            Find("I9", $"{message.Id} still waits in {message.Queue}.");
        }

        foreach (WaitingMessage message in world.Broker.Dead.Where(message => !message.Id.StartsWith("slipped-", StringComparison.Ordinal)))
        {
            Find("I10", $"{message.Id} of {message.Queue} was dead-lettered.");
        }

        foreach (WaitingMessage message in world.Broker.Messages.Where(message => message.Id.StartsWith("slipped-", StringComparison.Ordinal)))
        {
            Find("I10", $"A message nobody can read is still tried in {message.Queue}.");
        }
    }

    /// <summary>I11: an answer leads to nobody. I2 for answers: one each.</summary>
    private void CheckSurveys()
    {
        Row[] rights = [.. world.Tables["SurveyRights"].Rows.Where(row => row.Key.Row.StartsWith("right-", StringComparison.Ordinal))];
        Row[] answers = [.. world.Tables["SurveyAnswers"].Rows];
        int spent = rights.Count(row => row.Flag("IsSpent"));
        int claimed = rights.Count(row => row.Body<SurveyRight>().Claim is not null);
        if (answers.Length < spent || answers.Length > spent + claimed)
        {
            Find("I11", $"{answers.Length} answers are stored for {spent} rights spent and {claimed} claimed.");
        }

        int told = player.Heard.Where(told => told.Kind == "AnswerSurvey" && told.Answer is { Status: 200 }).Select(told => $"{told.Economy}/{told.Key}").Distinct().Count();
        if (told > spent)
        {
            Find("I1", $"{told} people were thanked for their answers and {spent} rights are spent.");
        }

        foreach (Row answer in answers)
        {
            if (rights.Any(row => row.Flag("IsSpent") && row.Values.Values.Any(value => value is string text && text.Contains(answer.Key.Row, StringComparison.Ordinal))))
            {
                Find("I11", "A spent right still names its answer.");
            }
        }

        // A store stamps rows with the time of their writing: rights of a partition are written together or not at all.
        foreach (IGrouping<string, Row> partition in rights.GroupBy(row => row.Key.Partition))
        {
            Change last = world.Changes.Last(change => change.Table == "SurveyRights" && change.Batch.Partition == partition.Key);
            if (last.Batch.Writes.Count != partition.Count())
            {
                Find("I11", "The rights of a partition bear different times.");
            }
        }
    }

    /// <summary>I12: an entry for each change, and none for a change that was not made.</summary>
    private void CheckAudit()
    {
        foreach (Change change in world.Changes.Where(change => change.Table is "Nominations" or "Selections" or "Projects" or "Closings" or "Attendance"))
        {
            int entries = change.Batch.Writes.Count(write => write.Row.Key.Row.StartsWith(AuditWrites.RowPrefix, StringComparison.Ordinal));
            bool changes = change.Batch.Writes.Any(write => !write.Row.Key.Row.StartsWith(AuditWrites.RowPrefix, StringComparison.Ordinal) &&
                !write.Row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal) && write.Row.Key.Partition != "catalogue");
            if (entries != (changes ? 1 : 0))
            {
                Find("I12", $"{change.By} wrote {change.Batch.Writes.Count} rows to {change.Table} with {entries} entries of the audit trail.");
            }
        }
    }

    /// <summary>I13: each step of a ladder is taken once, or knowingly not, and never too late.</summary>
    private void CheckReminders()
    {
        Dictionary<string, Row> projects = world.Tables["Projects"].Rows.Where(row => row.Key.Row == "head").ToDictionary(row => row.Key.Partition);
        if (projects.Values.FirstOrDefault()?.Body<Project>() is not { } project)
        {
            return;
        }

        foreach (TakenMail mail in world.Mailbox.Taken)
        {
            if (mail.At > cancelledAt + skew + TimeSpan.FromMinutes(1) && mail.Kind is ("closing-reminder" or "draft-reminder" or "offer-made" or "offer-reminder" or "start-reminder" or "survey-invitation" or "survey-reminder"))
            {
                Find("I13", $"{mail.Kind} to {mail.Mail.ToAddress} left at {mail.At:u}, though the project had been cancelled at {cancelledAt:u}.");
            }

            bool isLate = mail.Kind switch
            {
                // The skew of a clock, and the minutes between composing and sending that a repeat may take.
                "start-reminder" => mail.At >= project.StartsAt + skew + TimeSpan.FromMinutes(1),
                _ => false,
            };
            if (isLate)
            {
                Find("I13", $"{mail.Kind} to {mail.Mail.ToAddress} left at {mail.At:u}, too late to be of use.");
            }
        }

        HashSet<string> taken = [.. world.Tables["Reminders"].Rows.Select(row => row.Key.Row)];
        foreach (Owed step in world.Changes.SelectMany(change => change.Batch.Writes)
            .Where(write => write.Kind == WriteKind.Insert && write.Row.Key.Row.StartsWith(Owed.RowPrefix, StringComparison.Ordinal) && write.Row.Text("Queue") == Queues.SendReminder)
            .Select(write => Owed.FromRow(write.Row)))
        {
            ReminderDue due = Envelope.Read<ReminderDue>(step.Body);
            if (step.DueAt <= world.Now && !taken.Contains(ReminderTable.KeyOf(due).Row))
            {
                Find("I13", $"The step {due.Ladder} {due.Days} of {due.Subject} was lost.");
            }
        }
    }

    /// <summary>I14: indexes and counters as a recount has them.</summary>
    private void CheckIndexes()
    {
        foreach (IGrouping<string, Row> desk in nominations.GroupBy(row => row.Key.Partition))
        {
            Nominee[] nominees = [.. desk.Where(IsNominee).Select(row => row.Body<Nominee>())];
            string[] present = [.. nominees.Where(nominee => nominee.State != NomineeState.Withdrawn).Select(nominee => nominee.Id).Order(StringComparer.Ordinal)];
            string[] ranked = [.. desk.Where(row => row.Key.Row.StartsWith("rank-", StringComparison.Ordinal)).Select(row => row.Text("Nominee")).Order(StringComparer.Ordinal)];
            if (!present.SequenceEqual(ranked))
            {
                Find("I14", $"{desk.Key} has {present.Length} nominees and {ranked.Length} ranks.");
            }

            string[] addresses = [.. nominees.Where(nominee => nominee.State != NomineeState.Withdrawn && nominee.Entry.Email.Length > 0)
                .Select(nominee => $"{NominationTable.MailKey(desk.Key, nominee.Entry.Email).Row} {nominee.Id}").Order(StringComparer.Ordinal)];
            string[] indexed = [.. desk.Where(row => row.Key.Row.StartsWith("mail-", StringComparison.Ordinal)).Select(row => $"{row.Key.Row} {row.Text("Nominee")}").Order(StringComparer.Ordinal)];
            if (!addresses.SequenceEqual(indexed))
            {
                Find("I14", $"{desk.Key} has {addresses.Length} addresses and {indexed.Length} index rows.");
            }

            HashSet<string> known = [.. nominees.Select(nominee => nominee.Id)];
            if (desk.Any(row => row.Key.Row.StartsWith("key-", StringComparison.Ordinal) && !known.Contains(row.Text("Nominee"))))
            {
                Find("I14", $"{desk.Key} has a submission key of nobody.");
            }
        }

        Dictionary<string, string> numbers = world.Tables["Certificates"].Rows.ToDictionary(row => Keys.Unescape(row.Key.Partition), row => row.Body<Certificate>().Number);
        string[] issued = [.. world.Tables["Attendance"].Rows.Where(row => row.Key.Row.StartsWith("certificate-", StringComparison.Ordinal)).Select(row => row.Text("Number"))];
        bool wasRepeated = player.Heard.Any(told => told.Kind == "IssueCertificates" && told.Answer is { IsGood: true });
        if (numbers.Keys.Except(issued).Any() || (wasRepeated && issued.Except(numbers.Keys).Any()))
        {
            Find("I14", $"{issued.Length} certificates were issued and {numbers.Count} can be checked.");
        }
    }
}
