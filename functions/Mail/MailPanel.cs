using Plenary.Access;
using Plenary.Domain;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Mail;

/// <summary>How the mails of a project stand, on the secretariat's page of it.</summary>
public sealed class MailPanel(IMailLedger ledger, Pages pages) : IProjectPanel
{
    public int Order => 90;

    public async Task<string?> RenderAsync(Project project, Caller caller, string formToken, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        string code = project.Code.ToString();
        IReadOnlyList<MailCount> counts = await ledger.CountAsync(code, cancellation);
        return counts.Count == 0 ? null : await pages.RenderAsync<MailPanelView, MailPanelModel>(new MailPanelModel(code, counts));
    }
}

public sealed record MailPanelModel(string Code, IReadOnlyList<MailCount> Counts);
