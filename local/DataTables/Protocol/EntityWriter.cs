#nullable enable

using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Protocol;

/// <summary>Writes an entity as the JSON of the table service, with a type annotation where JSON itself does not tell.</summary>
internal static class EntityWriter
{
    private const string TypeSuffix = "@odata.type";

    internal static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    internal static void Write(Utf8JsonWriter json, ITableEntity entity)
    {
        json.WriteStartObject();
        Extent extent = new();
        if (entity is TableEntity bag)
        {
            WriteBag(json, bag, ref extent);
        }
        else
        {
            EntityShape.Of(entity.GetType()).Write(json, entity, ref extent);
        }

        json.WriteEndObject();
        if (extent.Count > Limits.Properties)
        {
            throw Limits.TooManyProperties();
        }

        if (extent.Bytes > Limits.EntityBytes)
        {
            throw Limits.EntityTooLarge();
        }
    }

    /// <summary>Null is not written: the service could not tell it from a missing property.</summary>
    internal static void WriteProperty(Utf8JsonWriter json, string name, object? value, ref Extent extent)
    {
        if (value is null)
        {
            return;
        }

        bool isKey = name is TableEntity.PartitionKeyName or TableEntity.RowKeyName;
        if (!isKey)
        {
            Limits.CheckName(name);
        }

        extent.Add(name, WriteValue(json, name, value), isKey);
    }

    /// <returns>The bytes that the service counts for the value.</returns>
    private static int WriteValue(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text:
                if (text.Length > Limits.ValueBytes / 2)
                {
                    throw Limits.ValueTooLarge();
                }

                json.WriteString(name, text);
                return (text.Length * 2) + 4;
            case bool flag:
                json.WriteBoolean(name, flag);
                return 1;
            case int number:
                json.WriteNumber(name, number);
                return 4;
            case long number:
                WriteType(json, name, "Edm.Int64"u8);
                Span<byte> digits = stackalloc byte[20];
                number.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
                json.WriteString(name, digits[..length]);
                return 8;
            case double number:
                WriteType(json, name, "Edm.Double"u8);
                WriteReal(json, name, number);
                return 8;
            case float number:
                WriteType(json, name, "Edm.Double"u8);
                WriteReal(json, name, number);
                return 8;
            case DateTimeOffset instant:
                WriteInstant(json, name, instant);
                return 8;
            case DateTime moment:
                WriteInstant(json, name, new DateTimeOffset(moment.Kind == DateTimeKind.Unspecified
                    ? DateTime.SpecifyKind(moment, DateTimeKind.Utc)
                    : moment));
                return 8;
            case Guid id:
                WriteType(json, name, "Edm.Guid"u8);
                json.WriteString(name, id);
                return 16;
            case byte[] bytes:
                return WriteBinary(json, name, bytes);
            case BinaryData data:
                return WriteBinary(json, name, data.ToMemory().Span);
            case Enum member:
                string word = member.ToString();
                json.WriteString(name, word);
                return (word.Length * 2) + 4;
            default:
                throw new NotSupportedException($"A property of type {value.GetType()} cannot be stored in a table.");
        }
    }

    private static void WriteBag(Utf8JsonWriter json, TableEntity bag, ref Extent extent)
    {
        foreach (KeyValuePair<string, object> property in bag.Properties)
        {
            // What the service keeps itself comes with what was read, and is not sent back.
            if (property.Key is not TableEntity.TimestampName && !property.Key.StartsWith("odata.", StringComparison.Ordinal))
            {
                WriteProperty(json, property.Key, property.Value, ref extent);
            }
        }
    }

    private static void WriteInstant(Utf8JsonWriter json, string name, DateTimeOffset instant)
    {
        if (instant < Limits.EarliestInstant)
        {
            throw Limits.OutOfRange(name);
        }

        WriteType(json, name, "Edm.DateTime"u8);
        Span<byte> text = stackalloc byte[32];
        instant.UtcDateTime.TryFormat(text, out int length, "O", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    private static int WriteBinary(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Limits.ValueBytes)
        {
            throw Limits.ValueTooLarge();
        }

        WriteType(json, name, "Edm.Binary"u8);
        json.WriteBase64String(name, bytes);
        return bytes.Length + 4;
    }

    private static void WriteReal(Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteString(name, double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static void WriteType(Utf8JsonWriter json, string name, ReadOnlySpan<byte> type)
    {
        int length = name.Length + TypeSuffix.Length;
        Span<char> annotation = length <= 256 ? stackalloc char[length] : new char[length];
        name.CopyTo(annotation);
        TypeSuffix.CopyTo(annotation[name.Length..]);
        json.WriteString(annotation, type);
    }

    /// <summary>How much of an entity there is, as the service counts it.</summary>
    internal struct Extent()
    {
        internal int Count { get; private set; }

        internal int Bytes { get; private set; } = 4;

        internal void Add(string name, int valueBytes, bool isKey)
        {
            Bytes += valueBytes + (isKey ? 0 : 8 + (name.Length * 2));
            Count += isKey ? 0 : 1;
        }
    }
}
