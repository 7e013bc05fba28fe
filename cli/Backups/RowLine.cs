using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Plenary.Infra.Tables;

namespace Plenary.Cli.Backups;

/// <summary>
/// A row as a line of JSON with the exact type of each column: texts and flags as they are, everything else as
/// <c>{"Int64":"42"}</c>.
/// </summary>
internal static class RowLine
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> output, string unit, Row row)
    {
        ArgumentNullException.ThrowIfNull(row);
        using Utf8JsonWriter json = new(output, Plain);
        json.WriteStartObject();
        json.WriteString("unit", unit);
        json.WriteString("partition", row.Key.Partition);
        json.WriteString("row", row.Key.Row);
        json.WriteStartObject("columns");
        foreach ((string name, object value) in row.Values.OrderBy(column => column.Key, StringComparer.Ordinal))
        {
            switch (value)
            {
                case string text:
                    json.WriteString(name, text);
                    break;
                case bool flag:
                    json.WriteBoolean(name, flag);
                    break;
                default:
                    json.WriteStartObject(name);
                    json.WriteString(value.GetType().Name, Text(value));
                    json.WriteEndObject();
                    break;
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    /// <exception cref="FormatException">Not a line of this format.</exception>
    public static (string Unit, Row Row) Read(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        Dictionary<string, object> values = [];
        foreach (JsonProperty column in root.GetProperty("columns").EnumerateObject())
        {
            values[column.Name] = column.Value.ValueKind switch
            {
                JsonValueKind.String => column.Value.GetString() ?? "",
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Object => Typed(column.Value.EnumerateObject().Single()),
                _ => throw new FormatException($"Column {column.Name} has no type."),
            };
        }

        RowKey key = new(Of("partition"), Of("row"));
        return (Of("unit"), Row.Stored(key, values, ""));

        string Of(string name) => root.GetProperty(name).GetString() ?? "";
    }

    private static string Text(object value) => value switch
    {
        int number => number.ToString(CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("O", CultureInfo.InvariantCulture),
        Guid id => id.ToString("D"),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => throw new FormatException($"No table holds a {value.GetType().Name}."),
    };

    private static object Typed(JsonProperty typed)
    {
        string text = typed.Value.GetString() ?? "";
        return typed.Name switch
        {
            nameof(Int32) => int.Parse(text, CultureInfo.InvariantCulture),
            nameof(Int64) => long.Parse(text, CultureInfo.InvariantCulture),
            nameof(Double) => double.Parse(text, CultureInfo.InvariantCulture),
            nameof(DateTimeOffset) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            nameof(DateTime) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            nameof(Guid) => Guid.Parse(text),
            "Byte[]" => Convert.FromBase64String(text),
            _ => throw new FormatException($"{typed.Name} is no type of a column."),
        };
    }

    /// <summary>About how much the row weighs in a request.</summary>
    public static int Weigh(Row row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return 300 + row.Values.Sum(column => 60 + column.Key.Length + (column.Value is string text ? Encoding.UTF8.GetByteCount(text) + text.Count(character => character is '"' or '\\') : 40));
    }
}
