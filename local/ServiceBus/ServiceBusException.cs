using System.Globalization;

namespace Azure.Messaging.ServiceBus;

#pragma warning disable CA1032 // The official type has these three constructors and no others.
public class ServiceBusException : Exception
#pragma warning restore CA1032
{
    public ServiceBusException()
    {
    }

    public ServiceBusException(
        bool isTransient,
        string message,
        string entityName = null,
        ServiceBusFailureReason reason = ServiceBusFailureReason.GeneralError,
        Exception innerException = null)
        : base(message, innerException)
    {
        IsTransient = isTransient;
        EntityPath = entityName;
        Reason = reason;
    }

    /// <summary>Whether it is transient follows from the reason.</summary>
    public ServiceBusException(
        string message,
        ServiceBusFailureReason reason,
        string entityPath = null,
        Exception innerException = null)
        : this(
            reason is ServiceBusFailureReason.ServiceCommunicationProblem
                or ServiceBusFailureReason.ServiceTimeout
                or ServiceBusFailureReason.ServiceBusy,
            message,
            entityPath,
            reason,
            innerException)
    {
    }

    public string EntityPath { get; }

    public bool IsTransient { get; }

    public ServiceBusFailureReason Reason { get; }

    public override string Message => string.IsNullOrEmpty(EntityPath)
        ? string.Create(CultureInfo.InvariantCulture, $"{base.Message} ({Reason})")
        : string.Create(CultureInfo.InvariantCulture, $"{base.Message} ({EntityPath} - {Reason})");
}
