using System.Diagnostics;
using Plenary.Agenda;
using Plenary.Benchmarks.Figures;
using Plenary.Benchmarks.Stores;

namespace Plenary.Benchmarks.Volume;

/// <summary>One beat of the timer with more and more items waiting, none of them due.</summary>
internal static class AgendaBench
{
    private const string Part = "agenda";
    private const int Ticks = 200;

    public static async Task<IReadOnlyList<SheetLine>> RunAsync(int waiting, Action<string> say)
    {
        List<(double Size, double Seconds)> times = [];
        long queries = 0;
        long pages = 0;
        long rows = 0;
        long sweeps = 0;
        foreach (int size in (int[])[waiting / 1000, waiting / 30, waiting])
        {
            say($"tick with {size:#,0} waiting");
            using Rig rig = new();
            rig.Tables.Put(new WaitingAgenda(size, Rig.Open.AddMinutes(1)));
            await TickAsync(rig);
            long start = Stopwatch.GetTimestamp();
            for (int tick = 0; tick < Ticks; tick++)
            {
                await TickAsync(rig);
            }

            times.Add((size, Stopwatch.GetElapsedTime(start).TotalSeconds / Ticks));
            Meter agenda = rig.Tables.Of(AgendaTable.Name);
            queries = agenda.Queries / (Ticks + 1);
            pages = agenda.Pages / (Ticks + 1);
            rows = agenda.Rows;
            sweeps = (rig.Tables.Total.Requests / (Ticks + 1)) - pages;
        }

        return
        [
            SheetLine.Ratio(Part, "growth of one tick's time with the items waiting (exponent, 0 is flat)", Arithmetic.GrowthExponent(times)).AtMost(0.25, "flat (≤ 0.25)"),
            SheetLine.Of(Part, $"one tick with {waiting:#,0} waiting and none due: queries, pages of the agenda", Math.Max(queries, pages), "", $"{queries}, {pages}; {rows} rows read")
                .AtMost(1, "one query, one page"),
            SheetLine.Of(Part, "further requests of the tick, for the outbox's markers", sweeps, ""),
            SheetLine.Of(Part, $"one tick with {waiting:#,0} waiting: time beside the store's own", times[^1].Seconds * 1e6, "µs"),
        ];
    }

    private static Task TickAsync(Rig rig) => rig.RunAsync<RunAgenda>(use => use.RunAsync(default));
}
