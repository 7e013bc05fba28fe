using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;

namespace Plenary.Local;

/// <summary>All functions of the app. What cannot work is refused here, at start, with the remedy.</summary>
internal sealed partial class FunctionCatalog
{
    private readonly Dictionary<string, FunctionEntry> byName = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<FunctionEntry> All => byName.Values;

    public static FunctionCatalog Find(IEnumerable<Type> types, IConfiguration settings, HostJson hostJson)
    {
        FunctionCatalog catalog = new();
        List<string> faults = [];
        foreach (Type type in types)
        {
            foreach (MethodInfo method in type.GetMethods(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is not { } function)
                {
                    continue;
                }

                try
                {
                    FunctionEntry entry = Read(function.Name, method, settings, hostJson);
                    if (!catalog.byName.TryAdd(entry.Name, entry))
                    {
                        faults.Add($"Function '{entry.Name}' is declared twice: {catalog.byName[entry.Name].EntryPoint} and {entry.EntryPoint}.");
                    }
                }
                catch (InvalidOperationException fault)
                {
                    faults.Add(fault.Message);
                }
            }
        }

        return faults.Count == 0
            ? catalog
            : throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
    }

    public FunctionEntry? Get(string name) => byName.GetValueOrDefault(name);

    private static FunctionEntry Read(string name, MethodInfo method, IConfiguration settings, HostJson hostJson)
    {
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            if (parameter.GetCustomAttribute<TriggerBindingAttribute>() is { } trigger)
            {
                string? queue = (trigger as ServiceBusTriggerAttribute)?.QueueName;
                if (trigger is ServiceBusTriggerAttribute && queue is null)
                {
                    throw new InvalidOperationException($"Function '{name}': the embedded host has queues only, no topics.");
                }

                return new FunctionEntry(name, method, parameter, trigger)
                {
                    Route = trigger is HttpTriggerAttribute http ? RouteOf(name, http, hostJson) : null,
                    Schedule = trigger is TimerTriggerAttribute timer ? Expand(name, timer.Schedule, settings) : null,
                    QueueName = queue is null ? null : Expand(name, queue, settings),
                    Retry = RetryOf(method) ?? (trigger is TimerTriggerAttribute ? hostJson.Retry : null),
                    IsDisabled = settings[$"AzureWebJobs.{name}.Disabled"] is "1" or "true" or "True",
                };
            }
        }

        throw new InvalidOperationException($"Function '{name}' ({method.DeclaringType?.Name}.{method.Name}) has no trigger.");
    }

    private static string RouteOf(string name, HttpTriggerAttribute http, HostJson hostJson)
    {
        string route = http.Route ?? name;
        if (route.Trim('/').Length == 0)
        {
            throw new InvalidOperationException(
                $"Function '{name}' has Route = \"{route}\". The real host then answers no HTTP function of the app at all " +
                "(each times out with 500). For the root page use Route = \"{home:maxlength(0)?}\".");
        }

        if (route.StartsWith('/'))
        {
            throw new InvalidOperationException(
                $"Function '{name}' has Route = \"{route}\". A route starts without a slash: the prefix and a slash come before it.");
        }

        string full = hostJson.RoutePrefix.Length == 0 ? route : $"{hostJson.RoutePrefix}/{route}";
        string first = full.Split('/')[0];
        return first.Equals("admin", StringComparison.OrdinalIgnoreCase) || first.Equals("runtime", StringComparison.OrdinalIgnoreCase)
            ? throw new InvalidOperationException($"Function '{name}': the route '{full}' conflicts with the host's own under '{first}'.")
            : full;
    }

    private static RetryPolicy? RetryOf(MethodInfo method) => method.GetCustomAttribute<FixedDelayRetryAttribute>() is { } retry
        ? new RetryPolicy(retry.MaxRetryCount, TimeSpan.Parse(retry.DelayInterval, CultureInfo.InvariantCulture), null)
        : null;

    private static string Expand(string name, string text, IConfiguration settings) => Setting().Replace(
        text,
        match => settings[match.Groups[1].Value] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"Function '{name}': the setting '{match.Value}' has no value."));

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Setting();
}
