using Plenary.Infra.Mail;

namespace Plenary.Simulation.Tests.Contracts;

/// <summary>The provider of the stories.</summary>
public sealed class SimulatedMailProviderTests : MailProviderContract
{
    private readonly Stage stage = new();

    protected override Task<MailAnswer> SendAsync(OutgoingMail mail) => stage.CallAsync(app => app.Provider.SendAsync(mail, stage.World.Now, default));

    protected override Task<IReadOnlyList<string>> TakenAsync() => Task.FromResult<IReadOnlyList<string>>([.. stage.World.Mailbox.Taken.Select(mail => mail.Intent)]);

    protected override Task PutOffOnceAsync()
    {
        stage.World.Mailbox.PutsOff = 1;
        return Task.CompletedTask;
    }

    protected override Task LoseOneAnswerAsync()
    {
        stage.World.Mailbox.TakesSilently = 1;
        return Task.CompletedTask;
    }
}
