using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Plenary.Local;

/// <summary>What tests need of the embedded host beyond the official interface.</summary>
public static class EmbeddedHost
{
    /// <summary>Takes the functions of these classes instead of those of the entry assembly.</summary>
    public static FunctionsApplicationBuilder UseFunctionsOf(this FunctionsApplicationBuilder builder, params IEnumerable<Type> classes)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Properties[HostSetup.SourcesKey] = classes.ToArray();
        return builder;
    }

    /// <summary>Takes the functions of this assembly instead of those of the entry assembly.</summary>
    public static FunctionsApplicationBuilder UseFunctionsOf(this FunctionsApplicationBuilder builder, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return builder.UseFunctionsOf(assembly.GetTypes().Where(type => type.IsClass));
    }

    /// <summary>Where a started host listens.</summary>
    public static Uri Address(this IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        string? address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        return new Uri(address ?? throw new InvalidOperationException("The host has not been started."));
    }
}
