using Microsoft.Extensions.DependencyInjection;
using Plenary.Shared;

namespace Plenary.Access;

public static class AccessServices
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.HasSecrets(), "Access:LinkPepper still holds a reference to the key vault: the app's identity cannot read the secret.")
            .ValidateOnStart();
        services.AddSingleton<SignIn>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<ILinks, Links>();
        services.AddSingleton<RegistryTable>();
        services.AddScoped<ImportRegistry>();
        services.AddScoped<SaveOfficers>();
        services.AddScoped<RevokeLinks>();
        services.AddSingleton<IRegistry>(provider => provider.GetRequiredService<RegistryTable>());
        services.AddStore(Links.Table, RegistryTable.Name);
        return services;
    }
}
