using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using SendGrid.Helpers.Mail.Model;

#nullable disable // As the official package, which carries no nullable annotations.

namespace SendGrid.Helpers.Mail;

public class SendGridMessage
{
    private static readonly JsonSerializerOptions WireFormat = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    [JsonPropertyName("from")]
    public EmailAddress From { get; set; }

    [JsonPropertyName("subject")]
    public string Subject { get; set; }

    [JsonPropertyName("personalizations")]
    public List<Personalization> Personalizations { get; set; }

    [JsonPropertyName("content")]
    public List<Content> Contents { get; set; }

    [JsonIgnore]
    public string PlainTextContent { get; set; }

    [JsonIgnore]
    public string HtmlContent { get; set; }

    [JsonPropertyName("attachments")]
    public List<Attachment> Attachments { get; set; }

    [JsonPropertyName("template_id")]
    public string TemplateId { get; set; }

    [JsonPropertyName("headers")]
    public Dictionary<string, string> Headers { get; set; }

    [JsonPropertyName("sections")]
    public Dictionary<string, string> Sections { get; set; }

    [JsonPropertyName("categories")]
    public List<string> Categories { get; set; }

    [JsonPropertyName("custom_args")]
    public Dictionary<string, string> CustomArgs { get; set; }

    [JsonPropertyName("send_at")]
    public long? SendAt { get; set; }

    [JsonPropertyName("asm")]
    public ASM Asm { get; set; }

    [JsonPropertyName("batch_id")]
    public string BatchId { get; set; }

    [JsonPropertyName("ip_pool_name")]
    public string IpPoolName { get; set; }

    [JsonPropertyName("mail_settings")]
    public MailSettings MailSettings { get; set; }

    [JsonPropertyName("tracking_settings")]
    public TrackingSettings TrackingSettings { get; set; }

    [JsonPropertyName("reply_to")]
    public EmailAddress ReplyTo { get; set; }

    [JsonPropertyName("reply_to_list")]
    public List<EmailAddress> ReplyTos { get; set; }

    public void AddTo(string email, string name = null) => AddTo(Address(email, name));

    public void AddTo(EmailAddress email, int personalizationIndex = 0, Personalization personalization = null) =>
        AddTos([email ?? throw new ArgumentNullException(nameof(email))], personalizationIndex, personalization);

    public void AddTos(List<EmailAddress> emails, int personalizationIndex = 0, Personalization personalization = null)
    {
        RequireSome(emails);
        Personalization target = Target(personalizationIndex, personalization);
        (target.Tos ??= []).AddRange(emails);
    }

    public void AddCc(string email, string name = null) => AddCc(Address(email, name));

    public void AddCc(EmailAddress email, int personalizationIndex = 0, Personalization personalization = null) =>
        AddCcs([email ?? throw new ArgumentNullException(nameof(email))], personalizationIndex, personalization);

    public void AddCcs(List<EmailAddress> emails, int personalizationIndex = 0, Personalization personalization = null)
    {
        RequireSome(emails);
        Personalization target = Target(personalizationIndex, personalization);
        (target.Ccs ??= []).AddRange(emails);
    }

    public void AddBcc(string email, string name = null) => AddBcc(Address(email, name));

    public void AddBcc(EmailAddress email, int personalizationIndex = 0, Personalization personalization = null) =>
        AddBccs([email ?? throw new ArgumentNullException(nameof(email))], personalizationIndex, personalization);

    public void AddBccs(List<EmailAddress> emails, int personalizationIndex = 0, Personalization personalization = null)
    {
        RequireSome(emails);
        Personalization target = Target(personalizationIndex, personalization);
        (target.Bccs ??= []).AddRange(emails);
    }

    public void SetSubject(string subject, int personalizationIndex = 0, Personalization personalization = null) =>
        Target(personalizationIndex, personalization).Subject = subject;

    public void AddHeader(string headerKey, string headerValue, int personalizationIndex = 0, Personalization personalization = null) =>
        AddHeaders(new Dictionary<string, string> { [headerKey] = headerValue }, personalizationIndex, personalization);

    public void AddHeaders(Dictionary<string, string> headers, int personalizationIndex = 0, Personalization personalization = null)
    {
        Personalization target = Target(personalizationIndex, personalization);
        target.Headers = Joined(target.Headers, headers);
    }

    public void AddSubstitution(string substitutionKey, string substitutionValue, int personalizationIndex = 0, Personalization personalization = null) =>
        AddSubstitutions(new Dictionary<string, string> { [substitutionKey] = substitutionValue }, personalizationIndex, personalization);

    public void AddSubstitutions(Dictionary<string, string> substitutions, int personalizationIndex = 0, Personalization personalization = null)
    {
        Personalization target = Target(personalizationIndex, personalization);
        target.Substitutions = Joined(target.Substitutions, substitutions);
    }

    public void AddCustomArg(string customArgKey, string customArgValue, int personalizationIndex = 0, Personalization personalization = null) =>
        AddCustomArgs(new Dictionary<string, string> { [customArgKey] = customArgValue }, personalizationIndex, personalization);

    public void AddCustomArgs(Dictionary<string, string> customArgs, int personalizationIndex = 0, Personalization personalization = null)
    {
        Personalization target = Target(personalizationIndex, personalization);
        target.CustomArgs = Joined(target.CustomArgs, customArgs);
    }

    public void SetTemplateData(object dynamicTemplateData, int personalizationIndex = 0, Personalization personalization = null) =>
        Target(personalizationIndex, personalization).TemplateData = dynamicTemplateData;

    public void SetSendAt(long sendAt, int personalizationIndex = 0, Personalization personalization = null) =>
        Target(personalizationIndex, personalization).SendAt = sendAt;

    public void AddReplyTo(string email, string name = null) => AddReplyTo(Address(email, name));

    public void AddReplyTo(EmailAddress email) =>
        AddReplyTos([email ?? throw new ArgumentNullException(nameof(email))]);

    public void AddReplyTos(List<EmailAddress> emails)
    {
        RequireSome(emails);
        (ReplyTos ??= []).AddRange(emails);
    }

    public void SetFrom(string email, string name = null) => SetFrom(Address(email, name));

    public void SetFrom(EmailAddress email) => From = email;

    public void SetReplyTo(EmailAddress email) => ReplyTo = email;

    public void SetGlobalSubject(string subject) => Subject = subject;

    public void AddContent(string mimeType, string text) => (Contents ??= []).Add(new Content(mimeType, text));

    public void AddContents(List<Content> contents)
    {
        if (Contents is null)
        {
            Contents = contents;
        }
        else
        {
            Contents.AddRange(contents);
        }
    }

    /// <summary>Reads a stream whose length is known; one that cannot be read adds nothing.</summary>
    public async Task AddAttachmentAsync(string filename, Stream contentStream, string type = null, string disposition = null, string content_id = null, CancellationToken cancellationToken = default)
    {
        if (contentStream is null || !contentStream.CanRead)
        {
            return;
        }

        byte[] content = new byte[Convert.ToInt32(contentStream.Length)];
        await contentStream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        AddAttachment(filename, Convert.ToBase64String(content), type, disposition, content_id);
    }

    /// <summary>A blank name or blank content adds nothing.</summary>
    public void AddAttachment(string filename, string base64Content, string type = null, string disposition = null, string content_id = null)
    {
        if (!string.IsNullOrWhiteSpace(filename) && !string.IsNullOrWhiteSpace(base64Content))
        {
            AddAttachment(new Attachment
            {
                Filename = filename,
                Content = base64Content,
                Type = type,
                Disposition = disposition,
                ContentId = content_id,
            });
        }
    }

    public void AddAttachment(Attachment attachment) => (Attachments ??= []).Add(attachment);

    public void AddAttachments(IEnumerable<Attachment> attachments) => (Attachments ??= []).AddRange(attachments);

    public void SetTemplateId(string templateID) => TemplateId = templateID;

    public void AddSection(string key, string value) => (Sections ??= []).Add(key, value);

    public void AddSections(Dictionary<string, string> sections) => Sections = Joined(Sections, sections);

    public void AddGlobalHeader(string key, string value) => (Headers ??= []).Add(key, value);

    public void AddGlobalHeaders(Dictionary<string, string> headers) => Headers = Joined(Headers, headers);

    public void AddCategory(string category) => (Categories ??= []).Add(category);

    public void AddCategories(List<string> categories)
    {
        if (Categories is null)
        {
            Categories = categories;
        }
        else
        {
            Categories.AddRange(categories);
        }
    }

    public void AddGlobalCustomArg(string key, string value) => (CustomArgs ??= []).Add(key, value);

    public void AddGlobalCustomArgs(Dictionary<string, string> customArgs) => CustomArgs = Joined(CustomArgs, customArgs);

    public void SetGlobalSendAt(int sendAt) => SendAt = sendAt;

    public void SetBatchId(string batchId) => BatchId = batchId;

    public void SetAsm(int groupID, List<int> groupsToDisplay = null) =>
        Asm = new ASM { GroupId = groupID, GroupsToDisplay = groupsToDisplay };

    public void SetIpPoolName(string ipPoolName) => IpPoolName = ipPoolName;

    public void SetBccSetting(bool enable, string email) =>
        (MailSettings ??= new MailSettings()).BccSettings = new BCCSettings { Enable = enable, Email = email };

    public void SetBypassListManagement(bool enable) =>
        (MailSettings ??= new MailSettings()).BypassListManagement = new BypassListManagement { Enable = enable };

    public void SetBypassSpamManagement(bool enable) =>
        (MailSettings ??= new MailSettings()).BypassSpamManagement = new BypassSpamManagement { Enable = enable };

    public void SetBypassBounceManagement(bool enable) =>
        (MailSettings ??= new MailSettings()).BypassBounceManagement = new BypassBounceManagement { Enable = enable };

    public void SetBypassUnsubscribeManagement(bool enable) =>
        (MailSettings ??= new MailSettings()).BypassUnsubscribeManagement = new BypassUnsubscribeManagement { Enable = enable };

    public void SetFooterSetting(bool enable, string html = null, string text = null) =>
        (MailSettings ??= new MailSettings()).FooterSettings = new FooterSettings { Enable = enable, Html = html, Text = text };

    public void SetSandBoxMode(bool enable) =>
        (MailSettings ??= new MailSettings()).SandboxMode = new SandboxMode { Enable = enable };

    public void SetSpamCheck(bool enable, int threshold = 1, string postToUrl = null) =>
        (MailSettings ??= new MailSettings()).SpamCheck = new SpamCheck { Enable = enable, Threshold = threshold, PostToUrl = postToUrl };

    public void SetClickTracking(bool enable, bool enableText) =>
        (TrackingSettings ??= new TrackingSettings()).ClickTracking = new ClickTracking { Enable = enable, EnableText = enableText };

    public void SetOpenTracking(bool enable, string substitutionTag = null) =>
        (TrackingSettings ??= new TrackingSettings()).OpenTracking = new OpenTracking { Enable = enable, SubstitutionTag = substitutionTag };

    public void SetSubscriptionTracking(bool enable, string html = null, string text = null, string substitutionTag = null) =>
        (TrackingSettings ??= new TrackingSettings()).SubscriptionTracking = new SubscriptionTracking
        {
            Enable = enable,
            Html = html,
            Text = text,
            SubstitutionTag = substitutionTag,
        };

    public void SetGoogleAnalytics(bool enable, string utmCampaign = null, string utmContent = null, string utmMedium = null, string utmSource = null, string utmTerm = null) =>
        (TrackingSettings ??= new TrackingSettings()).Ganalytics = new Ganalytics
        {
            Enable = enable,
            UtmCampaign = utmCampaign,
            UtmContent = utmContent,
            UtmMedium = utmMedium,
            UtmSource = utmSource,
            UtmTerm = utmTerm,
        };

    /// <summary>
    /// The body of <c>POST /v3/mail/send</c>. Moves <see cref="PlainTextContent"/> and <see cref="HtmlContent"/> into
    /// <see cref="Contents"/>, replacing what was there, and orders several contents as the service demands: plain text,
    /// then HTML, then the rest, the empty ones dropped.
    /// </summary>
    public string Serialize(bool useDefaultSerialization = true)
    {
        if (PlainTextContent is not null || HtmlContent is not null)
        {
            Contents = [];
            if (PlainTextContent is not null)
            {
                Contents.Add(new PlainTextContent(PlainTextContent));
            }

            if (HtmlContent is not null)
            {
                Contents.Add(new HtmlContent(HtmlContent));
            }

            PlainTextContent = null;
            HtmlContent = null;
        }

        if (Contents is { Count: > 1 })
        {
            Contents.RemoveAll(content => string.IsNullOrEmpty(content.Type) || string.IsNullOrEmpty(content.Value));
            Content[] ordered = [.. Contents.OrderBy(content => content.Type == MimeType.Text ? 0 : content.Type == MimeType.Html ? 1 : 2)];
            Contents.Clear();
            Contents.AddRange(ordered);
        }

        return JsonSerializer.Serialize(this, WireFormat);
    }

    public static SendGridMessage Deserialize(string json) => JsonSerializer.Deserialize<SendGridMessage>(json, WireFormat);

    private static EmailAddress Address(string email, string name) =>
        string.IsNullOrWhiteSpace(email) ? throw new ArgumentNullException(nameof(email)) : new EmailAddress(email, name);

    private static void RequireSome(List<EmailAddress> emails)
    {
        ArgumentNullException.ThrowIfNull(emails);
        if (emails.Count == 0)
        {
            throw new InvalidOperationException("Sequence contains no elements");
        }
    }

    // A key that comes again with another value is an ArgumentException, as in the official client.
    private static Dictionary<string, string> Joined(Dictionary<string, string> present, Dictionary<string, string> added) =>
        present is null ? added : present.Union(added).ToDictionary(pair => pair.Key, pair => pair.Value);

    private Personalization Target(int index, Personalization personalization)
    {
        if (personalization is null && Personalizations is null)
        {
            // The first one is made whatever index was asked for, as in the official client.
            personalization = new Personalization();
        }

        Personalizations ??= [];
        if (personalization is not null)
        {
            Personalizations.Add(personalization);
            return personalization;
        }

        if (index > Personalizations.Count)
        {
            throw new ArgumentException($"personalizationIndex {index} must not be greater than {Personalizations.Count}");
        }

        if (index == Personalizations.Count)
        {
            Personalizations.Add(new Personalization());
        }

        return Personalizations[index];
    }
}
