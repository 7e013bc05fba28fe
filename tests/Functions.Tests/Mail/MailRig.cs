using Microsoft.Extensions.Logging.Abstractions;
using Plenary.Infra.Bus;
using Plenary.Infra.Mail;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Support;

namespace Plenary.Functions.Tests.Mail;

/// <summary>The mail slice in memory, with a broker that delivers scheduled messages by moving the clock.</summary>
internal sealed class MailRig
{
    public const string Project = "23-IP-10-GE-WSP-A";

    public static MailOwed Owed { get; } = new(Project, "nomination-receipt", "officer:japan", "n-1", "1");

    public InMemoryTables Tables { get; } = new();

    public RecordingBus Bus { get; } = new();

    public FakeClock Clock { get; } = new();

    public FakeProvider Provider { get; } = new();

    public FakeComposer Composer { get; } = new("nomination-receipt");

    public RecordingLogger<Postbox> Log { get; } = new();

    public MailLedger Ledger => new(Tables);

    public SendMail Send => SendOver(Tables, Bus, Provider);

    public SendMail SendOver(ITables tables, IBus bus, IMailProvider provider) =>
        new(new MailLedger(tables), new MailComposers([Composer]), new Postbox(provider, Log), bus, Clock);

    /// <summary>Owed together with others of their kind.</summary>
    public static IReadOnlyList<MailOwed> Some(int count) => [.. Enumerable.Range(1, count).Select(number => Owed with { Subject = $"n-{number}" })];

    public Task RunAsync() => Send.RunAsync(Owed, default);

    public async Task<IReadOnlyList<MailIntent>> IntentsAsync() => await Ledger.ListAsync(Project, default).ToListAsync();

    public async Task<MailIntent> IntentAsync() =>
        (await Ledger.FindAsync(Project, Owed.Id, default) ?? throw new InvalidOperationException("No intent.")).Intent;

    public Task TellAsync(params MailEvent[] events) =>
        new ReceiveMailEvents(Ledger, NullLogger<ReceiveMailEvents>.Instance).RunAsync(events, default);

    public MailEvent Event(string name, double secondsFromNow = 0, string messageId = "m-1", string? code = null) =>
        new(Project, Owed.Id, name, Clock.Now.AddSeconds(secondsFromNow), messageId, code);

    /// <summary>Delivers what was scheduled, in order of time, until nothing is left.</summary>
    /// <param name="delivered">How many messages of the bus were dealt with before.</param>
    public async Task PumpAsync(int delivered = 0)
    {
        List<BusMessage> waiting = [.. Bus.Sent.Skip(delivered).Select(sent => sent.Message)];
        int seen = Bus.Sent.Count;
        for (int deliveries = 0; waiting.Count > 0; deliveries++)
        {
            Assert.True(deliveries < 500, "The mail never settles.");
            BusMessage next = waiting.MinBy(message => message.NotBefore ?? DateTimeOffset.MinValue)!;
            waiting.Remove(next);
            if (next.NotBefore > Clock.Now)
            {
                Clock.Now = next.NotBefore.Value;
            }

            await Send.RunAsync(MailsOwed.Read(next.Body), default);
            waiting.AddRange(Bus.Sent.Skip(seen).Select(sent => sent.Message));
            seen = Bus.Sent.Count;
        }
    }
}
