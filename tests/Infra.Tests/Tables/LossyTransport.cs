using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Plenary.Infra.Tests.Tables;

/// <summary>Lets the store do its work; while <see cref="Losses"/> lasts, the answers to writes get lost on the way back.</summary>
public sealed class LossyTransport : HttpPipelineTransport
{
    private static readonly HttpClientTransport Real = new(new HttpClient());

    /// <summary>How many answers are still to be lost.</summary>
    public int Losses { get; set; }

    /// <summary>Runs after the store has done the work and before the answer is lost.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    public int Requests { get; private set; }

    public override Request CreateRequest() => Real.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException("The clients only send asynchronously.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Requests++;
        await Real.ProcessAsync(message);
        if (message.Request.Method != RequestMethod.Get && Losses > 0)
        {
            Losses--;
            await Meanwhile();
            throw new RequestFailedException("The connection broke before the answer came.", new IOException("Connection reset by peer."));
        }
    }
}
