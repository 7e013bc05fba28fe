#nullable enable

using System.Globalization;

namespace Azure.Data.Tables.Protocol;

/// <summary>Writes the arguments of an interpolated filter as OData literals, so that no value can change the filter's meaning.</summary>
internal static class QueryFilter
{
    internal static string? Create(FormattableString? filter)
    {
        if (filter is null)
        {
            return null;
        }

        object?[] arguments = filter.GetArguments();
        string[] literals = new string[arguments.Length];
        for (int index = 0; index < arguments.Length; index++)
        {
            literals[index] = Literal(arguments[index], index);
        }

        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    internal static string InstantText(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Literal(object? value, int index) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        sbyte or byte or short or ushort or int => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
        long number => string.Create(CultureInfo.InvariantCulture, $"{number}L"),
        ulong number => string.Create(CultureInfo.InvariantCulture, $"{number}L"),
        uint number => string.Create(CultureInfo.InvariantCulture, $"{number}L"),
        float number => Real(number),
        double number => Real(number),
        DateTimeOffset instant => $"datetime'{InstantText(instant)}'",
        DateTime moment => $"datetime'{moment.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)}'",
        Guid id => $"guid'{id}'",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        BinaryData data => $"X'{Convert.ToHexString(data.ToMemory().Span)}'",
        string text => Quoted(text),
        char letter => Quoted(letter.ToString()),
        Enum member => Quoted(member.ToString()),
        _ => throw new ArgumentException($"Unable to convert argument {index} from type {value.GetType()} to an OData literal."),
    };

    // Without a point or an exponent the service would take the literal for an integer.
    private static string Real(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E', 'N') >= 0 || double.IsInfinity(number) ? text : text + ".0";
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
