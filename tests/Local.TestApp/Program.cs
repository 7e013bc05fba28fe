using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Plenary.Local.TestApp;

public static class Program
{
    public static async Task Main(string[] args) => await CreateBuilder(args).Build().RunAsync();

    /// <summary>The app as a real one composes itself; tests add to it before they build it.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<ProblemMiddleware>();
        builder.UseWhen<ShoutMiddleware>(context => context.FunctionDefinition.Name == "Shout");
        builder.Services.AddSingleton<Seen>();
        builder.Services.AddScoped<Piece>();
        return builder;
    }
}
