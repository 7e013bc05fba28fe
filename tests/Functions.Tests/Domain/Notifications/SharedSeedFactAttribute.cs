using Plenary.Support;

namespace Plenary.Functions.Tests.Domain.Notifications;

/// <summary>
/// A test on a file that is not ours to ship. It lies in <c>shared/seeds</c> beside the checkout, or in the folder that PLENARY_SHARED
/// names; without it the test is skipped and says so.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedSeedFactAttribute : FactAttribute
{
    public SharedSeedFactAttribute(string seed)
    {
        Seed = seed;
        if (!File.Exists(PathOf(seed)))
        {
            Skip = $"The shared file seeds/{seed} is not here. Set PLENARY_SHARED to the folder that holds it.";
        }
    }

    public string Seed { get; }

    public static string PathOf(string seed)
    {
        string? named = Environment.GetEnvironmentVariable("PLENARY_SHARED");
        string folder = string.IsNullOrEmpty(named) ? Path.Combine(Repository.Root, "..", "shared") : named;
        return Path.GetFullPath(Path.Combine(folder, "seeds", seed));
    }
}
