using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Plenary.Local.TestApp;
using Plenary.Support;

namespace Plenary.Local.Tests.Host;

/// <summary>The test app as a process of its own, as a platform would start and end it.</summary>
public sealed class DrainTests
{
    private const int Terminate = 15;

    [Fact]
    public async Task A_process_told_to_end_finishes_what_runs_starts_nothing_new_and_exits_with_0()
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Plenary.Local.TestApp.dll"));
        foreach (string setting in (string[])
            ["--Local:Urls=http://127.0.0.1:0", "--Test:Schedule=0 0 0 1 1 *", "--Test:Queue=work", "--Local:MasterKey=m", "--Local:FunctionKey=f",
             $"--Local:HostJson={Path.Combine(Repository.Root, "host.json")}"])
        {
            start.ArgumentList.Add(setting);
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        List<string> lines = [];
        try
        {
            bool told = false;
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
            {
                lines.Add(line);
                if (line == "slow started" && !told)
                {
                    told = true;
                    Assert.Equal(0, Kill(process.Id, Terminate));
                }
            }

            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Equal(0, process.ExitCode);
            Assert.Contains(lines, line => line.StartsWith("Listening on http://127.0.0.1:", StringComparison.Ordinal));
            Assert.Equal(1, lines.Count(line => line == "slow started"));
            Assert.Equal(1, lines.Count(line => line == "slow ended"));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    [Fact]
    public async Task A_message_and_a_request_in_hand_are_finished_while_new_ones_are_turned_away()
    {
        await using RunningHost host = await RunningHost.StartAsync([typeof(HttpFunctions), typeof(QueueFunctions)], RunningHost.Start);
        await using ServiceBusClient client = new(host.Services.GetRequiredService<IConfiguration>()["ServiceBusConnection"]);
        ServiceBusSender sender = client.CreateSender("work");
        Task<string> request = host.Client.GetStringAsync("/wait");
        await host.Seen.NextAsync();
        await sender.SendMessageAsync(new ServiceBusMessage("wait") { MessageId = "m1" });
        await host.Seen.NextAsync();
        Task stopping = Task.Run(host.StopAsync);
        HttpStatusCode status = HttpStatusCode.OK;
        while (status == HttpStatusCode.OK)
        {
            using HttpResponseMessage response = await host.Client.GetAsync("/items/1/x");
            status = response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        await sender.SendMessageAsync(new ServiceBusMessage("too late") { MessageId = "m2" });
        Assert.False(stopping.IsCompleted);
        host.Seen.Gate.SetResult();
        Assert.Equal("waited", await request);
        await stopping;
        Assert.Equal(["waiting", "wait m1 1"], host.Notes);
    }

#pragma warning disable CA5392, SYSLIB1054 // One call of the C library; source generation would need unsafe code.
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
#pragma warning restore CA5392, SYSLIB1054
}
