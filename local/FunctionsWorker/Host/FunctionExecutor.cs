using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Plenary.Local;

/// <summary>The innermost step of the pipeline: makes the function's class, binds the parameters, calls, awaits.</summary>
internal static class FunctionExecutor
{
    private static readonly ConcurrentDictionary<FunctionEntry, Plan> Plans = new();

    /// <summary>Makes the plan, so that a parameter nobody can bind is refused at start.</summary>
    public static void Prepare(FunctionEntry entry) => Plans.GetOrAdd(entry, static found => new Plan(found));

    public static async Task ExecuteAsync(FunctionContext context)
    {
        Invocation invocation = Invocation.Of(context);
        Plan plan = Plans.GetOrAdd(invocation.Entry, static found => new Plan(found));
        object?[] arguments = new object?[plan.Binders.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = plan.Binders[i](invocation);
        }

        object? instance = plan.Class is { } made ? ActivatorUtilities.CreateInstance(invocation.InstanceServices, made) : null;
        try
        {
            object? returned = plan.Invoker.Invoke(instance, arguments.AsSpan());
            invocation.Result = await plan.Unwrap(returned);
        }
        finally
        {
            if (instance is IAsyncDisposable slow)
            {
                await slow.DisposeAsync();
            }
            else if (instance is IDisposable quick)
            {
                quick.Dispose();
            }
        }
    }

    private static async Task<object?> AwaitAsync(object? task)
    {
        await (Task)task!; // Chosen by the declared return type.
        return null;
    }

    private static async Task<object?> AwaitValueAsync<T>(object? task) => await (Task<T>)task!; // As above.

    private static Func<Invocation, object?> BinderOf(FunctionEntry entry, ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
        {
            return invocation => invocation;
        }

        if (type == typeof(CancellationToken))
        {
            return invocation => invocation.CancellationToken;
        }

        if (entry.Kind == "httpTrigger")
        {
            if (type == typeof(HttpRequest))
            {
                return invocation => invocation.Http?.Request;
            }

            if (parameter != entry.TriggerParameter && RouteValueOf(parameter) is { } fromRoute)
            {
                return fromRoute;
            }
        }

        if (entry.Kind == "timerTrigger" && type == typeof(TimerInfo))
        {
            return invocation => invocation.Input;
        }

        if (entry.Kind == "serviceBusTrigger")
        {
            Func<Invocation, object?>? binder = type switch
            {
                _ when type == typeof(string) => invocation => invocation.Input,
                _ when type == typeof(byte[]) => invocation => Encoding.UTF8.GetBytes((string?)invocation.Input ?? ""),
                _ when type == typeof(BinaryData) => invocation => BinaryData.FromString((string?)invocation.Input ?? ""),
                _ when type == typeof(ServiceBusReceivedMessage) => invocation => invocation.Message,
                _ when type == typeof(ServiceBusMessageActions) => invocation => invocation.MessageActions,
                _ => null,
            };
            if (binder is not null && (parameter == entry.TriggerParameter || type == typeof(ServiceBusMessageActions)))
            {
                return binder;
            }
        }

        throw new InvalidOperationException(
            $"Function '{entry.Name}': the embedded host cannot bind the parameter '{type.Name} {parameter.Name}'.");
    }

    private static Func<Invocation, object?>? RouteValueOf(ParameterInfo parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        bool known = type == typeof(string) || type == typeof(Guid) || type.IsPrimitive || type.IsEnum ||
            type == typeof(DateTimeOffset) || type == typeof(DateTime) || type == typeof(DateOnly) || type == typeof(decimal);
        if (!known)
        {
            return null;
        }

        string name = parameter.Name ?? "";
        object? absent = parameter.HasDefaultValue
            ? parameter.DefaultValue
            : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;
        return invocation =>
        {
            HttpRequest? request = invocation.Http?.Request;
            string? text = request?.RouteValues[name]?.ToString() ?? request?.Query[name].FirstOrDefault();
            return text is null ? absent : Convert(text, type, invocation.Entry.Name, name);
        };
    }

    private static object Convert(string text, Type type, string function, string parameter)
    {
        try
        {
            return type switch
            {
                _ when type == typeof(string) => text,
                _ when type == typeof(Guid) => Guid.Parse(text),
                _ when type.IsEnum => Enum.Parse(type, text, ignoreCase: true),
                _ when type == typeof(DateTimeOffset) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture),
                _ when type == typeof(DateOnly) => DateOnly.Parse(text, CultureInfo.InvariantCulture),
                _ => System.Convert.ChangeType(text, type, CultureInfo.InvariantCulture),
            };
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or OverflowException or InvalidCastException)
        {
            throw new InvalidOperationException(
                $"Function '{function}': the value for '{parameter}' is no {type.Name}.", fault);
        }
    }

    private sealed class Plan
    {
        public Plan(FunctionEntry entry)
        {
            MethodInfo method = entry.Method;
            Invoker = MethodInvoker.Create(method);
            Class = method.IsStatic ? null : method.DeclaringType;
            Binders = [.. method.GetParameters().Select(parameter => BinderOf(entry, parameter))];
            Type type = method.ReturnType;
            Unwrap = type switch
            {
                _ when type == typeof(Task) => AwaitAsync,
                { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(Task<>) =>
                    ((Func<object?, Task<object?>>)AwaitValueAsync<object>).Method.GetGenericMethodDefinition()
                        .MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Func<object?, Task<object?>>>(),
                _ when type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)) =>
                    throw new InvalidOperationException($"Function '{entry.Name}' returns a ValueTask; return a Task."),
                _ => Task.FromResult,
            };
        }

        public MethodInvoker Invoker { get; }

        /// <summary>
        /// Null for static functions. Made by reflection, as the real worker does: a compiled factory for each of a hundred functions would
        /// cost the start and the idle process more than all calls gain.
        /// </summary>
        public Type? Class { get; }

        public Func<Invocation, object?>[] Binders { get; }

        public Func<object?, Task<object?>> Unwrap { get; }
    }
}
