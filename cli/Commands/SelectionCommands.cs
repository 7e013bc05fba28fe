using System.CommandLine;
using Plenary.Domain;
using Plenary.Selection;

namespace Plenary.Cli.Commands;

/// <summary>What became of one nominee, as the commands show it.</summary>
internal sealed record DecisionLine(string Candidate, Pool Pool, DecisionKind Kind, int Order, string Reason, OfferState? Offer, DateTimeOffset? Expires);

internal sealed record MoveLine(string Candidate, string Before, string After);

/// <summary><c>selection</c>: proposing, trying and reading a list. Approving is not here: that takes a second person who has signed in.</summary>
internal static class SelectionCommands
{
    public static Command Build(OperationSource source)
    {
        Argument<string> project = new("project") { Description = "The project's code." };
        return new Command("selection", "The list of a project: proposed, tried with other rules, explained. A second person approves it on its page, signed in.")
        {
            BuildShow(source, project), BuildPropose(source, project), BuildWhatIf(source, project), BuildBalance(source, project), BuildNotices(source, project),
        };
    }

    private static Command BuildShow(OperationSource source, Argument<string> project) =>
        source.Reads(new Command("show", "Shows everybody's decision with its reason, and how the offers stand.") { project }, OnList(project, async (operation, found, record, cancellation) =>
        {
            SelectionTable selections = operation.Get<SelectionTable>();
            SelectionResult result = await selections.ReadResultAsync(found.Code, record.Digest, cancellation);
            Dictionary<string, Offer> offers = (await selections.ListOffersAsync(found.Code, cancellation)).ToDictionary(offer => CandidateId.Of(offer.Economy, offer.NominationId), offer => offer.Offer);
            await operation.Paper.ListAsync(
                result.Decisions.Select(decision => new DecisionLine(
                    decision.NominationId, decision.Pool, decision.Kind, decision.Order, decision.ReasonCode, offers.GetValueOrDefault(decision.NominationId)?.State, offers.GetValueOrDefault(decision.NominationId)?.ExpiresAt)).ToAsyncEnumerable(),
                "No nominees.",
                new Column<DecisionLine>("NOMINEE", 30, line => line.Candidate),
                new Column<DecisionLine>("POOL", 8, line => line.Pool),
                new Column<DecisionLine>("DECISION", 11, line => line.Kind),
                new Column<DecisionLine>("NO", 4, line => line.Order),
                new Column<DecisionLine>("REASON", 26, line => line.Reason),
                new Column<DecisionLine>("OFFER", 9, line => line.Offer));
            return ExitCodes.Done;
        }));

    private static Command BuildPropose(OperationSource source, Argument<string> project) =>
        source.Writes(new Command("propose", "Makes the list by the declared rules. Whoever proposed it does not approve it.") { project }, async (operation, cancellation) =>
            await operation.AnswerAsync(
                await operation.Get<ProposeSelection>().RunAsync(Operation.CodeOf(operation.Value(project)), operation.Caller, operation.Now, cancellation),
                record => new { digest = record.Digest, stage = record.Stage, rules = record.RuleVersion, seed = record.DrawSeed, overseas = record.Overseas, local = record.Local },
                record => $"{operation.Would("Proposed", "propose")} list {record.Digest}: {record.Overseas.Selected} of {record.Overseas.Places} overseas places, {record.Local.Selected} of {record.Local.Places} local ones."));

    private static Command BuildWhatIf(OperationSource source, Argument<string> project)
    {
        Option<string?> overseas = new("--overseas") { Description = "Overseas places.", HelpName = "number" };
        Option<string?> local = new("--local") { Description = "Local places.", HelpName = "number" };
        Option<string?> maximum = new("--maximum") { Description = "Places per economy at the most; empty for no limit.", HelpName = "number" };
        Option<string?> minimum = new("--minimum") { Description = "Places per economy at the least; empty for none.", HelpName = "number" };
        Option<string?> flow = new("--flow") { Description = $"Where unused places go: {string.Join(", ", SelectionChoices.Flows.Select(one => one.Value))}.", HelpName = "way" };
        (string Field, Option<string?> Option)[] rules =
        [
            (SelectionChoices.OverseasField, overseas), (SelectionChoices.LocalField, local), (SelectionChoices.MaximumField, maximum), (SelectionChoices.MinimumField, minimum), (SelectionChoices.FlowField, flow),
        ];
        Command whatIf = new("what-if", "Tries other rules on the nominations and lists who would move. Writes nothing.") { project, overseas, local, maximum, minimum, flow };
        return source.Reads(whatIf, Operation.OnProject(project, async (operation, found, cancellation) =>
        {
            Dictionary<string, string> fields = rules.Where(rule => operation.Value(rule.Option) is not null).ToDictionary(rule => rule.Field, rule => operation.Value(rule.Option) ?? "");
            SelectionPreview preview = await operation.Get<PreviewSelection>().RunAsync(found.Code, fields, cancellation) ?? throw new InvalidOperationException("The project has gone meanwhile.");
            if (preview.Refusals.Count > 0)
            {
                return await operation.RefuseAsync(preview.Refusals);
            }

            await operation.Paper.ListAsync(
                preview.Moves.Select(move => new MoveLine(move.NominationId, Words(move.Before), Words(move.After))).ToAsyncEnumerable(),
                "Nobody moves.",
                new Column<MoveLine>("NOMINEE", 30, line => line.Candidate),
                new Column<MoveLine>("BEFORE", 24, line => line.Before),
                new Column<MoveLine>("AFTER", 24, line => line.After));
            return ExitCodes.Done;
        }));
    }

    private static Command BuildBalance(OperationSource source, Argument<string> project)
    {
        Option<bool> isPublic = new("--public") { Description = "As the public reads it: small groups withheld." };
        return source.Reads(new Command("balance", "Counts the list by economy, sector and gender where given.") { project, isPublic }, OnList(project, async (operation, found, record, _) =>
        {
            int minimum = found.Settings.MinimumGroup;
            (string Title, IReadOnlyList<PublicBalanceRow> Rows)[] tables =
            [
                ("economies", RowsOf(record.Balance.Economies)), ("sectors", RowsOf(record.Balance.Sectors)), ("genders", RowsOf(record.Balance.Genders)),
            ];
            await operation.Paper.TellAsync(tables.ToDictionary(table => table.Title, table => table.Rows), text =>
            {
                foreach ((string title, IReadOnlyList<PublicBalanceRow> rows) in tables)
                {
                    text.WriteLine(title.ToUpperInvariant());
                    foreach (PublicBalanceRow row in rows)
                    {
                        text.WriteLine($"  {(row.Group.Length == 0 ? "not given" : row.Group),-24}  nominated {row.Nominated?.ToString(Invariant) ?? "withheld",-9} selected {row.Selected?.ToString(Invariant) ?? "withheld"}");
                    }
                }
            });
            return ExitCodes.Done;

            IReadOnlyList<PublicBalanceRow> RowsOf(IReadOnlyList<BalanceRow> rows) =>
                operation.Value(isPublic) ? BalanceReport.Publish(rows, minimum) : [.. rows.Select(row => new PublicBalanceRow(row.Group, row.Nominated, row.Selected))];
        }));
    }

    private static Command BuildNotices(OperationSource source, Argument<string> project) =>
        source.Reads(new Command("notices", "Shows the mails that approving the list would send, or has sent.") { project }, OnList(project, async (operation, found, _, cancellation) =>
        {
            SelectionNotices notices = await operation.Get<DraftNotices>().RunAsync(found.Code, operation.Now, cancellation) ?? throw new InvalidOperationException("The list has gone meanwhile.");
            await operation.Paper.TellAsync(
                new
                {
                    offers = notices.Offers.Select(draft => new { to = draft.ToAddress, draft.Subject, text = draft.Body.Text }),
                    results = notices.Results.Select(draft => new { to = draft.ToAddress, draft.Subject, text = draft.Body.Text }),
                    unreachable = notices.Unreachable,
                },
                text =>
                {
                    foreach (Mail.MailDraft draft in notices.Offers.Concat(notices.Results))
                    {
                        text.WriteLine($"To {draft.ToAddress}: {draft.Subject}");
                    }

                    text.WriteLine($"{notices.Offers.Count} offers, {notices.Results.Count} results; nobody to write to in {notices.Unreachable.Count} economies.");
                });
            return ExitCodes.Done;
        }));

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static Func<Operation, CancellationToken, Task<int>> OnList(Argument<string> project, Func<Operation, Project, SelectionRecord, CancellationToken, Task<int>> act) =>
        Operation.OnProject(project, async (operation, found, cancellation) =>
            (await operation.Get<SelectionTable>().FindRowAsync(found.Code, cancellation))?.Body<SelectionRecord>() is { } record
                ? await act(operation, found, record, cancellation)
                : await operation.RefuseAsync(new Refusal("selection-not-found", "Nothing has been proposed yet.", Remedy: "Propose a selection first.")));

    private static string Words(SelectionDecision? decision) => decision is null ? "not there" : $"{decision.Kind} {decision.Order} ({decision.Pool})";
}
