using Azure.Messaging.ServiceBus;

namespace Plenary.Local.Tests.Bus;

public sealed class ServiceBusClientTests
{
    [Fact]
    public async Task An_unknown_namespace_is_refused_with_the_remedy()
    {
        await using ServiceBusClient client = new("Endpoint=sb://nowhere.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b");
        ServiceBusException refused = await Assert.ThrowsAsync<ServiceBusException>(
            () => client.CreateSender("q").SendMessageAsync(new ServiceBusMessage("x")));
        Assert.Contains("Broker.Configure(\"nowhere.servicebus.windows.net\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_is_taken_apart()
    {
        ServiceBusConnectionStringProperties parts = ServiceBusConnectionStringProperties.Parse(
            "Endpoint=sb://Name.servicebus.windows.net/; SharedAccessKeyName=root;SharedAccessKey=a2V5PQ==;EntityPath=q");
        Assert.Equal(
            ("name.servicebus.windows.net", "root", "a2V5PQ==", "q"),
            (parts.FullyQualifiedNamespace, parts.SharedAccessKeyName, parts.SharedAccessKey, parts.EntityPath));
        Assert.Throws<FormatException>(() => ServiceBusConnectionStringProperties.Parse("nonsense"));
        Assert.Throws<ArgumentException>(() => ServiceBusConnectionStringProperties.Parse("SharedAccessKeyName=root"));
    }

    [Fact]
    public void Ids_are_held_to_the_real_limits()
    {
        Assert.Throws<ArgumentException>(() => new ServiceBusMessage("x") { MessageId = new string('x', 129) });
        Assert.Throws<ArgumentException>(() => new ServiceBusMessage("x") { MessageId = "" });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceBusMessage("x") { SessionId = new string('x', 129) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceBusMessage("x") { TimeToLive = TimeSpan.Zero });
    }

    [Fact]
    public async Task A_value_that_no_message_can_carry_is_refused()
    {
        await using ServiceBusClient client = new("Endpoint=sb://nowhere.servicebus.windows.net/");
        ServiceBusMessage message = new("x") { ApplicationProperties = { ["list"] = new List<int>() } };
        await Assert.ThrowsAsync<System.Runtime.Serialization.SerializationException>(() => client.CreateSender("q").SendMessageAsync(message));
    }

    [Fact]
    public void Exceptions_tell_entity_and_reason()
    {
        Assert.Equal("Gone. (q - MessageLockLost)", new ServiceBusException("Gone.", ServiceBusFailureReason.MessageLockLost, "q").Message);
        Assert.True(new ServiceBusException("Busy.", ServiceBusFailureReason.ServiceBusy).IsTransient);
        Assert.False(new ServiceBusException("Gone.", ServiceBusFailureReason.MessageLockLost).IsTransient);
    }

    [Fact]
    public void Received_messages_can_be_made_for_tests()
    {
        ServiceBusReceivedMessage message = ServiceBusModelFactory.ServiceBusReceivedMessage(
            BinaryData.FromString("body"), messageId: "id", deliveryCount: 3, properties: new Dictionary<string, object> { ["DeadLetterReason"] = "why" });
        Assert.Equal(("body", "id", 3, "why"), (message.Body.ToString(), message.MessageId, message.DeliveryCount, message.DeadLetterReason));
    }

    [Fact]
    public void Nothing_is_public_but_the_official_names_and_what_is_plainly_local()
    {
        IEnumerable<string> spaces = typeof(ServiceBusClient).Assembly.GetExportedTypes().Select(type => type.Namespace!).Distinct().Order();
        Assert.Equal(["Azure.Messaging.ServiceBus", "Plenary.Local"], spaces);
        IEnumerable<string> local = typeof(ServiceBusClient).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == "Plenary.Local").Select(type => type.Name).Order();
        Assert.Equal(["Broker", "BrokerCounts", "BrokerOptions", "BrokerQueueCounts", "QueueOptions"], local);
    }

    [Fact]
    public void Doubles_can_be_derived()
    {
        Assert.Equal("fake", new FakeSender().EntityPath);
    }

    private sealed class FakeSender : ServiceBusSender
    {
        public override string EntityPath => "fake";
    }
}
