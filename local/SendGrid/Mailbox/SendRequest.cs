using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Plenary.Local;

/// <summary>One entry of the <c>errors</c> list of SendGrid's answer.</summary>
internal sealed record SendRefusal(string Message, string? Field, string? Help);

/// <summary>A request to send, read as SendGrid reads it: everything that is wrong with it is found at once.</summary>
internal sealed partial class SendRequest
{
    private const int MostRecipients = 1000;
    private const int MostPersonalizations = 1000;
    private const int MostCategories = 10;
    private const int LongestCategory = 255;
    private const int MostCustomArgBytes = 10_000;
    private const string HelpPage = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#";

    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "x-sg-id", "x-sg-eid", "received", "dkim-signature", "Content-Type", "Content-Transfer-Encoding",
        "To", "From", "Subject", "Reply-To", "CC", "BCC",
    };

    private readonly List<SendRefusal> refusals = [];
    private readonly List<KeptMail> mails = [];
    private int recipients;

    private SendRequest()
    {
    }

    public IReadOnlyList<SendRefusal> Refusals => refusals;

    /// <summary>One for each personalization; worth nothing where there are refusals. Ids and instants are the caller's to set.</summary>
    public IReadOnlyList<KeptMail> Mails => mails;

    /// <summary>Checked only: nothing is to be delivered.</summary>
    public bool Sandbox { get; private set; }

    public static SendRequest Read(JsonElement root, DateTimeOffset now)
    {
        SendRequest request = new();
        request.ReadAll(root, now);
        return request;
    }

    private void ReadAll(JsonElement root, DateTimeOffset now)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Refuse("Bad Request", null, null);
            return;
        }

        bool hasTemplate = Text(root, "template_id") is { Length: > 0 };
        Mailbox from = ReadFrom(root);
        Mailbox? replyTo = Member(root, "reply_to") is { } reply ? ReadAddress(reply, "reply_to.email", "message.reply_to") : null;
        string? subject = ReadSubject(root, "subject");
        (string? text, string? html) = ReadContent(root, hasTemplate);
        List<KeptAttachment> attachments = ReadAttachments(root);
        List<string> categories = ReadCategories(root);
        Dictionary<string, string> headers = ReadHeaders(root, "headers");
        Dictionary<string, string> customArgs = ReadCustomArgs(root, "custom_args");
        ReadSendAt(root, "send_at", now);
        Sandbox = Member(root, "mail_settings") is { } mail && Member(mail, "sandbox_mode") is { } sandbox &&
            Member(sandbox, "enable") is { ValueKind: JsonValueKind.True };

        JsonElement[] personalizations = Items(root, "personalizations");
        if (personalizations.Length == 0)
        {
            Refuse(
                "The personalizations field is required and must have at least one personalization.",
                "personalizations",
                "-Personalizations-Errors");
        }
        else if (personalizations.Length > MostPersonalizations)
        {
            Refuse(
                $"The personalizations block is limited to 1000 personalizations per API request. You have provided {personalizations.Length} personalizations. " +
                "Please consider splitting this into multiple requests and resending your request.",
                "personalizations",
                "-Personalizations-Errors");
            return;
        }

        bool subjectMissing = false;
        for (int index = 0; index < personalizations.Length; index++)
        {
            JsonElement one = personalizations[index];
            string path = $"personalizations.{index}";
            HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
            List<Mailbox> to = ReadRecipients(one, path, "to", seen);
            if (to.Count == 0 && Items(one, "to").Length == 0)
            {
                Refuse(
                    "The to array is required for all personalization objects, and must have at least one email object with a valid email address.",
                    $"{path}.to",
                    "message.personalizations.to");
            }

            List<Mailbox> cc = ReadRecipients(one, path, "cc", seen);
            List<Mailbox> bcc = ReadRecipients(one, path, "bcc", seen);
            string? ownSubject = ReadSubject(one, $"{path}.subject") ?? subject;
            subjectMissing |= string.IsNullOrEmpty(ownSubject) && !hasTemplate;
            Dictionary<string, string> ownArgs = Merged(customArgs, ReadCustomArgs(one, $"{path}.custom_args"));
            if (ownArgs.Sum(pair => Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value)) > MostCustomArgBytes)
            {
                Refuse("The custom arguments cannot exceed 10000 bytes.", $"{path}.custom_args", "message.custom_args");
            }

            ReadSendAt(one, $"{path}.send_at", now);
            mails.Add(new KeptMail(
                Id: "",
                now,
                MessageId: "",
                index,
                Member(one, "from") is { } ownFrom ? ReadAddress(ownFrom, $"{path}.from.email", "message.from") ?? from : from,
                replyTo,
                to,
                cc,
                bcc,
                ownSubject ?? "",
                text,
                html,
                categories,
                ownArgs,
                Merged(headers, ReadHeaders(one, $"{path}.headers")),
                attachments,
                KeptMail.Accepted,
                []));
        }

        if (recipients > MostRecipients)
        {
            Refuse("There is a limit of 1000 total recipients (to + cc + bcc) per request.", "personalizations", "-Personalizations-Errors");
        }

        if (subjectMissing)
        {
            Refuse(
                "The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.",
                "subject",
                "message.subject");
        }
    }

    private Mailbox ReadFrom(JsonElement root)
    {
        if (Member(root, "from") is not { ValueKind: JsonValueKind.Object } from || Text(from, "email") is not { Length: > 0 })
        {
            Refuse(
                "The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter.  " +
                "e.g. {\"email\" : \"example@example.com\"}  or {\"email\" : \"example@example.com\", \"name\" : \"Example Recipient\"}.",
                "from.email",
                "message.from");
            return new Mailbox("", null);
        }

        Mailbox? read = ReadAddress(from, "from.email", "message.from", "The from email does not contain a valid address.");
        return read ?? new Mailbox("", null);
    }

    private List<Mailbox> ReadRecipients(JsonElement personalization, string path, string list, HashSet<string> seen)
    {
        List<Mailbox> read = [];
        JsonElement[] items = Items(personalization, list);
        recipients += items.Length;
        for (int index = 0; index < items.Length; index++)
        {
            if (ReadAddress(items[index], $"{path}.{list}.{index}.email", $"message.personalizations.{list}") is not { } address)
            {
                continue;
            }

            if (!seen.Add(address.Email))
            {
                Refuse(
                    $"Each email address in the personalization block should be unique between to, cc, and bcc. We found the first duplicate instance of [{address.Email}] in the {path}.{list} field.",
                    path,
                    "message.recipient-errors");
                continue;
            }

            read.Add(address);
        }

        return read;
    }

    private Mailbox? ReadAddress(JsonElement element, string field, string help, string message = "Does not contain a valid address.")
    {
        string? email = Text(element, "email");
        string? name = Text(element, "name");
        if (email is null || email.Length > 320 || !Address().IsMatch(email))
        {
            Refuse(message, field, help);
            return null;
        }

        if (HasLineBreak(name))
        {
            Refuse("The name cannot contain CRLF characters.", field.Replace(".email", ".name", StringComparison.Ordinal), help);
            return null;
        }

        return new Mailbox(email, name);
    }

    private string? ReadSubject(JsonElement element, string field)
    {
        string? subject = Text(element, "subject");
        if (HasLineBreak(subject))
        {
            Refuse("The subject cannot contain CRLF characters.", field, "message.subject");
        }

        return string.IsNullOrEmpty(subject) ? null : subject;
    }

    private (string? Text, string? Html) ReadContent(JsonElement root, bool hasTemplate)
    {
        JsonElement[] contents = Items(root, "content");
        if (contents.Length == 0 && !hasTemplate)
        {
            Refuse(
                "Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block. " +
                "We typically suggest both text/plain and text/html blocks are included, but only one block is required.",
                "content",
                "message.content");
        }

        string? text = null;
        string? html = null;
        int lastRank = -1;
        for (int index = 0; index < contents.Length; index++)
        {
            string? type = Text(contents[index], "type");
            string? value = Text(contents[index], "value");
            if (string.IsNullOrEmpty(type))
            {
                Refuse("The content type must be a string at least one character in length.", $"content.{index}.type", "message.content.type");
                continue;
            }

            if (HasParametersOrLineBreak(type))
            {
                Refuse("The content type cannot contain ';', or CRLF characters.", $"content.{index}.type", "message.content.type");
            }

            if (string.IsNullOrEmpty(value))
            {
                Refuse("The content value must be a string at least one character in length.", $"content.{index}.value", "message.content.value");
            }

            int rank = type == "text/plain" ? 0 : type == "text/html" ? 1 : 2;
            if (rank < lastRank || (rank < 2 && rank == lastRank))
            {
                Refuse(
                    "If present, text/plain and text/html may only be provided once, text/plain first, followed by text/html, followed by any other content.",
                    "content",
                    "message.content");
            }

            lastRank = rank;
            text = rank == 0 ? value : text;
            html = rank == 1 ? value : html;
        }

        return (text, html);
    }

    private List<KeptAttachment> ReadAttachments(JsonElement root)
    {
        List<KeptAttachment> read = [];
        JsonElement[] items = Items(root, "attachments");
        for (int index = 0; index < items.Length; index++)
        {
            string? content = Text(items[index], "content");
            string? fileName = Text(items[index], "filename");
            string? type = Text(items[index], "type");
            string? disposition = Text(items[index], "disposition");
            byte[] decoded = new byte[content is null ? 0 : content.Length];
            int length = 0;
            if (string.IsNullOrEmpty(content))
            {
                Refuse("The attachment content must be a string at least one character in length.", $"attachments.{index}.content", "message.attachments.content");
            }
            else if (!Convert.TryFromBase64String(content, decoded, out length))
            {
                Refuse("The attachment content must be base64 encoded.", $"attachments.{index}.content", "message.attachments.content");
            }

            if (string.IsNullOrEmpty(fileName) || HasLineBreak(fileName))
            {
                Refuse("The attachment filename must be a string at least one character in length, without CRLF characters.", $"attachments.{index}.filename", "message.attachments.filename");
            }

            // The calendar method is the one parameter SendGrid has been seen to let pass; a charset is refused.
            if (type is not null && HasParametersOrLineBreak(type) && !CalendarMethod().IsMatch(type))
            {
                Refuse("The attachment type cannot contain ';', or CRLF characters.", $"attachments.{index}.type", "message.attachments.type");
            }

            if (disposition is not (null or "attachment" or "inline"))
            {
                Refuse("The attachment disposition must be either \"attachment\" or \"inline\".", $"attachments.{index}.disposition", "message.attachments.disposition");
            }

            read.Add(new KeptAttachment(fileName ?? "", type, disposition, Text(items[index], "content_id"), decoded[..length]));
        }

        return read;
    }

    private List<string> ReadCategories(JsonElement root)
    {
        List<string> read = [.. Items(root, "categories").Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() ?? "" : "")];
        if (read.Count > MostCategories)
        {
            Refuse("You can only have up to 10 categories per request.", "categories", "message.categories");
        }

        if (read.Distinct(StringComparer.Ordinal).Count() < read.Count)
        {
            Refuse("All categories must be unique.", "categories", "message.categories");
        }

        if (read.Exists(category => category.Length is 0 or > LongestCategory))
        {
            Refuse("Each category must be a string of at least one and at most 255 characters.", "categories", "message.categories");
        }

        return read;
    }

    private Dictionary<string, string> ReadHeaders(JsonElement owner, string field)
    {
        Dictionary<string, string> read = ReadStrings(owner, "headers", field, "message.headers");
        foreach ((string name, string value) in read)
        {
            if (ReservedHeaders.Contains(name))
            {
                Refuse($"The header {name} is reserved and cannot be used.", $"{field}.{name}", "message.headers");
            }
            else if (!HeaderName().IsMatch(name) || HasLineBreak(value))
            {
                Refuse("The headers cannot contain CRLF characters, and their names must be printable ASCII without colons.", field, "message.headers");
            }
        }

        return read;
    }

    private Dictionary<string, string> ReadCustomArgs(JsonElement owner, string field) =>
        ReadStrings(owner, "custom_args", field, "message.custom_args");

    private Dictionary<string, string> ReadStrings(JsonElement owner, string name, string field, string help)
    {
        Dictionary<string, string> read = new(StringComparer.Ordinal);
        if (Member(owner, name) is not { } element)
        {
            return read;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            Refuse($"The {name} parameter must be an object of key/value pairs.", field, help);
            return read;
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                Refuse($"The {name} values must be strings.", $"{field}.{property.Name}", help);
                continue;
            }

            read[property.Name] = property.Value.GetString() ?? "";
        }

        return read;
    }

    private void ReadSendAt(JsonElement owner, string field, DateTimeOffset now)
    {
        if (Member(owner, "send_at") is not { } element)
        {
            return;
        }

        if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out long seconds))
        {
            Refuse("The send_at parameter must be a Unix timestamp.", field, "message.send_at");
        }
        else if (seconds > now.AddHours(72).ToUnixTimeSeconds())
        {
            Refuse("The send_at parameter is a Unix timestamp of at most 72 hours from now.", field, "message.send_at");
        }
    }

    private void Refuse(string message, string? field, string? help) =>
        refusals.Add(new SendRefusal(message, field, help is null ? null : HelpPage + help));

    private static Dictionary<string, string> Merged(Dictionary<string, string> all, Dictionary<string, string> own)
    {
        Dictionary<string, string> merged = new(all, StringComparer.Ordinal);
        foreach ((string name, string value) in own)
        {
            merged[name] = value;
        }

        return merged;
    }

    private static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static string? Text(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    private static JsonElement[] Items(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Array } member ? [.. member.EnumerateArray()] : [];

    private static bool HasLineBreak(string? value) => value is not null && value.AsSpan().ContainsAny('\r', '\n');

    private static bool HasParametersOrLineBreak(string value) => value.AsSpan().ContainsAny(';', '\r', '\n');

    [GeneratedRegex("""^[!-~-[@<>()\[\],;:"\\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z0-9-]{2,}\z""")]
    private static partial Regex Address();

    [GeneratedRegex("""^text/calendar;\s?method=[A-Za-z]+\z""")]
    private static partial Regex CalendarMethod();

    [GeneratedRegex("""^[!-9;-~]+\z""")]
    private static partial Regex HeaderName();
}
