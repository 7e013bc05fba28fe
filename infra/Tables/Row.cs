using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plenary.Infra.Tables;

/// <summary>
/// One row: its key, a body (a record as JSON, spread over properties where it is long) and, beside it, the columns
/// that operators filter by or that code counts with. Immutable; a change is a new row that carries the old ETag.
/// </summary>
public sealed class Row
{
    /// <summary>A string property takes 32,768 characters at most.</summary>
    private const int CharactersPerProperty = 32_000;
    private const int MostBodyProperties = 12;
    private const string BodyName = "Body";

    private readonly Dictionary<string, object> values;

    private Row(RowKey key, Dictionary<string, object> values, string? etag)
    {
        Key = key;
        this.values = values;
        ETag = etag;
    }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public RowKey Key { get; }

    /// <summary>Null for a row that has not been read from a store.</summary>
    public string? ETag { get; }

    public IReadOnlyDictionary<string, object> Values => values;

    /// <summary>A new row. A body is a class: a struct would take in the first column of a row without a body, a tuple, as its body.</summary>
    /// <exception cref="ArgumentException">The body is longer than about 384,000 characters of JSON.</exception>
    public static Row Of<T>(RowKey key, T body, params (string Name, object Value)[] columns)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(columns);
        string json = JsonSerializer.Serialize(body, Json);
        if (json.Length > CharactersPerProperty * MostBodyProperties)
        {
            throw new ArgumentException($"A row's body takes {CharactersPerProperty * MostBodyProperties} characters; this one has {json.Length}.", nameof(body));
        }

        Dictionary<string, object> values = [];
        for (int part = 0; part == 0 || part * CharactersPerProperty < json.Length; part++)
        {
            int start = part * CharactersPerProperty;
            values[part == 0 ? BodyName : BodyName + part.ToString(CultureInfo.InvariantCulture)] =
                json.Substring(start, Math.Min(CharactersPerProperty, json.Length - start));
        }

        foreach ((string name, object value) in columns)
        {
            values[name] = value;
        }

        return new Row(key, values, null);
    }

    /// <summary>A row of columns only.</summary>
    public static Row Of(RowKey key, params (string Name, object Value)[] columns) =>
        new(key, columns.ToDictionary(column => column.Name, column => column.Value), null);

    /// <summary>As a store hands it out.</summary>
    public static Row Stored(RowKey key, IEnumerable<KeyValuePair<string, object>> values, string etag) =>
        new(key, new Dictionary<string, object>(values), etag);

    /// <summary>This row's place and ETag with another body: what a replacement is made of.</summary>
    public Row With<T>(T body, params (string Name, object Value)[] columns)
        where T : class
    {
        Row fresh = Of(Key, body, columns);
        return new Row(Key, fresh.values, ETag);
    }

    /// <exception cref="InvalidOperationException">The row has no body, or not one of this shape.</exception>
    public T Body<T>()
    {
        if (!values.TryGetValue(BodyName, out object? first))
        {
            throw new InvalidOperationException($"Row {Key.Partition}/{Key.Row} has no body.");
        }

        string json = (string)first;
        for (int part = 1; values.TryGetValue(BodyName + part.ToString(CultureInfo.InvariantCulture), out object? more); part++)
        {
            json += (string)more;
        }

        return JsonSerializer.Deserialize<T>(json, Json)
            ?? throw new InvalidOperationException($"Row {Key.Partition}/{Key.Row} holds null.");
    }

    public string Text(string name) => values.TryGetValue(name, out object? value) ? (string)value : "";

    public long Number(string name) => values.TryGetValue(name, out object? value) ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;

    public bool Flag(string name) => values.TryGetValue(name, out object? value) && (bool)value;
}
