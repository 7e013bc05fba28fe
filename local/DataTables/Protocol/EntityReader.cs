#nullable enable

using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Protocol;

/// <summary>Reads entities straight from the service's JSON, in whatever order values and their annotations come.</summary>
internal static class EntityReader
{
    internal static T ReadOne<T>(ReadOnlySpan<byte> utf8, string? etag)
        where T : class, ITableEntity
    {
        Utf8JsonReader json = new(utf8);
        json.Read();
        TableEntity entity = Read(ref json);
        if (etag is not null)
        {
            entity.Properties.TryAdd(TableEntity.ETagName, etag);
        }

        return As<T>(entity);
    }

    internal static List<T> ReadMany<T>(ReadOnlySpan<byte> utf8)
        where T : class, ITableEntity
    {
        List<T> entities = [];
        Utf8JsonReader json = new(utf8);
        if (AtValues(ref json))
        {
            while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            {
                entities.Add(As<T>(Read(ref json)));
            }
        }

        return entities;
    }

    internal static List<string> ReadTableNames(ReadOnlySpan<byte> utf8)
    {
        List<string> names = [];
        Utf8JsonReader json = new(utf8);
        if (AtValues(ref json))
        {
            while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            {
                if (Read(ref json).GetString("TableName") is { } name)
                {
                    names.Add(name);
                }
            }
        }

        return names;
    }

    private static T As<T>(TableEntity entity)
        where T : class, ITableEntity
    {
        if (entity is T same)
        {
            return same;
        }

        if (typeof(T) == typeof(ITableEntity))
        {
            return (T)(ITableEntity)entity;
        }

        T filled = Activator.CreateInstance<T>();
        EntityShape.Of(typeof(T)).Fill(filled, entity);
        return filled;
    }

    private static bool AtValues(ref Utf8JsonReader json)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isValues = json.ValueTextEquals("value"u8);
            json.Read();
            if (isValues)
            {
                return json.TokenType == JsonTokenType.StartArray;
            }

            json.Skip();
        }

        return false;
    }

    /// <summary>Stands at the object's start before, and at its end after.</summary>
    private static TableEntity Read(ref Utf8JsonReader json)
    {
        TableEntity entity = new();
        Dictionary<string, string>? awaited = null;
        string? nextName = null;
        string? nextType = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString() ?? string.Empty;
            json.Read();
            int annotation = name.IndexOf("@odata.", StringComparison.Ordinal);
            if (annotation >= 0)
            {
                if (annotation > 0 && name.AsSpan(annotation).SequenceEqual("@odata.type") && json.GetString() is { } type)
                {
                    string of = name[..annotation];
                    if (entity.Properties.TryGetValue(of, out object? early))
                    {
                        entity.Properties[of] = Typed(early, type);
                    }
                    else
                    {
                        if (nextName is not null && nextType is not null)
                        {
                            (awaited ??= [])[nextName] = nextType;
                        }

                        (nextName, nextType) = (of, type);
                    }
                }
                else
                {
                    json.Skip();
                }

                continue;
            }

            if (name.StartsWith("odata.", StringComparison.Ordinal) && name != TableEntity.ETagName)
            {
                json.Skip();
                continue;
            }

            string? declared = null;
            if (name == nextName)
            {
                declared = nextType;
                nextName = null;
            }
            else
            {
                awaited?.Remove(name, out declared);
            }

            object? value = ReadValue(ref json, name == TableEntity.TimestampName ? "Edm.DateTime" : declared);
            if (value is not null)
            {
                entity.Properties[name] = value;
            }
        }

        return entity;
    }

    private static object? ReadValue(ref Utf8JsonReader json, string? type)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                switch (type)
                {
                    case "Edm.Guid" when json.TryGetGuid(out Guid id):
                        return id;
                    case "Edm.Binary" when json.TryGetBytesFromBase64(out byte[]? bytes):
                        return bytes;
                    default:
                        string text = json.GetString() ?? string.Empty;
                        return type is null ? text : Typed(text, type);
                }

            case JsonTokenType.Number:
                return type switch
                {
                    "Edm.Double" => (object)json.GetDouble(),
                    "Edm.Int64" => json.GetInt64(),
                    // Boxed apart, or the two would meet in a double.
                    _ => json.TryGetInt32(out int number) ? (object)number : json.GetDouble(),
                };
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.Null:
                return null;
            default:
                throw new JsonException($"An entity cannot hold a {json.TokenType}.");
        }
    }

    private static object Typed(object value, string type) => (type, value) switch
    {
        ("Edm.DateTime", string text) =>
            DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        ("Edm.Int64", string text) => long.Parse(text, CultureInfo.InvariantCulture),
        ("Edm.Int64", int number) => (long)number,
        ("Edm.Guid", string text) => Guid.Parse(text),
        ("Edm.Binary", string text) => Convert.FromBase64String(text),
        ("Edm.Double", int number) => (double)number,
        ("Edm.Double", string text) => text switch
        {
            "NaN" => double.NaN,
            "Infinity" or "INF" => double.PositiveInfinity,
            "-Infinity" or "-INF" => double.NegativeInfinity,
            _ => double.Parse(text, CultureInfo.InvariantCulture),
        },
        ("Edm.Int32", string text) => int.Parse(text, CultureInfo.InvariantCulture),
        ("Edm.Boolean", string text) => bool.Parse(text),
        _ => value,
    };
}
