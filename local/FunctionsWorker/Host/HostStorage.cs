using Microsoft.Extensions.Configuration;

namespace Plenary.Local;

/// <summary>Where the host keeps its state: the account of <c>AzureWebJobsStorage</c>, or the process's memory without it.</summary>
internal sealed class HostStorage
{
    public HostStorage(IConfiguration settings)
    {
        ConnectionString = settings["AzureWebJobsStorage"] is { Length: > 0 } text ? text : null;
        Prefix = settings["Local:Prefix"] ?? "Local";
        IsSole = "true".Equals(settings["Local:SoleProcess"], StringComparison.OrdinalIgnoreCase);
        Table = ConnectionString is null ? null : new HostTable(ConnectionString, Prefix);
        Timers = Table is null ? new MemoryTimerStore() : new TableTimerStore(Table);
    }

    public string? ConnectionString { get; }

    /// <summary>Starts the names of all tables of what stands in for Azure, so that several hosts can share one Azurite.</summary>
    public string Prefix { get; }

    /// <summary>Told by a setting: no other process lives on this storage, so what one seems to hold is left from a process that was killed.</summary>
    public bool IsSole { get; }

    public HostTable? Table { get; }

    public ITimerStore Timers { get; }
}
