using System.Globalization;
using NCrontab;

namespace Plenary.Local;

/// <summary>When a timer function is due, in UTC: cron of five or six fields, or a constant interval.</summary>
internal sealed class Schedule
{
    private readonly CrontabSchedule? cron;
    private readonly TimeSpan interval;

    private Schedule(CrontabSchedule? cron, TimeSpan interval)
    {
        this.cron = cron;
        this.interval = interval;
    }

    /// <exception cref="InvalidOperationException">The text is neither.</exception>
    public static Schedule Parse(string function, string text)
    {
        int fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        CrontabSchedule? cron = CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 });
        if (cron is not null)
        {
            return new Schedule(cron, TimeSpan.Zero);
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan interval) && interval > TimeSpan.Zero
            ? new Schedule(null, interval)
            : throw new InvalidOperationException($"Function '{function}': the schedule '{text}' is neither cron nor a TimeSpan.");
    }

    /// <summary>The first occurrence after the instant, never the instant itself.</summary>
    public DateTimeOffset After(DateTimeOffset instant) => cron is null
        ? instant + interval
        : new DateTimeOffset(DateTime.SpecifyKind(cron.GetNextOccurrence(instant.UtcDateTime), DateTimeKind.Utc));
}
