using System.Text.Json;

namespace Plenary.Cli;

/// <summary>Reads settings from a file: the <c>Values</c> of a local.settings.json, a plain object, or the list of pairs that Azure CLI prints.</summary>
internal static class Settings
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What ./run leaves while it runs.</summary>
    private static readonly string LeftByRun = Path.Combine(".local", "settings.json");

    private static readonly string[] NamesOfStores = ["Azure__TablesEndpoint", "Azure__StorageConnectionString"];

    /// <param name="file">Null: what ./run left, unless the environment names the stores.</param>
    public static Dictionary<string, string> Read(string? file)
    {
        if (file is null)
        {
            bool isNamed = NamesOfStores.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
            return isNamed || !File.Exists(LeftByRun) ? [] : Parse(LeftByRun);
        }

        return File.Exists(file) ? Parse(file) : throw new UsageException($"There is no file {file}.");
    }

    /// <summary><c>Name=value</c>.</summary>
    public static (string Name, string Value) ReadPair(string text)
    {
        string[] parts = text.Split('=', 2);
        return parts is [{ Length: > 0 } name, var value]
            ? (Normal(name), value)
            : throw new UsageException($"--set takes Name=value, not {parts[0]}.");
    }

    private static Dictionary<string, string> Parse(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file), Lenient);
            JsonElement root = document.RootElement;
            IEnumerable<(string Name, string Value)> pairs = root.ValueKind == JsonValueKind.Array
                ? root.EnumerateArray().Select(pair => (pair.GetProperty("name").ToString(), pair.GetProperty("value").ToString()))
                : (root.TryGetProperty("Values", out JsonElement values) ? values : root).EnumerateObject().Select(value => (value.Name, value.Value.ToString()));
            return pairs.ToDictionary(pair => Normal(pair.Name), pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new UsageException($"{file} does not hold settings: {failure.Message}");
        }
    }

    private static string Normal(string name) => name.Replace("__", ":", StringComparison.Ordinal);
}
