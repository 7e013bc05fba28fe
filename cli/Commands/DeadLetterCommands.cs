using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Plenary.Infra.Bus;

namespace Plenary.Cli.Commands;

/// <summary>A dead letter as the commands show it.</summary>
/// <param name="Kind">The kind of message in the envelope; the queue's name for one without.</param>
internal sealed record DeadLetter(
    string Queue, long Number, string Id, string Kind, DateTimeOffset EnqueuedAt, int Deliveries, string? Reason, string? Description, string Body);

/// <summary><c>dead-letters</c>: what the broker gave up on.</summary>
internal static class DeadLetterCommands
{
    public static Command Build(OperationSource source)
    {
        Option<string?> queue = new("--queue") { Description = "Only those of this queue.", HelpName = "queue" };
        Option<string?> kind = new("--kind") { Description = "Only messages of this kind, such as MailOwed.", HelpName = "kind" };
        Command list = new("list", "Lists what lies among the dead letters of every queue, with the reason.") { queue, kind };
        source.Reads(list, async (operation, cancellation) =>
        {
            IAsyncEnumerable<DeadLetter> letters = ReadAsync(operation, operation.Value(queue), cancellation).Where(letter => IsOf(letter, operation.Value(kind)));
            int count = await operation.Paper.ListAsync(
                letters,
                "No dead letters.",
                new Column<DeadLetter>("QUEUE", 18, letter => letter.Queue),
                new Column<DeadLetter>("KIND", 16, letter => letter.Kind),
                new Column<DeadLetter>("SINCE", 20, letter => $"{letter.EnqueuedAt:u}"),
                new Column<DeadLetter>("REASON", 26, letter => letter.Reason),
                new Column<DeadLetter>("ID", 10, letter => letter.Id));
            return count == 0 ? ExitCodes.Done : ExitCodes.Findings;
        });

        Argument<string> id = new("id") { Description = "The message's id." };
        Command show = new("show", "Shows one dead letter whole: reason, deliveries, body. Bodies hold ids, never people.") { id };
        source.Reads(show, async (operation, cancellation) =>
        {
            List<DeadLetter> found = await ReadAsync(operation, null, cancellation).Where(letter => letter.Id == operation.Value(id)).ToListAsync(cancellation);
            if (found.Count == 0)
            {
                return await operation.RefuseAsync(NotFound);
            }

            await operation.Paper.TellAsync(found, text =>
            {
                foreach (DeadLetter letter in found)
                {
                    text.WriteLine($"{letter.Id} in {letter.Queue}, number {letter.Number}, {letter.Kind}");
                    text.WriteLine($"  enqueued {letter.EnqueuedAt:u}, delivered {letter.Deliveries} times");
                    text.WriteLine($"  {letter.Reason}: {letter.Description}");
                    text.WriteLine($"  {letter.Body}");
                }
            });
            return ExitCodes.Done;
        });

        return new Command("dead-letters", "Messages that the broker gave up on: look, then replay.") { list, show, BuildReplay(source) };
    }

    private static Command BuildReplay(OperationSource source)
    {
        Option<string[]> id = new("--id") { Description = "The message with this id; may be given several times.", HelpName = "id" };
        Option<string?> queue = new("--queue") { Description = "Those of this queue.", HelpName = "queue" };
        Option<string?> kind = new("--kind") { Description = "Messages of this kind, such as MailOwed.", HelpName = "kind" };
        Option<bool> all = new("--all") { Description = "All of them." };
        Command replay = new("replay", "Puts dead letters back into their queue with the ids they had. Safe to repeat: whoever handles a message takes a second copy for what it is. Say which: --id, --queue, --kind or --all.")
        {
            id, queue, kind, all,
        };
        return source.Writes(replay, async (operation, cancellation) =>
        {
            HashSet<string> ids = [.. operation.Value(id) ?? []];
            if (ids.Count == 0 && operation.Value(queue) is null && operation.Value(kind) is null && !operation.Value(all))
            {
                throw new UsageException("Say which dead letters: --id, --queue, --kind or --all.");
            }

            List<DeadLetter> chosen = await ReadAsync(operation, operation.Value(queue), cancellation)
                .Where(letter => IsOf(letter, operation.Value(kind)) && (ids.Count == 0 || ids.Contains(letter.Id)))
                .ToListAsync(cancellation);
            if (ids.Count > 0 && chosen.Count == 0)
            {
                return await operation.RefuseAsync(NotFound);
            }

            int replayed = 0;
            foreach (IGrouping<string, DeadLetter> ofQueue in chosen.GroupBy(letter => letter.Queue))
            {
                replayed += await operation.QueuesOfBroker.ReplayAsync(ofQueue.Key, ofQueue.Select(letter => letter.Number).ToHashSet(), cancellation);
            }

            await operation.Paper.TellAsync(
                new { dryRun = operation.IsRehearsal, chosen = chosen.Count, replayed, ids = chosen.Select(letter => letter.Id) },
                text => text.WriteLine($"{operation.Would("Replayed", "replay")} {replayed} of {chosen.Count} dead letters."));
            return replayed == chosen.Count ? ExitCodes.Done : ExitCodes.Findings;
        });
    }

    private static Domain.Refusal NotFound => new("dead-letter-not-found", "There is no dead letter with this id.", Remedy: "Look at plenary dead-letters list.");

    private static bool IsOf(DeadLetter letter, string? kind) => kind is null || string.Equals(letter.Kind, kind, StringComparison.OrdinalIgnoreCase);

    private static async IAsyncEnumerable<DeadLetter> ReadAsync(Operation operation, string? queue, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (queue is not null && !Operation.QueueNames.Contains(queue))
        {
            throw new UsageException($"There is no queue {queue}; there are {string.Join(", ", Operation.QueueNames)}.");
        }

        foreach (string name in queue is null ? Operation.QueueNames : [queue])
        {
            await foreach (LyingMessage message in operation.QueuesOfBroker.PeekAsync(name, dead: true, cancellation))
            {
                yield return new DeadLetter(
                    name, message.Number, message.Id, KindOf(message.Body) ?? name, message.EnqueuedAt, message.Deliveries, message.Reason, message.Description, message.Body);
            }
        }
    }

    private static string? KindOf(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("kind", out JsonElement kind) ? kind.GetString() : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Bodies that are no envelopes lie here too: that may be why.
            return null;
        }
    }
}
