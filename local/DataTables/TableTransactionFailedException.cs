using System.Collections;
using System.Globalization;

namespace Azure.Data.Tables;

public class TableTransactionFailedException : RequestFailedException
{
    internal const string FailedEntity = "FailedEntity";

    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            requestFailedException?.Status ?? 0,
            requestFailedException?.Message ?? string.Empty,
            requestFailedException?.ErrorCode,
            requestFailedException?.InnerException)
    {
        ArgumentNullException.ThrowIfNull(requestFailedException);
        foreach (DictionaryEntry entry in requestFailedException.Data)
        {
            Data[entry.Key] = entry.Value;
        }

        if (Data[FailedEntity] is string index &&
            int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int failed))
        {
            FailedTransactionActionIndex = failed;
        }
    }

    public int? FailedTransactionActionIndex { get; }
}
