using System.Text.Json;
using Plenary.Domain;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;

namespace Plenary.Cli.Backups;

/// <summary>
/// Which project a row, a file or a message belongs to. It goes by what all tables have in common (a project's code is a part of the key, or
/// stands in the row under the name of project), so that a table made tomorrow is sorted rightly without being told of here.
/// </summary>
internal static class Belonging
{
    /// <summary>What belongs to no one project: the registry, drafts that were never issued.</summary>
    public const string Shared = "shared";

    /// <summary>Names under which JSON says whose it is.</summary>
    private static readonly string[] Names = ["project", "issuedAs"];

    public static string OfRow(Row row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return InKey(row.Key.Partition) ?? InKey(row.Key.Row) ?? Code(row.Text("Project")) ??
            InPlace(row.Text("Place")) ?? InJson(row.Text("Message")) ?? InJson(row.Text("Body")) ?? Shared;
    }

    /// <summary>Files lie under the code of their project.</summary>
    public static string OfBlob(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Code(name.Split('/')[0]) ?? Shared;
    }

    /// <param name="body">An envelope, or the place of an outbox.</param>
    public static string OfMessage(string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return InPlace(body) ?? InJson(body) ?? Shared;
    }

    private static string? InKey(string key) => key.Split('|').Select(part => Code(Keys.Unescape(part))).FirstOrDefault(code => code is not null);

    private static string? InPlace(string place) => place.Split('|').Length == 2 && !place.Contains('{', StringComparison.Ordinal) ? InKey(OutboxNames.ReadPlace(place).Partition) : null;

    private static string? InJson(string json)
    {
        if (!json.StartsWith('{'))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return InObject(document.RootElement) ??
                (document.RootElement.TryGetProperty("message", out JsonElement message) && message.ValueKind == JsonValueKind.Object ? InObject(message) : null);
        }
        catch (JsonException)
        {
            // A body spread over several columns, or a message that is no JSON: its keys would have told.
            return null;
        }
    }

    private static string? InObject(JsonElement element) => Names
        .Select(name => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? Code(value.GetString() ?? "") : null)
        .FirstOrDefault(code => code is not null);

    /// <summary>Only as codes are stored: in capitals, without spaces.</summary>
    private static string? Code(string text) => ProjectCode.TryParse(text, out ProjectCode code) && code.ToString() == text ? text : null;
}
