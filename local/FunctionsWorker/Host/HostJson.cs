using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Plenary.Local;

/// <summary>What the embedded host understands of host.json; the rest of the file is left alone.</summary>
internal sealed class HostJson
{
    private readonly IConfiguration file;

    private HostJson(IConfiguration file) => this.file = file;

    public string RoutePrefix => file["extensions:http:routePrefix"]?.Trim('/') ?? "api";

    public int MaxConcurrentCalls => Number("extensions:serviceBus:maxConcurrentCalls") ?? 16;

    public bool AutoCompleteMessages => file["extensions:serviceBus:autoCompleteMessages"] is not { } text || bool.Parse(text);

    public TimeSpan MaxAutoLockRenewal => Duration("extensions:serviceBus:maxAutoLockRenewalDuration") ?? TimeSpan.FromMinutes(5);

    /// <summary>Holds for timer functions without an attribute of their own; queues have their delivery count.</summary>
    public RetryPolicy? Retry => file["retry:strategy"] is { } strategy
        ? new RetryPolicy(
            Number("retry:maxRetryCount") ?? 0,
            strategy.Equals("fixedDelay", StringComparison.OrdinalIgnoreCase)
                ? Duration("retry:delayInterval") ?? TimeSpan.Zero
                : Duration("retry:minimumInterval") ?? TimeSpan.Zero,
            strategy.Equals("fixedDelay", StringComparison.OrdinalIgnoreCase) ? null : Duration("retry:maximumInterval"))
        : null;

    public IEnumerable<KeyValuePair<string, string?>> LogLevels => file.GetSection("logging:logLevel").GetChildren()
        .Select(level => KeyValuePair.Create($"Logging:LogLevel:{level.Key}", level.Value));

    /// <param name="path">The file itself; null to look beside the app and then in the current folder.</param>
    public static HostJson Read(string? path)
    {
        string? found = path is null
            ? new[] { AppContext.BaseDirectory, Environment.CurrentDirectory }
                .Select(folder => Path.Combine(folder, "host.json")).FirstOrDefault(File.Exists)
            : Path.GetFullPath(path);
        ConfigurationBuilder builder = new();
        if (found is not null)
        {
            try
            {
                builder.AddJsonStream(new MemoryStream(File.ReadAllBytes(found)));
                return new HostJson(builder.Build());
            }
            catch (Exception fault) when (fault is JsonException or FormatException or InvalidDataException)
            {
                throw new InvalidOperationException($"{found} is not valid JSON: {fault.Message}", fault);
            }
        }

        return new HostJson(builder.Build());
    }

    private int? Number(string key) => file[key] is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private TimeSpan? Duration(string key) => file[key] is { } text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : null;
}

/// <param name="MaxRetryCount">Runs after the first one; negative for no limit.</param>
/// <param name="Delay">Before the first retry.</param>
/// <param name="MaxDelay">When given, the delay doubles up to this; when null it stays the same.</param>
internal sealed record RetryPolicy(int MaxRetryCount, TimeSpan Delay, TimeSpan? MaxDelay)
{
    public TimeSpan DelayBefore(int retry) => MaxDelay is { } most
        ? TimeSpan.FromTicks((long)Math.Min(most.Ticks, Delay.Ticks * Math.Pow(2, Math.Min(retry - 1, 30))))
        : Delay;
}
