using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Azure.Data.Tables;

[SuppressMessage("Naming", "CA1710", Justification = "The official name.")]
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
{
    internal const string PartitionKeyName = "PartitionKey";
    internal const string RowKeyName = "RowKey";
    internal const string TimestampName = "Timestamp";
    internal const string ETagName = "odata.etag";

    private readonly Dictionary<string, object> properties;

    public TableEntity()
    {
        properties = [];
    }

    public TableEntity(string partitionKey, string rowKey)
        : this()
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    public TableEntity(IDictionary<string, object> values)
    {
        properties = values is null ? [] : new Dictionary<string, object>(values);
    }

    public string PartitionKey
    {
        get => GetString(PartitionKeyName);
        set => properties[PartitionKeyName] = value;
    }

    public string RowKey
    {
        get => GetString(RowKeyName);
        set => properties[RowKeyName] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(TimestampName);
        set => properties[TimestampName] = value;
    }

    public ETag ETag
    {
        get => new(GetString(ETagName));
        set => properties[ETagName] = value.ToString();
    }

    public int Count => properties.Count;

    public ICollection<string> Keys => properties.Keys;

    ICollection<object> IDictionary<string, object>.Values => properties.Values;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    internal Dictionary<string, object> Properties => properties;

    public object this[string key]
    {
        get
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            return properties.GetValueOrDefault(key);
        }

        set
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            properties[key] = value is not null && properties.TryGetValue(key, out object present) && present is not null
                ? Fit(present, value)
                : value;
        }
    }

    public string GetString(string key) => Get(key) switch
    {
        null => null,
        string value => value,
        object other => throw Mismatch(typeof(string), other),
    };

    public bool? GetBoolean(string key) => GetValue<bool>(key);

    public int? GetInt32(string key) => GetValue<int>(key);

    public long? GetInt64(string key) => GetValue<long>(key);

    public double? GetDouble(string key) => GetValue<double>(key);

    public Guid? GetGuid(string key) => GetValue<Guid>(key);

    public DateTime? GetDateTime(string key) =>
        Get(key) is DateTimeOffset instant ? instant.UtcDateTime : GetValue<DateTime>(key);

    public DateTimeOffset? GetDateTimeOffset(string key) =>
        Get(key) is DateTime moment ? new DateTimeOffset(moment) : GetValue<DateTimeOffset>(key);

    public byte[] GetBinary(string key) => Get(key) switch
    {
        null => null,
        byte[] value => value,
        BinaryData value => value.ToArray(),
        object other => throw Mismatch(typeof(byte[]), other),
    };

    public BinaryData GetBinaryData(string key) => Get(key) switch
    {
        null => null,
        BinaryData value => value,
        byte[] value => new BinaryData(value),
        object other => throw Mismatch(typeof(BinaryData), other),
    };

    public void Add(string key, object value) => properties.Add(key, value);

    public bool ContainsKey(string key) => properties.ContainsKey(key);

    public bool Remove(string key) => properties.Remove(key);

    public bool TryGetValue(string key, out object value) => properties.TryGetValue(key, out value);

    public void Clear() => properties.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) =>
        ((ICollection<KeyValuePair<string, object>>)properties).Add(item);

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) =>
        ((ICollection<KeyValuePair<string, object>>)properties).Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, object>>)properties).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) =>
        ((ICollection<KeyValuePair<string, object>>)properties).Remove(item);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() =>
        properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => properties.GetEnumerator();

    private object Get(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return properties.GetValueOrDefault(key);
    }

    private T? GetValue<T>(string key)
        where T : struct
        => Get(key) switch
        {
            null => null,
            T value => value,
            object other => throw Mismatch(typeof(T), other),
        };

    /// <summary>A property keeps its type when it is assigned again; numbers may only widen.</summary>
    private static object Fit(object present, object value)
    {
        if (present.GetType().IsInstanceOfType(value))
        {
            return value;
        }

        return (present, value) switch
        {
            (int, double or long) => value,
            (double, int number) => (double)number,
            (long, int number) => (long)number,
            _ => throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Value ({present.GetType()}) {present} is not convertible to ({value.GetType()}) {value}.")),
        };
    }

    private static InvalidOperationException Mismatch(Type wanted, object found) =>
        new($"Cannot return {wanted} type for a {found.GetType()} typed property.");
}
