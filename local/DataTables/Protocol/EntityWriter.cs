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
        int count = entity is TableEntity bag ? WriteBag(json, bag) : EntityShape.Of(entity.GetType()).Write(json, entity);
        json.WriteEndObject();
        if (count > Limits.Properties)
        {
            throw Limits.TooManyProperties();
        }
    }

    /// <returns>Whether a property was written: null and what the service keeps itself are not.</returns>
    internal static bool WriteProperty(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                return false;
            case string text:
                if (text.Length > Limits.ValueBytes / 2)
                {
                    throw Limits.ValueTooLarge();
                }

                json.WriteString(name, text);
                return true;
            case bool flag:
                json.WriteBoolean(name, flag);
                return true;
            case int number:
                json.WriteNumber(name, number);
                return true;
            case long number:
                WriteType(json, name, "Edm.Int64"u8);
                Span<byte> digits = stackalloc byte[20];
                number.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
                json.WriteString(name, digits[..length]);
                return true;
            case double number:
                WriteType(json, name, "Edm.Double"u8);
                WriteReal(json, name, number);
                return true;
            case float number:
                WriteType(json, name, "Edm.Double"u8);
                WriteReal(json, name, number);
                return true;
            case DateTimeOffset instant:
                WriteInstant(json, name, instant);
                return true;
            case DateTime moment:
                WriteInstant(json, name, new DateTimeOffset(moment.Kind == DateTimeKind.Unspecified
                    ? DateTime.SpecifyKind(moment, DateTimeKind.Utc)
                    : moment));
                return true;
            case Guid id:
                WriteType(json, name, "Edm.Guid"u8);
                json.WriteString(name, id);
                return true;
            case byte[] bytes:
                WriteBinary(json, name, bytes);
                return true;
            case BinaryData data:
                WriteBinary(json, name, data.ToMemory().Span);
                return true;
            case Enum member:
                json.WriteString(name, member.ToString());
                return true;
            default:
                throw new NotSupportedException($"A property of type {value.GetType()} cannot be stored in a table.");
        }
    }

    private static int WriteBag(Utf8JsonWriter json, TableEntity bag)
    {
        int count = 0;
        foreach (KeyValuePair<string, object> property in bag.Properties)
        {
            if (property.Key is TableEntity.TimestampName || property.Key.StartsWith("odata.", StringComparison.Ordinal))
            {
                continue;
            }

            if (WriteProperty(json, property.Key, property.Value) &&
                property.Key is not (TableEntity.PartitionKeyName or TableEntity.RowKeyName))
            {
                count++;
            }
        }

        return count;
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

    private static void WriteBinary(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Limits.ValueBytes)
        {
            throw Limits.ValueTooLarge();
        }

        WriteType(json, name, "Edm.Binary"u8);
        json.WriteBase64String(name, bytes);
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
}
