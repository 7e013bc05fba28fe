using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Notifications;
using Plenary.Selection;
using Plenary.Shared;

namespace Plenary.Nominations;

/// <summary>
/// Shows a place that fell free at the desk of its economy and writes to the officer, or passes it on at once where the window is over. The gate is
/// where naming somebody and running out meet, so exactly one of the two happens.
/// </summary>
public sealed class OpenVacancy(NominationTable table, IProjects projects, TimeProvider clock)
{
    public async Task RunAsync(VacancyToOpen message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        DateTimeOffset now = clock.GetUtcNow();
        ProjectCode code = ProjectCode.Parse(message.Project);
        Project project = await projects.FindAsync(code, cancellation) ?? throw new InvalidOperationException($"Project {code} has gone.");
        DeskRows rows = await table.FindGateAsync(code, message.Economy, cancellation)
            ?? throw new InvalidOperationException($"The desk of {message.Economy} in {code} has gone.");
        Batch batch = new(rows.Partition);
        if (rows.Desk.FindVacancy(message.Former) is { } known)
        {
            if (known.IsOver || known.FilledBy is not null)
            {
                // Told a second time after it was settled: so is whoever keeps the place.
                batch.Audit(new AuditEntry(now, "selection", "vacancy-told-again", message.Former)).Owe(Settled(rows.Desk, known));
                await CommitAsync(batch, cancellation);
            }

            return;
        }

        DateTimeOffset until = project.ReplacementsCloseFor(rows.Desk.Zone) ?? now;
        bool isOpen = now < until && project.State != ProjectState.Cancelled && project.IsHost(message.Economy) == (message.Pool == Pool.Local);
        Vacancy vacancy = new(message.Former, message.Place, until, IsOver: !isOpen);
        rows.ReplaceDesk(batch, rows.Desk with { Vacancies = [.. rows.Desk.Vacancies, vacancy] });
        batch.Audit(new AuditEntry(now, "selection", isOpen ? "vacancy-opened" : "vacancy-passed-on", message.Former));
        if (isOpen)
        {
            batch.Owe(ReplacementMail.For(rows.Desk, vacancy).ToOwed(), new VacancyDue(message.Project, message.Economy, message.Former, until.UtcTicks).ToOwed());
        }
        else
        {
            batch.Owe(Settled(rows.Desk, vacancy));
        }

        await CommitAsync(batch, cancellation);
    }

    /// <summary>Tells whoever keeps the place who takes it; nobody when the economy names nobody.</summary>
    internal static Owed Settled(Desk desk, Vacancy vacancy) => new PlaceToFill(desk.Project.ToString(), vacancy.Place, desk.Economy, vacancy.Former, vacancy.FilledBy).ToOwed();

    private async Task CommitAsync(Batch batch, CancellationToken cancellation)
    {
        if (!(await table.CommitAsync(batch, cancellation)).IsDone)
        {
            throw new InvalidOperationException("The desk changed at the same moment; the message comes again.");
        }
    }
}

/// <summary>The date has come, what was on its way then has been written, and nobody was named: the place goes to the next in line.</summary>
public sealed class EndVacancy(NominationTable table, TimeProvider clock)
{
    public async Task RunAsync(VacancyDue due, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(due);
        DeskRows? rows = await table.FindGateAsync(ProjectCode.Parse(due.Project), due.Economy, cancellation);
        if (rows?.Desk.FindVacancy(due.Former) is not { FilledBy: null, IsOver: false } vacancy || vacancy.Until.UtcTicks != due.UntilTicks)
        {
            return;
        }

        DateTimeOffset now = await clock.WaitUntilAsync(vacancy.PassesOnAt, $"The end of a vacancy of {due.Project}", cancellation);
        Vacancy over = vacancy with { IsOver = true };
        Batch batch = new(rows.Partition);
        rows.ReplaceDesk(batch, rows.Desk.With(over));
        batch.Audit(new AuditEntry(now, "agenda", "vacancy-ended", due.Former)).Owe(OpenVacancy.Settled(rows.Desk, over));
        if (!(await table.CommitAsync(batch, cancellation)).IsDone)
        {
            throw new InvalidOperationException("Somebody was named, or the desk changed, at the same moment; the message comes again.");
        }
    }
}
