using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Plenary.Access;

/// <summary>
/// Finds the signed-in person behind a request. App Service authentication hands the id token on; the token itself is
/// validated here, since its companion headers can be sent by anyone while platform authentication is off.
/// </summary>
/// <param name="keys">Where the authority's keys come from; read from its well-known address when null.</param>
public sealed class SignIn(IOptions<AccessOptions> options, TimeProvider clock, IConfigurationManager<OpenIdConnectConfiguration>? keys = null)
{
    public const string TokenHeader = "X-MS-TOKEN-AAD-ID-TOKEN";

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly IConfigurationManager<OpenIdConnectConfiguration> authority = keys ?? new ConfigurationManager<OpenIdConnectConfiguration>(
        $"{options.Value.Authority.TrimEnd('/')}/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever { RequireHttps = options.Value.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase) });

    /// <summary>Null when nobody is signed in, or the token is not a good one.</summary>
    public async Task<Caller?> FindAsync(HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? token = request.Headers[TokenHeader];
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        OpenIdConnectConfiguration configuration = await authority.GetConfigurationAsync(cancellation);
        TokenValidationResult result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = options.Value.Audience,
            IssuerSigningKeys = configuration.SigningKeys,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (notBefore, expires, _, _) => IsAlive(notBefore, expires, clock.GetUtcNow().UtcDateTime),
        });
        if (!result.IsValid)
        {
            authority.RequestRefresh();
            return null;
        }

        string id = result.ClaimsIdentity.FindFirst("oid")?.Value ?? result.ClaimsIdentity.FindFirst("sub")?.Value ?? "";
        return id.Length == 0
            ? null
            : new Caller(
                id,
                result.ClaimsIdentity.FindFirst("name")?.Value ?? "",
                [.. result.ClaimsIdentity.FindAll("roles").Select(claim => claim.Value)]);
    }

    private static bool IsAlive(DateTime? notBefore, DateTime? expires, DateTime now) =>
        expires is not null && now < expires + Skew && (notBefore is null || notBefore - Skew <= now);
}
