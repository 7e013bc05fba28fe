using System.CommandLine;
using Plenary.Domain;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Publishing;
using Plenary.Selection;

namespace Plenary.Cli.Commands;

internal sealed record ProjectLine(string Code, string Title, ProjectState State, int Version, DateTimeOffset ClosesAt);

/// <summary><c>projects</c>: what there is, how it stands, and everything of one as a file.</summary>
internal static class ProjectCommands
{
    public static Command Build(OperationSource source)
    {
        Command list = new("list", "Lists every project that was issued, newest closing first.");
        source.Reads(list, async (operation, cancellation) =>
        {
            IReadOnlyList<Project> projects = await operation.Get<IProjects>().ListAsync(cancellation);
            await operation.Paper.ListAsync(
                projects.Select(LineOf).ToAsyncEnumerable(),
                "No projects.",
                new Column<ProjectLine>("CODE", 20, line => line.Code),
                new Column<ProjectLine>("STATE", 10, line => line.State),
                new Column<ProjectLine>("VERSION", 7, line => line.Version),
                new Column<ProjectLine>("CLOSES", 20, line => $"{line.ClosesAt:u}"),
                new Column<ProjectLine>("TITLE", 10, line => line.Title));
            return ExitCodes.Done;
        });

        Argument<string> code = new("code") { Description = "The project's code." };
        Command show = new("show", "Shows how one project stands: nominations, offers, attendance, survey, mails.") { code };
        source.Reads(show, Operation.OnProject(code, async (operation, project, cancellation) =>
        {
            ProjectFigures figures = await operation.Get<CountFigures>().RunAsync(project, cancellation);
            IReadOnlyDictionary<OfferState, int> offers = await operation.Get<ISelections>().CountOffersAsync(project.Code, cancellation);
            IReadOnlyList<MailCount> mails = await operation.Get<IMailLedger>().CountAsync(project.Code.ToString(), cancellation);
            await operation.Paper.TellAsync(new { project = LineOf(project), figures, offers, mails }, text =>
            {
                text.WriteLine($"{project.Code}  {project.Notification.Title}");
                text.WriteLine($"  {project.State}, version {project.Version}; nominations close {project.ClosesAt:u}; held {project.StartsAt:u} to {project.EndsAt:u}");
                text.WriteLine($"  {figures.Nominated} nominated by {figures.NominatingEconomies} economies for {figures.Places} places; {figures.Selected} selected, {figures.Confirmed} confirmed");
                text.WriteLine($"  {figures.Attended} attended, {figures.Certificates} certificates; {figures.SurveyAnswered} of {figures.SurveyInvited} answered the survey");
                text.WriteLine($"  offers: {string.Join(", ", offers.Select(pair => $"{pair.Value} {pair.Key}"))}");
                text.WriteLine($"  mails: {string.Join(", ", mails.GroupBy(count => count.State).Select(group => $"{group.Sum(count => count.Count)} {group.Key}"))}");
            });
            return ExitCodes.Done;
        }));

        Option<FileInfo?> to = new("--to") { Description = "The file to write; standard output if not given. Personal data: keep it as such.", HelpName = "file" };
        Command export = new("export", "Everything of one project as JSON Lines, in a fixed order: equal stores give equal bytes.") { code, to };
        source.Reads(export, Operation.OnProject(code, async (operation, project, cancellation) =>
        {
            if (operation.Value(to) is not { } file)
            {
                await ProjectExport.WriteAsync(operation, project, operation.Paper.Output, cancellation);
                return ExitCodes.Done;
            }

            await using StreamWriter writer = new(new FileStream(file.FullName, FileMode.Create, FileAccess.Write)) { NewLine = "\n" };
            int lines = await operation.Paper.WatchAsync("Exporting", said => ProjectExport.WriteAsync(operation, project, writer, cancellation, said));
            await operation.Paper.TellAsync(
                new { project = project.Code.ToString(), file = file.FullName, lines }, text => text.WriteLine($"Wrote {lines} lines to {file.FullName}."));
            return ExitCodes.Done;
        }));

        Command circulate = new("circulate", "Opens the desks of an issued project and has every officer written to.") { code };
        source.Writes(circulate, async (operation, cancellation) => await operation.AnswerAsync(
            await operation.Get<CirculateNotification>().RunAsync(Operation.CodeOf(operation.Value(code)), operation.Caller, operation.Now, cancellation),
            economies => new { project = operation.Value(code), economies },
            economies => $"{operation.Would("Circulated", "circulate")} to {economies} economies."));

        return new Command("projects", "Projects: what there is, how it stands, everything of one as a file; circulating and cancelling one.")
        {
            list, show, export, circulate, BuildCancel(source, code),
        };
    }

    private static Command BuildCancel(OperationSource source, Argument<string> code)
    {
        Option<string> reason = new("--reason") { Description = "As the public page and the mails will give it.", Required = true };
        Option<string?> seen = new("--consequences") { Description = "The name that a dry run gave the consequences: cancels only while they are still those.", HelpName = "name" };
        Command cancel = new("cancel", "Cancels a project: open offers become void, and everybody concerned is told. A dry run says who that is.") { code, reason, seen };
        return source.Writes(cancel, async (operation, cancellation) =>
        {
            ProjectCode parsed = Operation.CodeOf(operation.Value(code));
            CancelProject cancelProject = operation.Get<CancelProject>();
            Consequences? consequences = (await cancelProject.PreviewAsync(parsed, operation.Now, cancellation))?.Consequences;
            return await operation.AnswerAsync(
                await cancelProject.RunAsync(parsed, operation.Value(reason) ?? "", operation.Value(seen), operation.Caller, operation.Now, cancellation),
                project => new { project = project.Code.ToString(), version = project.Version, state = project.State, consequences = consequences is null ? null : ConsequenceLines.Of(consequences) },
                project => $"{operation.Would("Cancelled", "cancel")} {project.Code} by version {project.Version}.{(consequences is null ? "" : ConsequenceLines.Of(consequences).Words)}");
        });
    }

    private static ProjectLine LineOf(Project project) =>
        new(project.Code.ToString(), project.Notification.Title, project.State, project.Version, project.ClosesAt);
}
