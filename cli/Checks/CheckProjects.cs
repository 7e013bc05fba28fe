using System.Globalization;
using Plenary.Attendance;
using Plenary.Cli.Backups;
using Plenary.Closing;
using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Infra.Tables;
using Plenary.Nominations;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;
using Plenary.Surveys;

namespace Plenary.Cli.Checks;

/// <summary>Recounts what lies around the desks: projects, closings, selections, attendance and surveys.</summary>
internal sealed class CheckProjects(Operation operation, TimeSpan grace, IReadOnlyDictionary<string, DeskTally> desks, Action<Finding> found)
{
    private const string Restore = "Compare with a backup restored into another prefix; write the row again by its owner's rules.";

    /// <summary>Longer than the desks of a project take to be read.</summary>
    private static readonly TimeSpan CountingTakes = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Project> projects = new(StringComparer.Ordinal);

    /// <summary>Codes of the projects that are there.</summary>
    public IReadOnlyCollection<string> Codes => projects.Keys;

    public async Task RunAsync(CancellationToken cancellation)
    {
        await CheckHeadsAsync(cancellation);
        await CheckClosingsAsync(cancellation);
        await CheckSelectionsAsync(cancellation);
        await CheckAttendanceAsync(cancellation);
        await CheckSurveysAsync(cancellation);
        foreach (string partition in desks.Keys.Where(partition => !projects.ContainsKey(Keys.Unescape(partition.Split('|')[0]))))
        {
            found(new Finding("project-missing", $"{NominationTable.Name} {partition}", "There is a desk of a project that is not there.", Restore));
        }
    }

    private async Task CheckHeadsAsync(CancellationToken cancellation)
    {
        HashSet<string> listed = [];
        Dictionary<string, int> versions = [];
        await foreach (Row row in operation.Tables.Get(ProjectTable.Name).ScanAllAsync(cancellation))
        {
            if (row.Key.Partition == ProjectTable.CataloguePartition)
            {
                listed.Add(Keys.Unescape(row.Key.Row));
            }
            else if (row.Key.Row == ProjectTable.HeadRow)
            {
                Project project = row.Body<Project>();
                projects[project.Code.ToString()] = project;
                if (row.Text("State") != project.State.ToString() || row.Number("Version") != project.Version || row.Number("ClosesTicks") != project.ClosesAt.UtcTicks)
                {
                    Tell("column-stale", ProjectTable.Name, row.Key, "State, version or closing beside the body say something else than the body.");
                }
            }
            else if (row.Key.Row.StartsWith("version-", StringComparison.Ordinal))
            {
                string code = Belonging.OfRow(row);
                int expected = versions.GetValueOrDefault(code) + 1;
                if (row.Body<ProjectVersion>().Number != expected)
                {
                    Tell("version-gap", ProjectTable.Name, row.Key, $"Version {expected} is missing before it.");
                }

                versions[code] = row.Body<ProjectVersion>().Number;
            }
        }

        foreach (Project project in projects.Values)
        {
            string code = project.Code.ToString();
            if (!listed.Remove(code))
            {
                Tell("catalogue-missing", ProjectTable.Name, ProjectTable.CatalogueOf(project.Code), "The project is not in the catalogue, so no list shows it.");
            }

            if (versions.GetValueOrDefault(code) != project.Version)
            {
                Tell("version-missing", ProjectTable.Name, ProjectTable.HeadOf(project.Code), $"The head says version {project.Version}, the last version row is {versions.GetValueOrDefault(code)}.");
            }
        }

        foreach (string code in listed)
        {
            found(new Finding("catalogue-orphan", $"{ProjectTable.Name} {ProjectTable.CataloguePartition}/{code}", "The catalogue names a project that is not there.", Restore));
        }
    }

    private async Task CheckClosingsAsync(CancellationToken cancellation)
    {
        await foreach (Row row in operation.Tables.Get(ClosingTable.Name).ScanAllAsync(cancellation).Where(row => row.Key.Row == "closing"))
        {
            ClosedNominations closing = row.Body<ClosedNominations>();
            if (row.Number("Submitted") != closing.Submitted || row.Number("ClosedTicks") != closing.ClosedAt.UtcTicks)
            {
                Tell("column-stale", ClosingTable.Name, row.Key, "The sum or the instant beside the body says something else than the body.");
            }

            // Where the closing has been moved since, the desks have gone on and nothing has to agree.
            if (!projects.TryGetValue(closing.Project.ToString(), out Project? project) || project.ClosesAt != closing.ClosedAt)
            {
                continue;
            }

            // Whoever came in while the desks were being counted is in the count, or is not.
            DateTimeOffset counting = (DateTimeOffset.TryParse(row.Text("NoticedAt"), CultureInfo.InvariantCulture, out DateTimeOffset noticed) ? noticed : closing.ClosedAt) + CountingTakes;
            foreach (NominationCounts counted in closing.Economies)
            {
                DeskTally now = desks.GetValueOrDefault(NominationTable.PartitionOf(closing.Project, counted.Economy)) ?? DeskTally.Empty;
                DeskTally then = now.AtClosing;
                int open = now.Late.Count(one => one.At < counting);
                if (IsFar(counted.Submitted, then.Submitted) || IsFar(counted.Drafts, then.Drafts) || counted.Withdrawn != then.Withdrawn)
                {
                    Tell(
                        "closing-count",
                        ClosingTable.Name,
                        row.Key,
                        $"{counted.Economy} closed with {counted.Submitted} submitted, {counted.Drafts} drafts and {counted.Withdrawn} withdrawn; its rows say {then.Submitted}, {then.Drafts} and {then.Withdrawn}, and {now.Late.Count} since.");
                }

                bool IsFar(int one, int other) => Math.Abs(one - other) > open;
            }
        }
    }

    private async Task CheckSelectionsAsync(CancellationToken cancellation)
    {
        Dictionary<(string Project, string Place), string> places = [];
        List<(string Project, RowKey Key, OfferRecord Record)> offers = [];
        HashSet<string> named = [];
        await foreach (Row row in operation.Tables.Get(SelectionTable.Name).ScanAllAsync(cancellation))
        {
            string code = Keys.Unescape(row.Key.Partition);
            if (row.Key.Row.StartsWith(SelectionTable.PlacePrefix, StringComparison.Ordinal))
            {
                // Kept for an economy that may name somebody: nobody holds it yet.
                if (row.Text(SelectionTable.KeptColumn).Length == 0)
                {
                    places[(code, row.Key.Row)] = row.Text("Candidate");
                }
            }
            else if (row.Key.Row.StartsWith(SelectionTable.OfferPrefix, StringComparison.Ordinal))
            {
                OfferRecord record = row.Body<OfferRecord>();
                offers.Add((code, row.Key, record));
                if (row.Text("State") != record.Offer.State.ToString())
                {
                    Tell("column-stale", SelectionTable.Name, row.Key, "The state beside the body says something else than the body.");
                }
            }
            else if (row.Key.Row == SelectionTable.SelectionRow)
            {
                string name = $"{code}/{row.Body<SelectionRecord>().Digest}.json";
                named.Add(name);
                await CheckListAsync(row.Key, name, row.Body<SelectionRecord>().Digest, cancellation);
            }
            else if (row.Text("Action") == "selection-proposed" && row.Body<AuditEntry>().Facts?.GetValueOrDefault("digest") is { } digest)
            {
                named.Add($"{code}/{digest}.json");
            }
        }

        foreach ((string code, RowKey key, OfferRecord record) in offers)
        {
            string candidate = CandidateId.Of(record.Economy, record.NominationId);
            string? holder = places.GetValueOrDefault((code, record.Offer.Place.ToString()));
            if (record.Offer.HoldsPlace && holder != candidate)
            {
                Tell("place-missing", SelectionTable.Name, key, $"The offer holds {record.Offer.Place}, but the row of that place {(holder is null ? "is not there" : "names somebody else")}: it could be given away twice.");
            }
            else if (!record.Offer.HoldsPlace && holder == candidate)
            {
                Tell("place-held", SelectionTable.Name, key, $"The offer has ended, but {record.Offer.Place} is still held in its name: no alternate can have it.");
            }

            if (await operation.Tables.Get(NominationTable.Name).FindAsync(NominationTable.NomineeKey(NominationTable.PartitionOf(ProjectCode.Parse(code), record.Economy), record.NominationId), cancellation) is null)
            {
                Tell("offer-orphan", SelectionTable.Name, key, "The offer is to a nominee who is not there.");
            }
        }

        HashSet<(string, string)> owners = [.. offers.Select(offer => (offer.Project, CandidateId.Of(offer.Record.Economy, offer.Record.NominationId)))];
        foreach (((string code, string place), string candidate) in places.Where(pair => !owners.Contains((pair.Key.Project, pair.Value))))
        {
            Tell("place-orphan", SelectionTable.Name, new RowKey(Keys.Escape(code), place), $"It is held by {candidate}, who has no offer.");
        }

        await foreach (StoredBlob blob in operation.Blobs.ListAsync(SelectionTable.Container, "", cancellation))
        {
            if (!named.Contains(blob.Name) && !(blob.ModifiedAt is { } modified && (operation.Now - modified).Duration() < grace))
            {
                found(new Finding(Finding.OrphanBlob, $"{SelectionTable.Container} {blob.Name}", "No proposal ever named this list: one broke off before it was recorded.", "Delete the blob."));
            }
        }
    }

    private async Task CheckListAsync(RowKey key, string name, string digest, CancellationToken cancellation)
    {
        await using Stream? stream = await operation.Blobs.OpenReadAsync(SelectionTable.Container, name, cancellation);
        SelectionResult? result = stream is null ? null : await System.Text.Json.JsonSerializer.DeserializeAsync<SelectionResult>(stream, Row.Json, cancellation);
        if (result?.ComputeDigest() != digest)
        {
            Tell("selection-list", SelectionTable.Name, key, "The list that the digest names is not there, or is another one: what was approved cannot be shown.", "Undelete the blob, or go back to its version before.");
        }
    }

    private async Task CheckAttendanceAsync(CancellationToken cancellation)
    {
        HashSet<string> issued = [];
        ITable byNumber = operation.Tables.Get(CertificateTable.Name);
        await foreach (Row row in operation.Tables.Get(AttendanceTable.Name).ScanAllAsync(cancellation))
        {
            if (row.Key.Row.StartsWith(AttendanceTable.PresencePrefix, StringComparison.Ordinal) && row.Number("Sessions") != row.Body<PresenceRecord>().Sessions.Count)
            {
                Tell("column-stale", AttendanceTable.Name, row.Key, "The number of sessions beside the body says something else than the body.");
            }
            else if (row.Key.Row.StartsWith(AttendanceTable.CertificatePrefix, StringComparison.Ordinal))
            {
                Certificate certificate = row.Body<Certificate>();
                issued.Add(certificate.Number);
                if ((await byNumber.FindAsync(CertificateTable.KeyOf(certificate.Number), cancellation))?.Body<Certificate>() != certificate)
                {
                    Tell("certificate-unpublished", AttendanceTable.Name, row.Key, $"Certificate {certificate.Number} cannot be checked: the public row is missing or says something else.", "Issue the certificates of this project once more; what is there already stays as it is.");
                }
            }
        }

        await foreach (Row row in byNumber.ScanAllAsync(cancellation).Where(row => row.Key.Row == CertificateTable.CertificateRow && !issued.Contains(row.Body<Certificate>().Number)))
        {
            Tell("certificate-orphan", CertificateTable.Name, row.Key, "A certificate can be checked that was issued to nobody.");
        }
    }

    private async Task CheckSurveysAsync(CancellationToken cancellation)
    {
        Dictionary<string, Survey> surveys = [];
        Dictionary<string, (int Rights, int Spent, int Stored)> rights = [];
        ITable answers = operation.Tables.Get(SurveyAnswerTable.Name);
        await foreach (Row row in operation.Tables.Get(SurveyRightTable.Name).ScanAllAsync(cancellation))
        {
            string code = Belonging.OfRow(row);
            if (row.Key.Row == SurveyRightTable.SurveyRow)
            {
                surveys[code] = row.Body<Survey>();
            }
            else if (row.Key.Row.StartsWith(SurveyRightTable.RightPrefix, StringComparison.Ordinal))
            {
                SurveyRight right = row.Body<SurveyRight>();
                if (row.Flag("IsSpent") != right.IsSpent)
                {
                    Tell("column-stale", SurveyRightTable.Name, row.Key, "The flag beside the body says something else than the body.");
                }

                (int all, int spent, int stored) = rights.GetValueOrDefault(code);

                // An answer whose right was not spent yet, because a crash came in between, is good all the same.
                bool isStored = right.Claim is { } claim && await answers.FindAsync(new RowKey(Keys.Escape(code), claim), cancellation) is not null;
                rights[code] = (all + 1, spent + (right.IsSpent ? 1 : 0), stored + (isStored ? 1 : 0));
            }
        }

        Dictionary<string, int> given = await answers.ScanAllAsync(cancellation).CountBy(Belonging.OfRow).ToDictionaryAsync(pair => pair.Key, pair => pair.Value, cancellationToken: cancellation);
        foreach (string code in surveys.Keys.Union(rights.Keys).Union(given.Keys))
        {
            (int all, int spent, int stored) = rights.GetValueOrDefault(code);
            if (surveys.TryGetValue(code, out Survey? survey) && survey.Invited != all)
            {
                found(new Finding("survey-invited", $"{SurveyRightTable.Name} {code}", $"The survey counts {survey.Invited} invited, but {all} may answer.", Restore));
            }

            if (given.GetValueOrDefault(code) != spent + stored)
            {
                found(new Finding("survey-answers", $"{SurveyAnswerTable.Name} {code}", $"{given.GetValueOrDefault(code)} answers lie there, but {spent + stored} rights were used for one.", Restore));
            }
        }
    }

    private void Tell(string code, string table, RowKey key, string what, string remedy = Restore) => found(Finding.At(code, table, key, what, remedy));
}
