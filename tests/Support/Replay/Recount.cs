using Plenary.Infra.Tables;

namespace Plenary.Support.Replay;

/// <summary>The figures of one project as its tables hold them, read past the app and counted by nobody's code but this.</summary>
internal sealed record Recount
{
    public required int OverseasPlaces { get; init; }

    public required int LocalPlaces { get; init; }

    public required int Selected { get; init; }

    /// <summary>By economy.</summary>
    public required IReadOnlyDictionary<string, int> Submitted { get; init; }

    public required int Drafts { get; init; }

    public required int Withdrawn { get; init; }

    /// <summary>Candidates by the state of their offer.</summary>
    public required ILookup<string, string> Offers { get; init; }

    /// <summary>Places that somebody holds.</summary>
    public required int PlacesHeld { get; init; }

    /// <summary>Candidates who were at one session or more.</summary>
    public required IReadOnlyList<string> Attended { get; init; }

    public required int Certificates { get; init; }

    public required int PublicCertificates { get; init; }

    public required int Invited { get; init; }

    public required int SurveySpent { get; init; }

    public required int SurveyAnswers { get; init; }

    /// <summary>By kind, those that left.</summary>
    public required IReadOnlyDictionary<string, int> Mails { get; init; }

    /// <summary>Mails that did not leave and were not skipped either.</summary>
    public required int MailsStuck { get; init; }

    public static async Task<Recount> ReadAsync(ITables tables, string project)
    {
        List<Row> nominees = [.. (await ListAsync(tables, "Nominations", project)).Where(row => row.Key.Row.StartsWith("nominee-", StringComparison.Ordinal))];
        List<Row> selections = await ListAsync(tables, "Selections", project);
        List<Row> attendance = await ListAsync(tables, "Attendance", project);
        List<Row> rights = [.. (await ListAsync(tables, "SurveyRights", project)).Where(row => row.Key.Row.StartsWith("right-", StringComparison.Ordinal))];
        List<Row> mails = [.. (await ListAsync(tables, "Mail", project)).Where(row => row.Text("Kind").Length > 0)];
        SelectionBody selection = selections.Single(row => row.Key.Row == "selection").Body<SelectionBody>();
        return new Recount
        {
            OverseasPlaces = selection.Overseas.Places,
            LocalPlaces = selection.Local.Places,
            Selected = selection.Overseas.Selected + selection.Local.Selected,
            Submitted = nominees.Where(row => row.Text("State") == "Submitted").CountBy(row => row.Key.Partition.Split('|')[1]).ToDictionary(),
            Drafts = nominees.Count(row => row.Text("State") == "Draft"),
            Withdrawn = nominees.Count(row => row.Text("State") == "Withdrawn"),
            Offers = selections.Where(row => row.Key.Row.StartsWith("offer-", StringComparison.Ordinal))
                .ToLookup(row => row.Text("State"), row => row.Body<OfferBody>() is { } offer ? $"{offer.Economy}/{offer.NominationId}" : ""),
            PlacesHeld = selections.Count(row => row.Key.Row.StartsWith("place-", StringComparison.Ordinal)),
            Attended = [.. attendance
                .Where(row => row.Key.Row.StartsWith("presence-", StringComparison.Ordinal))
                .Select(row => row.Body<PresenceBody>())
                .Where(presence => presence.Sessions.Length > 0)
                .Select(presence => presence.Candidate)],
            Certificates = attendance.Count(row => row.Key.Row.StartsWith("certificate-", StringComparison.Ordinal)),
            PublicCertificates = await tables.Get("Certificates").ScanAllAsync(CancellationToken.None).CountAsync(row => row.Key.Row == "certificate"),
            Invited = rights.Count,
            SurveySpent = rights.Count(row => row.Flag("IsSpent")),
            SurveyAnswers = (await ListAsync(tables, "SurveyAnswers", project)).Count,
            Mails = mails.Where(row => row.Text("State") is "Sent" or "Delivered").CountBy(row => row.Text("Kind")).ToDictionary(),
            MailsStuck = mails.Count(row => row.Text("State") is not ("Sent" or "Delivered" or "Skipped")),
        };
    }

    private static async Task<List<Row>> ListAsync(ITables tables, string table, string project) =>
        await tables.Get(table).ScanAllAsync(CancellationToken.None).Where(row => row.Key.Partition.Split('|')[0] == project).ToListAsync();

    private sealed record SelectionBody(PoolBody Overseas, PoolBody Local);

    private sealed record PoolBody(int Places, int Selected);

    private sealed record OfferBody(string Economy, string NominationId);

    private sealed record PresenceBody(string Candidate, int[] Sessions);
}
