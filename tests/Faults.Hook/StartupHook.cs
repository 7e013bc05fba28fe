using System.Reflection;
using System.Runtime.Loader;
using Plenary.Faults.Hook;

/// <summary>
/// The runtime calls this before the app's own start when <c>DOTNET_STARTUP_HOOKS</c> names this library: so the very app that is deployed
/// runs with ports that can kill it, without knowing of any test.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        string folder = Path.GetDirectoryName(typeof(StartupHook).Assembly.Location) ?? "";
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, $"{name.Name}.dll") is var file && File.Exists(file) ? context.LoadFromAssemblyPath(file) : (Assembly?)null;
        Ports.Watch();
    }
}
