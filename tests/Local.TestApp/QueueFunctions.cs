using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace Plenary.Local.TestApp;

public sealed class QueueFunctions(Seen seen)
{
    /// <summary>Notes each delivery; the body says whether to fail, to wait for the gate or to end well.</summary>
    [Function("Take")]
    public async Task Take([ServiceBusTrigger("%Test:Queue%", Connection = "ServiceBusConnection")] string body, FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IReadOnlyDictionary<string, object?> data = context.BindingContext.BindingData;
        int delivery = Convert.ToInt32(data["DeliveryCount"], CultureInfo.InvariantCulture);
        seen.Note($"{body} {data["MessageId"]} {delivery}");
        Console.WriteLine($"took {body}");
        if (body == "fail" || (body == "fail once" && delivery == 1))
        {
            throw new InvalidOperationException("Told to fail.");
        }

        if (body == "wait")
        {
            await seen.Gate.Task;
        }

        if (body == "slow")
        {
            await Task.Delay(TimeSpan.FromSeconds(2), MovableClock.Machine);
            Console.WriteLine("ended slow");
        }
    }
}
