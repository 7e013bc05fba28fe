#nullable enable

using System.Globalization;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables.Protocol;

/// <summary>What the real service refuses and the emulator lets pass, refused before it is sent, with the service's own answer.</summary>
internal static class Limits
{
    internal const int Operations = 100;
    internal const int BodyBytes = 4 * 1024 * 1024;
    internal const int Properties = 252;
    internal const int ValueBytes = 64 * 1024;
    internal const int EntityBytes = 1024 * 1024;
    internal const int NameLength = 255;
    internal const int Comparisons = 15;

    internal static readonly DateTimeOffset EarliestInstant = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal static RequestFailedException TooManyProperties() => Refused(
        TableErrorCode.TooManyProperties,
        "The entity contains more properties than allowed. Each entity can include up to 252 properties to store data.");

    internal static RequestFailedException EntityTooLarge() => Refused(
        TableErrorCode.EntityTooLarge, "The entity is larger than the maximum allowed size (1MB).");

    /// <summary>Names are those of C#: letters, digits and underscores, a letter or an underscore first.</summary>
    internal static void CheckName(string name)
    {
        if (name.Length > NameLength)
        {
            throw Refused(TableErrorCode.PropertyNameTooLong, "The property name exceeds the maximum allowed length (255).");
        }

        for (int at = 0; at < name.Length; at++)
        {
            if (!char.IsLetter(name[at]) && name[at] != '_' && (at == 0 || !char.IsDigit(name[at])))
            {
                throw Refused(TableErrorCode.PropertyNameInvalid, $"The property name '{name}' is invalid.");
            }
        }
    }

    /// <summary>The other characters that keys may not hold the service refuses itself; over this one it would stumble.</summary>
    internal static void CheckAddress(string partitionKey, string rowKey)
    {
        if (partitionKey.Contains('/', StringComparison.Ordinal) || rowKey.Contains('/', StringComparison.Ordinal))
        {
            throw Refused(TableErrorCode.InvalidInput, "One of the request inputs is not valid: a key may not hold a slash.");
        }
    }

    internal static RequestFailedException ValueTooLarge() => Refused(
        TableErrorCode.PropertyValueTooLarge,
        "The property value exceeds the maximum allowed size (64KB). If the property value is a string, " +
        "it is UTF-16 encoded and the maximum number of characters should be 32K or less.");

    internal static RequestFailedException OutOfRange(string name) => Refused(
        TableErrorCode.OutOfRangeInput, $"The '{name}' parameter is out of range: instants begin with 1601.");

    internal static RequestFailedException BodyTooLarge() => new(
        413, "The request body is too large and exceeds the maximum permissible limit.", "RequestBodyTooLarge", null);

    internal static RequestFailedException TooManyComparisons() => Refused(
        TableErrorCode.InvalidInput, "One of the request inputs is not valid: a filter may hold at most 15 comparisons.");

    internal static TableTransactionFailedException TooManyOperations() => RefusedTransaction(
        Operations, TableErrorCode.InvalidInput, "The batch request operation exceeds the maximum 100 changes per change set.");

    internal static TableTransactionFailedException OtherPartition(int index) => RefusedTransaction(
        index, TableErrorCode.CommandsInBatchActOnDifferentPartitions, "All commands in a batch must operate on same entity group.");

    internal static TableTransactionFailedException SameRowTwice(int index) => RefusedTransaction(
        index,
        TableErrorCode.InvalidDuplicateRow,
        "The batch request contains multiple changes with same row key. An entity can appear only once in a batch request.");

    internal static TableTransactionFailedException InTransaction(int index, RequestFailedException refusal) =>
        RefusedTransaction(index, refusal.ErrorCode ?? string.Empty, refusal.Message);

    /// <summary>Counts the comparisons of an OData filter; what stands in quotes does not count.</summary>
    internal static int CountComparisons(ReadOnlySpan<char> filter)
    {
        int count = 0;
        int at = 0;
        while (at < filter.Length)
        {
            if (filter[at] == '\'')
            {
                // A doubled quote ends one literal and begins the next, which comes to the same.
                int end = filter[(at + 1)..].IndexOf('\'');
                at = end < 0 ? filter.Length : at + end + 2;
            }
            else if (char.IsLetterOrDigit(filter[at]) || filter[at] == '_')
            {
                int start = at;
                while (at < filter.Length && (char.IsLetterOrDigit(filter[at]) || filter[at] == '_'))
                {
                    at++;
                }

                if (filter[start..at] is "eq" or "ne" or "gt" or "ge" or "lt" or "le")
                {
                    count++;
                }
            }
            else
            {
                at++;
            }
        }

        return count;
    }

    private static RequestFailedException Refused(TableErrorCode code, string message) => new(400, message, code.ToString(), null);

    private static TableTransactionFailedException RefusedTransaction(int index, TableErrorCode code, string message)
    {
        RequestFailedException refusal = Refused(code, string.Create(CultureInfo.InvariantCulture, $"{index}:{message}"));
        refusal.Data[TableTransactionFailedException.FailedEntity] = index.ToString(CultureInfo.InvariantCulture);
        return new TableTransactionFailedException(refusal);
    }
}
