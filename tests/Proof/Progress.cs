using System.Text.Json;

namespace Plenary.Proof;

/// <summary>How far a scenario has come.</summary>
internal sealed class ScenarioProgress
{
    /// <summary>Seeds 0 to this, this excluded, have been run.</summary>
    public int NextSeed { get; set; }

    public long Cases { get; set; }

    public double Seconds { get; set; }

    public List<string> Findings { get; set; } = [];
}

/// <summary>What has been reached, kept between runs of the same build.</summary>
internal sealed class Progress
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Names the build it was reached with: other code proves other things.</summary>
    public string Build { get; set; } = "";

    public DateTimeOffset? Began { get; set; }

    public double Seconds { get; set; }

    public SortedDictionary<string, ScenarioProgress> Scenarios { get; set; } = new(StringComparer.Ordinal);

    public static Progress Load(string path, string build)
    {
        Progress? kept = File.Exists(path) ? JsonSerializer.Deserialize<Progress>(File.ReadAllText(path), Json) : null;
        return kept?.Build == build ? kept : new Progress { Build = build };
    }

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? ".");
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, Json));
        File.Move(path + ".new", path, overwrite: true);
    }
}
