using System.ComponentModel.DataAnnotations;

namespace Plenary.Agenda;

public sealed class AgendaOptions
{
    public const string Section = "Agenda";

    /// <summary>Read by the trigger itself.</summary>
    public const string ScheduleSetting = $"{Section}:{nameof(Schedule)}";

    /// <summary>Six fields, in UTC. Each minute is <c>0 * * * * *</c>; people wait this long for what falls due.</summary>
    [Required]
    public required string Schedule { get; init; }
}
