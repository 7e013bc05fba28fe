namespace Plenary.Support;

/// <summary>Where the checkout lies, found from the running test's own folder.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Plenary.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Plenary.slnx above {AppContext.BaseDirectory}.");
    }
}
