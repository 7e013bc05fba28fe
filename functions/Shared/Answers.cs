using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Shared.Layout;

namespace Plenary.Shared;

/// <summary>
/// The one place where refusals become HTTP. Under /api they are problem documents (RFC 9457) whose <c>code</c> and
/// <c>problems</c> members are stable; elsewhere a page in words. Forms show refusals themselves and only take the status from here.
/// </summary>
public sealed class Answers(Pages pages)
{
    public static JsonSerializerOptions Json => Row.Json;

    /// <summary>Refusal codes are public, so their meaning for HTTP is told by how they end.</summary>
    public static int StatusOf(IReadOnlyList<Refusal> refusals)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        return refusals.Select(refusal => StatusOf(refusal.Code)).Max();
    }

    public static int StatusOf(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code switch
        {
            _ when code.EndsWith("-not-found", StringComparison.Ordinal) => 404,
            _ when code.EndsWith("-forbidden", StringComparison.Ordinal) => 403,
            _ when code.EndsWith("-too-large", StringComparison.Ordinal) => 413,
            _ when code.EndsWith("-closed", StringComparison.Ordinal) || code.EndsWith("-taken", StringComparison.Ordinal) ||
                code.EndsWith("-expired", StringComparison.Ordinal) || code.EndsWith("-conflict", StringComparison.Ordinal) ||
                code.EndsWith("-already", StringComparison.Ordinal) => 409,
            _ => 422,
        };
    }

    public Task<IResult> RefuseAsync(HttpRequest request, params IReadOnlyList<Refusal> refusals)
    {
        int status = StatusOf(refusals);
        return IsApi(request)
            ? Task.FromResult(Problem(status, refusals))
            : pages.ShowAsync<RefusedPage, RefusedModel>(new RefusedModel(TitleOf(status), refusals), status);
    }

    public Task<IResult> NotFoundAsync(HttpRequest request) => RefuseAsync(
        request,
        new Refusal("page-not-found", "There is nothing at this address.", Remedy: "Check the address, or use the link in the newest mail you had from us."));

    /// <summary>A used, expired, replaced, forged or foreign link: always the same words, so that trying tells nothing.</summary>
    public Task<IResult> LinkForbiddenAsync(HttpRequest request) => RefuseAsync(
        request,
        new Refusal(
            "link-forbidden",
            "This link does not open this page, or no longer does.",
            Remedy: "Use the link in the newest mail you had from us. If that does not help, reply to that mail."));

    public static bool IsApi(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
    }

    public static IResult Problem(int status, IReadOnlyList<Refusal> refusals)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        return Results.Json(
            new
            {
                type = "about:blank",
                title = TitleOf(status),
                status,
                code = refusals[0].Code,
                detail = string.Join(' ', refusals.Select(refusal => refusal.Reason)),
                problems = refusals,
            },
            Json,
            "application/problem+json",
            status);
    }

    public static IResult Ok<T>(T body, int status = 200) => Results.Json(body, Json, "application/json; charset=utf-8", status);

    public static string TitleOf(int status) => status switch
    {
        400 => "This request cannot be read",
        401 => "Sign in first",
        403 => "You cannot open this",
        404 => "Page not found",
        409 => "This can no longer be done",
        413 => "Too large",
        >= 500 => "Something went wrong on our side",
        _ => "There is a problem",
    };
}
