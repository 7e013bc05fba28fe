using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Plenary.Infra.Tables;

namespace Plenary.Benchmarks.Intake;

/// <summary>One write within a transaction, as it went over the wire.</summary>
/// <param name="Method">Of the request within the batch.</param>
public sealed partial record RecordedWrite(string Method, string RowKey, IReadOnlyList<(string Name, object Value)> Columns)
{
    /// <summary>Reads the body of a transaction.</summary>
    public static IReadOnlyList<RecordedWrite> Read(string batch) =>
        [.. Inner().Matches(batch).Select(match => Of(match.Groups["method"].Value, JsonDocument.Parse(match.Groups["json"].Value).RootElement))];

    private static RecordedWrite Of(string method, JsonElement entity) => new(
        method,
        entity.GetProperty(nameof(RowKey)).GetString() ?? "",
        [
            .. entity.EnumerateObject()
                .Where(property => !property.Name.Contains('@', StringComparison.Ordinal) && property.Name is not ("PartitionKey" or nameof(RowKey) or "Timestamp" or "odata.etag" or Batch.OperationColumn))
                .Select(property => (property.Name, ValueOf(entity, property))),
        ]);

    private static object ValueOf(JsonElement entity, JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.Number => property.Value.GetInt32(),
        JsonValueKind.True or JsonValueKind.False => property.Value.GetBoolean(),
        _ when entity.TryGetProperty($"{property.Name}@odata.type", out JsonElement type) && type.GetString() == "Edm.Int64" =>
            long.Parse(property.Value.GetString() ?? "", CultureInfo.InvariantCulture),
        _ => property.Value.GetString() ?? "",
    };

    [GeneratedRegex(@"^(?<method>POST|PUT|MERGE|PATCH|DELETE) http\S+ HTTP[^{]*(?<json>\{.*\})", RegexOptions.Multiline)]
    private static partial Regex Inner();
}
