#nullable enable

using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;

namespace Azure.Data.Tables.Protocol;

/// <summary>The stored properties of an entity class of the product's own, found by reflection once per class.</summary>
internal sealed class EntityShape
{
    private static readonly ConcurrentDictionary<Type, EntityShape> Known = new();
    private readonly (string Name, PropertyInfo Property, Type Type)[] members;
    private readonly Dictionary<string, (PropertyInfo Property, Type Type)> settable;

    private EntityShape(Type type)
    {
        members = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .Where(property => property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null)
            .Where(property => property.Name is not (nameof(ITableEntity.ETag) or nameof(ITableEntity.Timestamp)))
            .Select(property => (
                property.GetCustomAttribute<DataMemberAttribute>()?.Name ?? property.Name,
                property,
                Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType))];
        settable = members
            .Where(member => member.Property.SetMethod is { IsPublic: true })
            .ToDictionary(member => member.Name, member => (member.Property, member.Type), StringComparer.Ordinal);
    }

    internal static EntityShape Of(Type type) => Known.GetOrAdd(type, static found => new EntityShape(found));

    internal void Write(Utf8JsonWriter json, ITableEntity entity, ref EntityWriter.Extent extent)
    {
        foreach ((string name, PropertyInfo property, _) in members)
        {
            EntityWriter.WriteProperty(json, name, property.GetValue(entity), ref extent);
        }
    }

    internal void Fill(ITableEntity entity, TableEntity stored)
    {
        foreach ((string name, object value) in stored.Properties)
        {
            if (value is not null && settable.TryGetValue(name, out (PropertyInfo Property, Type Type) member))
            {
                member.Property.SetValue(entity, Converted(value, member.Type));
            }
        }

        entity.PartitionKey = stored.PartitionKey;
        entity.RowKey = stored.RowKey;
        entity.Timestamp = stored.Timestamp;
        entity.ETag = stored.ETag;
    }

    private static object Converted(object value, Type wanted) => (value, wanted) switch
    {
        _ when wanted.IsInstanceOfType(value) => value,
        (string text, { IsEnum: true }) => Enum.Parse(wanted, text),
        (DateTimeOffset instant, _) when wanted == typeof(DateTime) => instant.UtcDateTime,
        (byte[] bytes, _) when wanted == typeof(BinaryData) => new BinaryData(bytes),
        (int or long or double, { IsPrimitive: true }) => Convert.ChangeType(value, wanted, CultureInfo.InvariantCulture),
        _ => value,
    };
}
