namespace Microsoft.Azure.Functions.Worker;

public abstract class InvocationResult<T>
{
    /// <summary>What the function returned; setting it changes the answer.</summary>
    public abstract T? Value { get; set; }
}

public abstract class InvocationResult : InvocationResult<object>;
