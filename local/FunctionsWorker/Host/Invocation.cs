using System.Collections;
using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Plenary.Local;

/// <summary>One run of a function, from its trigger to its result.</summary>
internal sealed class Invocation(FunctionEntry entry, IServiceProvider services, CancellationToken cancellation) : FunctionContext
{
    private Dictionary<object, object>? items;
    private IDictionary<object, object>? givenItems;
    private InvocationFeatures? features;
    private Bindings? bindings;
    private Traces? traces;

    public FunctionEntry Entry { get; } = entry;

    /// <summary>Set for HTTP functions.</summary>
    public HttpContext? Http { get; init; }

    /// <summary>The TimerInfo, or the queue message's body.</summary>
    public object? Input { get; init; }


    /// <summary>Set for queue functions run by a message.</summary>
    public ServiceBusReceivedMessage? Message { get; init; }

    public ServiceBusMessageActions? MessageActions { get; init; }

    /// <summary>What came with the trigger; for HTTP it is read from the request instead.</summary>
    public IReadOnlyDictionary<string, object?>? TriggerProperties { get; init; }

    public object? Result { get; set; }

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => Entry.Id;

    public override TraceContext TraceContext => traces ??= new Traces();

    public override BindingContext BindingContext =>
        bindings ??= new Bindings(TriggerProperties ?? (Http is null ? new Dictionary<string, object?>() : HttpDoor.Properties(Http)));

    public override RetryContext RetryContext => Retry!; // Null without a policy, as in the official worker.

    public RetryContext? Retry { get; init; }

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => Entry;

    public override IDictionary<object, object> Items
    {
        get => givenItems ?? (items ??= []);
        set => givenItems = value;
    }

    public override IInvocationFeatures Features => features ??= new InvocationFeatures();

    public override CancellationToken CancellationToken { get; } = cancellation;

    /// <exception cref="InvalidOperationException">The context is not one of the embedded host's.</exception>
    public static Invocation Of(FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context as Invocation
            ?? throw new InvalidOperationException("The context was not made by the embedded host.");
    }

    private sealed class Bindings(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = data;
    }

    private sealed class Traces : TraceContext
    {
        private readonly Activity? activity = Activity.Current;

        public override string TraceParent => activity?.Id ?? "";

        public override string TraceState => activity?.TraceStateString ?? "";
    }

    private sealed class InvocationFeatures : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> all = [];

        public void Set<T>(T instance)
        {
            ArgumentNullException.ThrowIfNull(instance);
            all[typeof(T)] = instance;
        }

        public T? Get<T>() => all.TryGetValue(typeof(T), out object? value) ? (T)value : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => all.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

internal sealed class Retries(int count, int most) : RetryContext
{
    public override int RetryCount { get; } = count;

    public override int MaxRetryCount { get; } = most;
}
