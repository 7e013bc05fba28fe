using System.Text.Encodings.Web;
using System.Text.Json;
using SendGrid.Helpers.Errors.Model;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Errors;

public class ErrorHandler
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Always throws: the exception that stands for the answer's status.</summary>
    public static async Task ThrowException(HttpResponseMessage message)
    {
        string error = JsonSerializer.Serialize(await ReadAsync(message), Relaxed);
        throw (int)message.StatusCode switch
        {
            400 => new BadRequestException(error),
            401 => new UnauthorizedException(error),
            403 => new ForbiddenException(error),
            404 => new NotFoundException(error),
            405 => new MethodNotAllowedException(error),
            413 => new PayloadTooLargeException(error),
            415 => new UnsupportedMediaTypeException(error),
            429 => new TooManyRequestsException(error),
            500 => new ServerUnavailableException(error),
            503 => new ServiceNotAvailableException(error),
            >= 400 and < 500 => new RequestErrorException(error),
            >= 500 => new SendGridInternalException(error),
            _ => new BadRequestException(error),
        };
    }

    private static async Task<SendGridErrorResponse> ReadAsync(HttpResponseMessage message)
    {
        SendGridErrorResponse error = new()
        {
            ErrorHttpStatusCode = (int)message.StatusCode,
            ErrorReasonPhrase = message.ReasonPhrase,
        };

        string body = message.Content is null ? "" : await message.Content.ReadAsStringAsync();
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.TryGetProperty("errors", out JsonElement errors) && errors.GetArrayLength() > 0)
            {
                error.SendGridErrorMessage = Text(errors[0], "message");
                error.FieldWithError = Text(errors[0], "field");
                error.HelpLink = Text(errors[0], "help");
            }
            else
            {
                error.SendGridErrorMessage = Text(document.RootElement, "error");
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A body in another shape leaves the status alone to speak.
        }

        return error;
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
