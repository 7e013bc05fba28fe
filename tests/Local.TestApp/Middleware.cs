using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Plenary.Local.TestApp;

/// <summary>Turns one kind of exception into an answer and adds a header when the answer starts, as the product's does.</summary>
public sealed class ProblemMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        HttpContext? http = context.GetHttpContext();
        http?.Response.OnStarting(() =>
        {
            http.Response.Headers.Remove("blazor-enhanced-nav");
            http.Response.Headers["X-Added"] = "yes";
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
        }
        catch (NotSupportedException fault)
        {
            context.GetInvocationResult().Value = Results.Problem(fault.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }
}

public sealed class ShoutMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        await next(context);
        string said = context.GetInvocationResult<string>().Value ?? "";
        context.GetInvocationResult().Value = Results.Text(said.ToUpperInvariant());
    }
}

/// <summary>One per invocation.</summary>
public sealed class Piece(Seen seen) : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public void Dispose() => seen.Note($"disposed {Id}");
}
