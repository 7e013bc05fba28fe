using System.CommandLine;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;

namespace Plenary.Cli.Tests;

/// <summary>What the secretariat can do on its pages an operator can do at a terminal.</summary>
public sealed class DoorTests
{
    /// <summary>By the door's function: the command that does the same.</summary>
    private static readonly Dictionary<string, string> Commands = new()
    {
        ["AppointReviewer"] = "reviewers appoint",
        ["CancelProject"] = "projects cancel",
        ["CheckDraft"] = "notifications correct",
        ["CirculateNotification"] = "projects circulate",
        ["DismissReviewer"] = "reviewers dismiss",
        ["EditOfficers"] = "officers edit",
        ["EndExtension"] = "extensions end",
        ["ExportSurveyResults"] = "survey results",
        ["FilterSurveyResults"] = "survey part",
        ["GrantExtension"] = "extensions grant",
        ["ImportNotification"] = "notifications import",
        ["ImportRegistry"] = "officers import",
        ["IssueCertificates"] = "attendance certificates",
        ["IssueNotification"] = "notifications issue",
        ["PreviewSelection"] = "selection what-if",
        ["ProposeSelection"] = "selection propose",
        ["PublishOutcome"] = "outcome publish",
        ["RecordAttendance"] = "attendance record",
        ["ReplaceQuestionnaire"] = "survey replace",
        ["ShowBalance"] = "selection balance",
        ["ShowMail"] = "mail list",
        ["ShowNominations"] = "nominations list",
        ["ShowNotices"] = "selection notices",
        ["ShowRegistry"] = "officers list",
        ["ShowReviewers"] = "reviewers list",
        ["ShowSecretariat"] = "projects list",
        ["ShowSecretariatProject"] = "projects show",
        ["ShowSelection"] = "selection show",
        ["ShowSurveyResults"] = "survey results",
    };

    /// <summary>Doors that have no command, and why.</summary>
    private static readonly Dictionary<string, string> Without = new()
    {
        ["ApproveSelection"] = "Two people decide, and who they are is what the directory says; at a terminal anybody may call themselves anything.",
        ["ReadDocument"] = "One person's papers are read by somebody who signed in; a backup holds the files.",
        ["ShowOverTime"] = "A picture; its instants are in nominations list.",
    };

    public static TheoryData<string> Doors { get; } = [.. FindDoors().Select(door => door.Name)];

    [Theory]
    [MemberData(nameof(Doors))]
    public void Every_door_of_the_secretariat_has_a_command_or_a_reason(string door)
    {
        if (Without.TryGetValue(door, out string? reason))
        {
            Assert.False(Commands.ContainsKey(door), $"{door} has both.");
            Assert.NotEmpty(reason);
            return;
        }

        Assert.True(Commands.TryGetValue(door, out string? line), $"{door} has neither a command nor a reason why there is none.");
        Command command = Assert.IsType<Command>(Find(line));
        bool posts = FindDoors().Single(one => one.Name == door).Posts;
        Assert.True(!posts || command.Options.Any(option => option.Name == "--dry-run"), $"{line} cannot be rehearsed.");
    }

    [Fact]
    public void Nothing_is_listed_that_is_no_door() =>
        Assert.Empty(Commands.Keys.Concat(Without.Keys).Except(FindDoors().Select(door => door.Name)));

    private static Command? Find(string line)
    {
        Command? command = PlenaryCommand.Build(new OperationSource(TextWriter.Null, TextWriter.Null, null));
        foreach (string word in line.Split(' '))
        {
            command = command?.Subcommands.FirstOrDefault(one => one.Name == word);
        }

        return command;
    }

    private static IEnumerable<(string Name, bool Posts)> FindDoors() =>
        from type in typeof(Caller).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where method.GetCustomAttribute<OpenToAttribute>() is { Audience: Audience.Secretariat }
        let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>().Single()
        select (method.GetCustomAttribute<FunctionAttribute>()!.Name, trigger.Methods?.Contains("post") ?? true);
}
