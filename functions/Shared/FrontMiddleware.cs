using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Shared.Layout;

namespace Plenary.Shared;

/// <summary>
/// What every HTTP request passes first: its time of receipt, who may use the door, security headers on every answer, and a
/// page or problem document in place of an exception.
/// </summary>
public sealed partial class FrontMiddleware(TimeProvider clock, SignIn signIn, Sessions sessions, ILogger<FrontMiddleware> logger) : IFunctionsWorkerMiddleware
{
    private static readonly ConcurrentDictionary<string, Audience> Audiences = new(StringComparer.Ordinal);

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        RequestClock.Start(http, clock.GetUtcNow());
        http.Response.OnStarting(() =>
        {
            SecurityHeaders.Set(http);
            return Task.CompletedTask;
        });

        try
        {
            if (await TurnAwayAsync(context, http) is { } answer)
            {
                context.GetInvocationResult().Value = answer;
                return;
            }

            await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody reads an answer.
        }
        catch (BadHttpRequestException refused)
        {
            Log.Unreadable(logger, context.FunctionDefinition.Name, refused.StatusCode);
            context.GetInvocationResult().Value = await ShowAsync(context, http, refused.StatusCode, new Refusal(
                refused.StatusCode == 413 ? "request-too-large" : "request-unreadable",
                refused.StatusCode == 413 ? "What you sent is larger than this form takes." : "What you sent was cut off or cannot be read.",
                Remedy: refused.StatusCode == 413 ? "Send smaller files." : "Go back and send it again."));
        }
        catch (InvalidDataException malformed)
        {
            // Readers of forms have one exception for both; only their words tell a limit from damage.
            bool isTooLarge = malformed.Message.Contains("limit", StringComparison.OrdinalIgnoreCase);
            int status = isTooLarge ? 413 : 400;
            Log.Unreadable(logger, context.FunctionDefinition.Name, status);
            context.GetInvocationResult().Value = await ShowAsync(context, http, status, isTooLarge
                ? new Refusal("request-too-large", "What you sent has more fields than this form, or larger ones.", Remedy: "Go back, shorten the longest text and send it again. What you had saved before is still there.")
                : new Refusal("request-unreadable", "What you sent was cut off or cannot be read.", Remedy: "Go back and send it again."));
        }
#pragma warning disable CA1031 // The edge: whatever went wrong inside, the caller gets words and an id, never a blank page or a stack.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.Failed(logger, failure, context.FunctionDefinition.Name, context.InvocationId);
            context.GetInvocationResult().Value = await ShowAsync(context, http, 500, new Refusal(
                "unexpected-fault",
                "Something went wrong on our side. What had been saved before is still there.",
                Remedy: "Try again in a few minutes."));
        }
    }

    private static Audience AudienceOf(FunctionContext context) => Audiences.GetOrAdd(context.FunctionDefinition.EntryPoint, entryPoint =>
    {
        int dot = entryPoint.LastIndexOf('.');
        MethodInfo? method = typeof(FrontMiddleware).Assembly.GetType(entryPoint[..dot])?.GetMethod(entryPoint[(dot + 1)..]);
        return method?.GetCustomAttribute<OpenToAttribute>()?.Audience
            ?? throw new InvalidOperationException($"The door {entryPoint} does not say who may use it.");
    });

    /// <summary>A post that another site's page made this browser send.</summary>
    private static bool IsFromElsewhere(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";

    private static bool IsForm(HttpRequest request) => request.HasFormContentType;

    private static async Task<IResult> ShowAsync(FunctionContext context, HttpContext http, int status, Refusal refusal)
    {
        if (Answers.IsApi(http.Request))
        {
            return Answers.Problem(status, [refusal]);
        }

        Pages pages = context.InstanceServices.GetRequiredService<Pages>();
        RefusedModel model = new(Answers.TitleOf(status), [refusal], status >= 500 ? context.InvocationId : null);
        return await pages.ShowAsync<RefusedPage, RefusedModel>(model, status);
    }

    private async Task<IResult?> TurnAwayAsync(FunctionContext context, HttpContext http)
    {
        Audience audience = AudienceOf(context);
        bool changes = HttpMethods.IsPost(http.Request.Method);
        if (audience is Audience.LinkHolder or Audience.Secretariat && changes && IsFromElsewhere(http.Request))
        {
            return await ShowAsync(context, http, 403, new Refusal("form-forbidden", "This form was not sent from our own page.", Remedy: "Open the page here and send it again."));
        }

        if (audience is not Audience.Secretariat)
        {
            return null;
        }

        if (await signIn.FindAsync(http.Request, http.RequestAborted) is not { } caller)
        {
            string here = Uri.EscapeDataString(http.Request.Path + http.Request.QueryString);
            return changes || Answers.IsApi(http.Request)
                ? await ShowAsync(context, http, 401, new Refusal("sign-in-needed", "You are not signed in, or your sign-in has run out.", Remedy: "Sign in and send it again."))
                : Results.Redirect($"/.auth/login/aad?post_login_redirect_uri={here}");
        }

        if (!caller.Has(Caller.Secretariat))
        {
            return await ShowAsync(context, http, 403, new Refusal("role-forbidden", "Your account has no part in the secretariat.", Remedy: "Ask the operator for the role."));
        }

        if (changes && IsForm(http.Request))
        {
            IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
            if (!Sessions.IsFormToken(form[FormText.TokenField], sessions.FormToken(caller)))
            {
                return await ShowAsync(context, http, 403, new Refusal("form-forbidden", "This form was not made for you, or is too old.", Remedy: "Open the page again and send it from there."));
            }
        }
        else if (changes)
        {
            return await ShowAsync(context, http, 403, new Refusal("form-forbidden", "This page takes forms only."));
        }

        caller.Enter(http);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Function} failed in invocation {InvocationId}.")]
        public static partial void Failed(ILogger logger, Exception failure, string function, string invocationId);

        [LoggerMessage(2, LogLevel.Information, "{Function} got a request that cannot be read: {Status}.")]
        public static partial void Unreadable(ILogger logger, string function, int status);
    }
}
