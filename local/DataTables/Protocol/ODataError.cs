#nullable enable

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Protocol;

/// <summary>Reads <c>{"odata.error":{"code":…,"message":{"value":…}}}</c>, with the failed index a transaction puts before its message.</summary>
internal sealed class ODataError : RequestFailedDetailsParser
{
    internal static ODataError Parser { get; } = new();

    public override bool TryParse(
        Response response,
        [NotNullWhen(true)] out ResponseError? error,
        out IDictionary<string, string>? data)
    {
        error = null;
        data = null;
        if (response.ContentStream is not MemoryStream { Length: > 0 })
        {
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(response.Content.ToMemory());
            if (document.RootElement.ValueKind != JsonValueKind.Object ||
                !document.RootElement.TryGetProperty("odata.error", out JsonElement details))
            {
                return false;
            }

            string? code = details.TryGetProperty("code", out JsonElement codeElement) ? codeElement.GetString() : null;
            string? message = details.TryGetProperty("message", out JsonElement messageElement) &&
                messageElement.TryGetProperty("value", out JsonElement value)
                    ? value.GetString()
                    : null;
            error = new ResponseError(code, message);

            int colon = message?.IndexOf(':', StringComparison.Ordinal) ?? -1;
            if (colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int failed))
            {
                data = new Dictionary<string, string>
                {
                    [TableTransactionFailedException.FailedEntity] = failed.ToString(CultureInfo.InvariantCulture),
                };
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
