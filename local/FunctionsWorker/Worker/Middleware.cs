namespace Microsoft.Azure.Functions.Worker.Middleware;

#pragma warning disable CA1711 // The official name.
public delegate Task FunctionExecutionDelegate(FunctionContext context);
#pragma warning restore CA1711

/// <summary>One instance serves all invocations; it sees what the function throws as it was thrown.</summary>
public interface IFunctionsWorkerMiddleware
{
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
