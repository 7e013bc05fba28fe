using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Plenary.Local;

/// <summary>A function as it is declared, with the settings in its trigger put in.</summary>
internal sealed class FunctionEntry : FunctionDefinition
{
    public FunctionEntry(string name, MethodInfo method, ParameterInfo triggerParameter, TriggerBindingAttribute trigger)
    {
        Name = name;
        Method = method;
        TriggerParameter = triggerParameter;
        Trigger = trigger;
        EntryPoint = $"{method.DeclaringType?.FullName}.{method.Name}";
        Id = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{EntryPoint}|{name}")))
            .ToString(CultureInfo.InvariantCulture);
        Parameters = [.. method.GetParameters().Select(parameter => new FunctionParameter(
            parameter.Name ?? "", parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null))];
        Kind = trigger switch
        {
            HttpTriggerAttribute => "httpTrigger",
            TimerTriggerAttribute => "timerTrigger",
            ServiceBusTriggerAttribute => "serviceBusTrigger",
            _ => throw new InvalidOperationException(
                $"Function '{name}': the embedded host knows no {trigger.GetType().Name}."),
        };
        InputBindings = ImmutableDictionary<string, BindingMetadata>.Empty.Add(
            triggerParameter.Name ?? "", new Binding(triggerParameter.Name ?? "", Kind));
    }

    public MethodInfo Method { get; }

    public TriggerBindingAttribute Trigger { get; }

    public ParameterInfo TriggerParameter { get; }

    /// <summary>Such as <c>timerTrigger</c>.</summary>
    public string Kind { get; }

    /// <summary>Of a timer function, with its setting put in.</summary>
    public string? Schedule { get; init; }

    /// <summary>Of a queue function, with its setting put in.</summary>
    public string? QueueName { get; init; }

    /// <summary>Of an HTTP function, with the prefix.</summary>
    public string? Route { get; init; }

    public bool IsDisabled { get; init; }

    public RetryPolicy? Retry { get; init; }

    public override string Name { get; }

    public override string Id { get; }

    public override string EntryPoint { get; }

    public override string PathToAssembly => Method.Module.FullyQualifiedName;

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings =>
        ImmutableDictionary<string, BindingMetadata>.Empty;

    private sealed class Binding(string name, string type) : BindingMetadata
    {
        public override string Name { get; } = name;

        public override string Type { get; } = type;

        public override BindingDirection Direction => BindingDirection.In;
    }
}
