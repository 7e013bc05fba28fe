using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Plenary.Local;

/// <summary>
/// Stands in for App Service authentication with Entra: a page on which one chooses who to be, a really signed id token
/// in a cookie, and the headers the platform adds to each request. While it is on, no caller can send those headers.
/// </summary>
internal sealed class SignIn(SigningKey signingKey, MovableClock clock, IConfiguration settings)
{
    public const string Tenant = "5d5b21f0-4d4c-4a6e-9f0b-70a1b2c3d4e5";

    /// <summary>The same whatever address the host listens on, so that processes accept each other's tokens.</summary>
    public const string Issuer = $"https://entra.local/{Tenant}/v2.0";

    public const string Authority = "/local/entra/v2.0";

    private const string Cookie = "AppServiceAuthSession";
    private const string KeysPath = "/local/entra/keys";
    private const string LoginPath = "/.auth/login/aad";
    private const string ObjectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    private const string NameId = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";
    private const string TenantId = "http://schemas.microsoft.com/identity/claims/tenantid";
    private const string NameClaim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    private const string RoleClaim = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentDictionary<string, JsonWebToken> known = new(StringComparer.Ordinal);
    private readonly Person[] people = ReadPeople(settings["Local:People"]);
    private readonly string audience = settings["Access:Audience"] ?? "plenary-local";

    /// <summary>Whether the host stands before the app; if not, the caller's headers arrive as they were sent.</summary>
    public static bool IsOn(IConfiguration settings) =>
        !"off".Equals(settings["Local:Authentication"], StringComparison.OrdinalIgnoreCase) &&
        !"false".Equals(settings["WEBSITE_AUTH_ENABLED"], StringComparison.OrdinalIgnoreCase);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(LoginPath, (RequestDelegate)ShowPeopleAsync);
        endpoints.MapPost(LoginPath, (RequestDelegate)EnterAsync);
        endpoints.MapGet("/.auth/logout", (RequestDelegate)LeaveAsync);
        endpoints.MapPost("/.auth/logout", (RequestDelegate)LeaveAsync);
        endpoints.MapGet("/.auth/me", (RequestDelegate)ShowMeAsync);
        endpoints.MapGet($"{Authority}/.well-known/openid-configuration", (RequestDelegate)ShowMetadataAsync);
        endpoints.MapGet(KeysPath, (RequestDelegate)ShowKeysAsync);
    }

    /// <summary>Puts the platform's headers in place of whatever the caller sent.</summary>
    public async Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        foreach (string name in http.Request.Headers.Keys
            .Where(name => name.StartsWith("X-MS-CLIENT-PRINCIPAL", StringComparison.OrdinalIgnoreCase) ||
                name.StartsWith("X-MS-TOKEN-", StringComparison.OrdinalIgnoreCase))
            .ToArray())
        {
            http.Request.Headers.Remove(name);
        }

        if (await ReadAsync(http) is { } token)
        {
            http.Request.Headers["X-MS-CLIENT-PRINCIPAL"] = PrincipalOf(token);
            http.Request.Headers["X-MS-CLIENT-PRINCIPAL-ID"] = token.GetPayloadValue<string>("oid");
            http.Request.Headers["X-MS-CLIENT-PRINCIPAL-NAME"] = token.GetPayloadValue<string>("preferred_username");
            http.Request.Headers["X-MS-CLIENT-PRINCIPAL-IDP"] = "aad";
            http.Request.Headers["X-MS-TOKEN-AAD-ID-TOKEN"] = token.EncodedToken;
        }

        await next(http);
    }

    private static Person[] ReadPeople(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return
            [
                new Person("Aiko Mori", ["secretariat"]),
                new Person("Ben Carter", ["secretariat", "approver"]),
                new Person("Chloe Tan", ["operator"]),
            ];
        }

        try
        {
            return JsonSerializer.Deserialize<Person[]>(json, Lenient) ?? [];
        }
        catch (JsonException fault)
        {
            throw new InvalidOperationException(
                "The setting Local:People must be like [{\"name\":\"Aiko Mori\",\"roles\":[\"secretariat\"]}].", fault);
        }
    }

    private static Guid IdOf(Person person) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{Tenant}|{person.Name}")).AsSpan(0, 16));

    private static string MailOf(Person person) =>
        $"{person.Name.ToLowerInvariant().Replace(' ', '.')}@plenary.example";

    private static IEnumerable<(string Type, string Value)> ClaimsOf(JsonWebToken token) => token.Claims.Select(claim => (
        claim.Type switch
        {
            "oid" => ObjectId,
            "sub" => NameId,
            "tid" => TenantId,
            _ => claim.Type,
        },
        claim.Value));

    private static string PrincipalOf(JsonWebToken token)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("auth_typ", "aad");
            writer.WriteStartArray("claims");
            WriteClaims(writer, token);
            writer.WriteEndArray();
            writer.WriteString("name_typ", NameClaim);
            writer.WriteString("role_typ", RoleClaim);
            writer.WriteEndObject();
        }

        return Convert.ToBase64String(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteClaims(Utf8JsonWriter writer, JsonWebToken token)
    {
        foreach ((string type, string value) in ClaimsOf(token))
        {
            writer.WriteStartObject();
            writer.WriteString("typ", type);
            writer.WriteString("val", value);
            writer.WriteEndObject();
        }
    }

    /// <summary>Only a path of this host; anything else would send the person elsewhere.</summary>
    private static string PathOf(string? given) =>
        given is { Length: > 0 } && given[0] == '/' && !given.StartsWith("//", StringComparison.Ordinal) && !given.Contains('\\', StringComparison.Ordinal) &&
        !given.Any(char.IsControl)
            ? given
            : "/";

    private static string AddressOf(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}";

    private Task ShowPeopleAsync(HttpContext http)
    {
        StringBuilder buttons = new();
        for (int i = 0; i < people.Length; i++)
        {
            buttons.Append(CultureInfo.InvariantCulture,
                $"<p><button name=\"person\" value=\"{i}\">{HtmlEncoder.Default.Encode(people[i].Name)} ({HtmlEncoder.Default.Encode(string.Join(", ", people[i].Roles))})</button></p>");
        }

        string target = HtmlEncoder.Default.Encode(PathOf(http.Request.Query["post_login_redirect_uri"]));
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in</title><link rel="icon" href="data:,"><style>{LocalPage.Style}</style></head>
            <body><main>
            <h1>Sign in</h1>
            <p>This page stands in for the organisation's sign-in. Choose who to be.</p>
            <form method="post" action="{LoginPath}"><input type="hidden" name="post_login_redirect_uri" value="{target}">{buttons}</form>
            </main></body></html>
            """);
    }

    private async Task EnterAsync(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!int.TryParse(form["person"], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= people.Length)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        string token = await MakeAsync(people[index], http.RequestAborted);
        http.Response.Cookies.Append(Cookie, token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/" });
        http.Response.Redirect(PathOf(form["post_login_redirect_uri"]));
    }

    private Task LeaveAsync(HttpContext http)
    {
        http.Response.Cookies.Delete(Cookie, new CookieOptions { Path = "/" });
        http.Response.Redirect(PathOf(http.Request.Query["post_logout_redirect_uri"]));
        return Task.CompletedTask;
    }

    private async Task ShowMeAsync(HttpContext http)
    {
        if (await ReadAsync(http) is not { } token)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using Utf8JsonWriter writer = new(http.Response.BodyWriter);
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("expires_on", token.ValidTo.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteString("id_token", token.EncodedToken);
        writer.WriteString("provider_name", "aad");
        writer.WriteStartArray("user_claims");
        WriteClaims(writer, token);
        writer.WriteEndArray();
        writer.WriteString("user_id", token.GetPayloadValue<string>("preferred_username"));
        writer.WriteEndObject();
        writer.WriteEndArray();
        await writer.FlushAsync();
    }

    private static async Task ShowMetadataAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await using Utf8JsonWriter writer = new(http.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("issuer", Issuer);
        writer.WriteString("authorization_endpoint", AddressOf(http) + LoginPath);
        writer.WriteString("jwks_uri", AddressOf(http) + KeysPath);
        foreach ((string name, string value) in ((string, string)[])
            [("response_types_supported", "id_token"), ("subject_types_supported", "pairwise"), ("id_token_signing_alg_values_supported", "RS256")])
        {
            writer.WriteStartArray(name);
            writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        await writer.FlushAsync();
    }

    private async Task ShowKeysAsync(HttpContext http)
    {
        RsaSecurityKey key = await signingKey.GetAsync(http.RequestAborted);
        RSAParameters parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        http.Response.ContentType = "application/json";
        await using Utf8JsonWriter writer = new(http.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteStartArray("keys");
        writer.WriteStartObject();
        writer.WriteString("kty", "RSA");
        writer.WriteString("use", "sig");
        writer.WriteString("alg", "RS256");
        writer.WriteString("kid", key.KeyId);
        writer.WriteString("n", Base64UrlEncoder.Encode(parameters.Modulus));
        writer.WriteString("e", Base64UrlEncoder.Encode(parameters.Exponent));
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync();
    }

    private async Task<string> MakeAsync(Person person, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Guid id = IdOf(person);
        SecurityTokenDescriptor descriptor = new()
        {
            Issuer = Issuer,
            Audience = audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                ["tid"] = Tenant,
                ["oid"] = id.ToString(),
                ["sub"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{audience}|{id}"))),
                ["name"] = person.Name,
                ["preferred_username"] = MailOf(person),
                ["roles"] = person.Roles,
                ["ver"] = "2.0",
            },
            SigningCredentials = new SigningCredentials(await signingKey.GetAsync(cancellation), SecurityAlgorithms.RsaSha256),
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>Null without a cookie, and for a token that is forged, for someone else or out of date.</summary>
    private async ValueTask<JsonWebToken?> ReadAsync(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } text)
        {
            return null;
        }

        if (!known.TryGetValue(text, out JsonWebToken? token))
        {
            TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(text, new TokenValidationParameters
            {
                ValidIssuer = Issuer,
                ValidAudience = audience,
                IssuerSigningKey = await signingKey.GetAsync(http.RequestAborted),
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256],

                // By the moved clock, below and at each request.
                LifetimeValidator = (_, _, _, _) => true,
            });
            if (!result.IsValid)
            {
                return null;
            }

            token = (JsonWebToken)result.SecurityToken;
            if (known.Count < 1000)
            {
                known[text] = token;
            }
        }

        DateTime now = clock.GetUtcNow().UtcDateTime;
        return now < token.ValidTo && now >= token.ValidFrom.AddMinutes(-5) ? token : null;
    }

    private sealed record Person(string Name, string[] Roles);
}
