using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Plenary.Access;

/// <summary>
/// What a personal link leaves in the browser: a signed cookie naming the record it opens. No instance remembers anything;
/// the record itself is asked for its generation wherever the session is used.
/// </summary>
public sealed record Session(LinkPurpose Purpose, string Project, string Subject, int Generation, long ExpiresTicks, int Number = 0);

/// <summary>Signs and reads session cookies, and the tokens of forms.</summary>
public sealed class Sessions(IOptions<AccessOptions> options)
{
    private readonly byte[] key = Encoding.UTF8.GetBytes(options.Value.LinkPepper);
    private readonly byte[]? keyBefore = options.Value.LinkPepperBefore is { Length: > 0 } before ? Encoding.UTF8.GetBytes(before) : null;

    /// <summary>A name of its own per record, so that several links can be open in one browser.</summary>
    public static string CookieName(LinkPurpose purpose, string project, string subject)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}|{project}|{subject}"));
        return $"__Host-plenary-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }

    public void Begin(HttpResponse response, Session session)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(session);
        response.Cookies.Append(CookieName(session.Purpose, session.Project, session.Subject), Sign(session), new CookieOptions
        {
            HttpOnly = true,
            Secure = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
        });
    }

    /// <summary>The session for this record, when the cookie is ours and has not expired.</summary>
    public Session? Find(HttpRequest request, LinkPurpose purpose, string project, string subject, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? value = request.Cookies[CookieName(purpose, project, subject)];
        return value is not null && Read(value) is { } session &&
            session.Purpose == purpose && session.Project == project && session.Subject == subject && now.UtcTicks < session.ExpiresTicks
            ? session
            : null;
    }

    /// <summary>What a form of this session must carry back.</summary>
    public string FormToken(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return FormToken($"{session.Purpose}|{session.Project}|{session.Subject}|{session.Generation}|{session.ExpiresTicks}");
    }

    /// <summary>What a form shown to this signed-in person must carry back.</summary>
    public string FormToken(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return FormToken($"caller|{caller.Id}");
    }

    /// <summary>
    /// What a person copies from the mail into the form, so that a machine which follows links and sends forms answers nothing. It belongs to
    /// this record and generation; alone it opens nothing.
    /// </summary>
    public string CodeOf(LinkPurpose purpose, string project, string subject, int generation) => CodeOf(key, purpose, project, subject, generation);

    /// <param name="given">As typed: case, spaces and dashes do not matter.</param>
    public bool IsCode(string given, LinkPurpose purpose, string project, string subject, int generation)
    {
        ArgumentNullException.ThrowIfNull(given);
        string clean = Domain.ReferenceAlphabet.Clean(given);
        return IsFormToken(clean, CodeOf(purpose, project, subject, generation)) || (keyBefore is not null && IsFormToken(clean, CodeOf(keyBefore, purpose, project, subject, generation)));
    }

    public static bool IsFormToken(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private static string CodeOf(byte[] with, LinkPurpose purpose, string project, string subject, int generation)
    {
        byte[] hash = HMACSHA256.HashData(with, Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"code|{purpose}|{project}|{subject}|{generation}")));
        return string.Concat(hash.Take(6).Select(one => Domain.ReferenceAlphabet.Characters[one % Domain.ReferenceAlphabet.Characters.Length]));
    }

    private string FormToken(string of) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"form|{of}")));

    /// <summary>The session as text that only we can make: the cookie's value, and what a program sends as its bearer token.</summary>
    public string Sign(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(session);
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, payload))}";
    }

    /// <summary>Null when the text is not of our making; whether it has expired is for the caller to compare.</summary>
    public Session? Read(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string[] parts = value.Split('.');
        try
        {
            if (parts.Length != 2)
            {
                return null;
            }

            byte[] payload = Base64Url.DecodeFromChars(parts[0]);
            byte[] signature = Base64Url.DecodeFromChars(parts[1]);
            return IsSigned(payload, signature, key) || (keyBefore is not null && IsSigned(payload, signature, keyBefore))
                ? JsonSerializer.Deserialize<Session>(payload)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsSigned(byte[] payload, byte[] signature, byte[] with) =>
        CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(with, payload), signature);
}
