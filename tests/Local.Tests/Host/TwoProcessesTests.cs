using System.Diagnostics;
using System.Net.Http.Json;
using Plenary.Support;

namespace Plenary.Local.Tests.Host;

/// <summary>Two processes of the test app beside each other, as two instances of a deployment.</summary>
public sealed class TwoProcessesTests
{
    private const int Minutes = 3;

    [Fact]
    public async Task Two_processes_on_one_Azurite_run_each_occurrence_of_a_timer_once()
    {
        Azurite azurite = await Azurite.SharedAsync();
        string prefix = Azurite.Unique("Timers");
        await using Instance one = await Instance.StartAsync(azurite, prefix);
        await using Instance two = await Instance.StartAsync(azurite, prefix);
        for (int minute = 0; minute < Minutes; minute++)
        {
            await Task.WhenAll(one.AdvanceAsync(), two.AdvanceAsync());
            await Task.WhenAll(one.SettleAsync(), two.SettleAsync());
        }

        IReadOnlyList<string> lines = [.. await one.EndAsync(), .. await two.EndAsync()];
        Assert.Equal(Minutes, lines.Count(line => line == "tick"));
    }

    private sealed class Instance(Process process) : IAsyncDisposable
    {
        private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(100) };

        private readonly List<string> lines = [];

        public static async Task<Instance> StartAsync(Azurite azurite, string prefix)
        {
            ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true };
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Plenary.Local.TestApp.dll"));
            foreach (string setting in (string[])
                ["--Local:Urls=http://127.0.0.1:0", "--Test:Schedule=0 * * * * *", "--Test:Queue=work", "--Local:MasterKey=m", "--Local:FunctionKey=f",
                 $"--Local:HostJson={Path.Combine(Repository.Root, "host.json")}", $"--AzureWebJobsStorage={azurite.ConnectionString}", $"--Local:Prefix={prefix}",
                 "--Local:Clock=2023-07-03T12:00:30Z", "--Local:ClockFrozen=true",
                 "--AzureWebJobs.Failing.Disabled=true", "--AzureWebJobs.SlowTick.Disabled=true"])
            {
                start.ArgumentList.Add(setting);
            }

            Instance instance = new(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
            await instance.ReadAddressAsync();
            return instance;
        }

        public async Task AdvanceAsync() =>
            (await http.PostAsJsonAsync("/local/clock", new { by = "00:01:00" })).EnsureSuccessStatusCode();

        public async Task SettleAsync() => Assert.Contains("\"idle\":true", await http.GetStringAsync("/local/idle?wait=60"), StringComparison.Ordinal);

        /// <summary>Everything it printed.</summary>
        public async Task<IReadOnlyList<string>> EndAsync()
        {
            process.Kill();
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                lines.Add(line);
            }

            return lines;
        }

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
            http.Dispose();
        }

        private async Task ReadAddressAsync()
        {
            const string Listening = "Listening on ";
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
            {
                lines.Add(line);
                if (line.StartsWith(Listening, StringComparison.Ordinal))
                {
                    http.BaseAddress = new Uri(line[Listening.Length..]);
                    return;
                }
            }

            throw new InvalidOperationException("The test app ended before it listened.");
        }
    }
}
