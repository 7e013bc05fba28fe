using System.Text.Json;

namespace Plenary.Local;

/// <summary>Brings the values of local.settings.json into the environment, as the real tools do.</summary>
internal static class LocalSettings
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Takes the first file there is. A variable that is set already is never changed.</summary>
    public static void Load(params IEnumerable<string> folders)
    {
        string? file = folders.Select(folder => Path.Combine(folder, "local.settings.json")).FirstOrDefault(File.Exists);
        if (file is null)
        {
            return;
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file), Lenient);
        if (!document.RootElement.TryGetProperty("Values", out JsonElement values) || values.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (JsonProperty value in values.EnumerateObject())
        {
            string name = value.Name.Replace(":", "__", StringComparison.Ordinal);
            if (Environment.GetEnvironmentVariable(name) is null)
            {
                Environment.SetEnvironmentVariable(name, value.Value.ToString());
            }
        }
    }
}
