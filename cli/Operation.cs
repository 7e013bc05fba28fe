using System.CommandLine;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Cli;

/// <summary>One command being carried out.</summary>
internal sealed class Operation(ParseResult parsed, IServiceProvider services, Paper paper, Caller caller, bool isRehearsal)
{
    public Paper Paper => paper;

    public Caller Caller => caller;

    /// <summary>Nothing that is written reaches a store.</summary>
    public bool IsRehearsal => isRehearsal;

    public DateTimeOffset Now => Get<TimeProvider>().GetUtcNow();

    public ITables Tables => Get<ITables>();

    public IBlobs Blobs => Get<IBlobs>();

    public IQueues QueuesOfBroker => Get<IQueues>();

    /// <summary>Every table the code keeps something in, as the slices themselves say.</summary>
    public IReadOnlyList<string> TableNames =>
        [.. services.GetServices<NeededStores>().SelectMany(needed => needed.Tables).Append(OutboxNames.Markers).Distinct().Order(StringComparer.Ordinal)];

    /// <inheritdoc cref="TableNames" />
    public IReadOnlyList<string> ContainerNames =>
        [.. services.GetServices<NeededStores>().SelectMany(needed => needed.Containers).Distinct().Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> QueueNames { get; } =
        [.. typeof(Queues).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral && field.Name != nameof(Queues.Connection))
            .Select(field => field.GetRawConstantValue()).OfType<string>().Order(StringComparer.Ordinal)];

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) =>
        parsed.GetValue(argument) ?? throw new UsageException($"<{argument.Name}> is missing.");

    /// <exception cref="UsageException">The text is no project code.</exception>
    public static ProjectCode CodeOf(string text) => ProjectCode.Read(text).TryGet(out ProjectCode code)
        ? code
        : throw new UsageException($"{text} is no project code; one looks like 23-IP-10-GE-WSP-A.");

    /// <summary>A file's text, its byte order mark heeded; empty when none was named.</summary>
    /// <exception cref="UsageException">There is no such file.</exception>
    public static async Task<string> ReadAsync(FileInfo? file, CancellationToken cancellation)
    {
        if (file is null)
        {
            return "";
        }

        return file.Exists ? await File.ReadAllTextAsync(file.FullName, Encoding.UTF8, cancellation) : throw new UsageException($"There is no file {file.Name}.");
    }

    /// <summary>Work on one project, which is looked up first.</summary>
    public static Func<Operation, CancellationToken, Task<int>> OnProject(Argument<string> code, Func<Operation, Project, CancellationToken, Task<int>> act) =>
        async (operation, cancellation) => await operation.Get<IProjects>().FindAsync(CodeOf(operation.Value(code)), cancellation) is { } project
            ? await act(operation, project, cancellation)
            : await operation.RefuseAsync(new Refusal("project-not-found", "There is no such project.", Remedy: "Look at plenary projects list."));

    /// <summary>What came of a command that writes: the facts and whether it was a dry run to programs, a sentence to people; or why not.</summary>
    public async Task<int> AnswerAsync<T>(Outcome<T> outcome, Func<T, object> facts, Func<T, string> words)
    {
        if (!outcome.TryGet(out T? value))
        {
            return await RefuseAsync(outcome.Refusals);
        }

        JsonObject told = JsonSerializer.SerializeToNode(facts(value), Row.Json) as JsonObject ?? [];
        told["dryRun"] = isRehearsal;
        await paper.TellAsync(told, text => text.WriteLine(words(value)));
        return ExitCodes.Done;
    }

    /// <summary>Says why not, to people or programs.</summary>
    public async Task<int> RefuseAsync(params IReadOnlyList<Refusal> refusals)
    {
        await paper.TellAsync(
            new { refused = refusals },
            text =>
            {
                foreach (Refusal refusal in refusals)
                {
                    text.WriteLine($"Refused ({refusal.Code}): {refusal.Reason}{(refusal.Remedy is { } remedy ? $" {remedy}" : "")}");
                }
            });
        return ExitCodes.Findings;
    }

    /// <summary>The words for what was, or would have been, done.</summary>
    public string Would(string done, string would) => isRehearsal ? $"Dry run: would {would}" : done;
}
