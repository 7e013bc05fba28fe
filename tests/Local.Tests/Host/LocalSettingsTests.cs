namespace Plenary.Local.Tests.Host;

public sealed class LocalSettingsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;
    private readonly string name = $"Plenary_{Guid.NewGuid():N}";

    public void Dispose()
    {
        Directory.Delete(folder, recursive: true);
        Environment.SetEnvironmentVariable($"{name}__A", null);
        Environment.SetEnvironmentVariable($"{name}__B", null);
    }

    [Fact]
    public void A_colon_becomes_two_underscores_and_a_set_variable_stays()
    {
        Environment.SetEnvironmentVariable($"{name}__B", "set before");
        File.WriteAllText(
            Path.Combine(folder, "local.settings.json"),
            $$"""{ "IsEncrypted": false, /* as the tools allow */ "Values": { "{{name}}:A": "from the file", "{{name}}:B": "from the file", }, }""");
        LocalSettings.Load(Path.Combine(folder, "missing"), folder);
        Assert.Equal("from the file", Environment.GetEnvironmentVariable($"{name}__A"));
        Assert.Equal("set before", Environment.GetEnvironmentVariable($"{name}__B"));
    }
}
