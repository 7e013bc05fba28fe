namespace Plenary.Local.Tests.Bus;

public sealed class MemoryBrokerTests : BrokerTests
{
    private protected override Broker Configure(string name, BrokerOptions options) => Broker.Configure(name, options);
}
