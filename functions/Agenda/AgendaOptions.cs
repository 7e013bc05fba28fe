using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Plenary.Agenda;

public sealed class AgendaOptions
{
    public const string Section = "Agenda";

    /// <summary>Read by the trigger itself.</summary>
    public const string ScheduleSetting = $"{Section}:{nameof(Schedule)}";

    /// <summary>Six fields, in UTC. Each minute is <c>0 * * * * *</c>; people wait this long for what falls due.</summary>
    [Required]
    public required string Schedule { get; init; }

    /// <summary>Between two runs: one minute for <c>0 * * * * *</c>, five for <c>0 */5 * * * *</c>. Any other schedule is taken for hourly.</summary>
    public TimeSpan Period()
    {
        string[] fields = Schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool isByMinutes = fields.Length == 6 && fields[2..].All(field => field == "*");
        return TimeSpan.FromMinutes(isByMinutes && fields[1] == "*" ? 1 :
            isByMinutes && fields[1].StartsWith("*/", StringComparison.Ordinal) && int.TryParse(fields[1].AsSpan(2), CultureInfo.InvariantCulture, out int minutes) ? minutes :
            60);
    }
}
