using System.Reflection;
using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace Plenary.Local.Tests.Tables;

/// <summary>What the product could come to lean on, and would miss once the official packages are in.</summary>
public sealed class SurfaceTests
{
    public static TheoryData<Assembly, string> Assemblies => new()
    {
        { typeof(TableClient).Assembly, "Azure.Data.Tables" },
        { typeof(BlobClient).Assembly, "Azure.Storage" },
    };

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Nothing_is_public_outside_the_official_namespaces(Assembly assembly, string official)
    {
        Assert.All(
            assembly.GetExportedTypes(),
            type => Assert.True(
                type.Namespace == official || type.Namespace!.StartsWith(official + ".", StringComparison.Ordinal), type.FullName));
        Assert.DoesNotContain(assembly.GetExportedTypes(), type => type.Namespace!.Contains("Protocol", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Clients_can_be_doubled_as_the_official_ones_can(Assembly assembly, string official)
    {
        List<Type> clients = [.. assembly.GetExportedTypes().Where(type => type.Name.EndsWith("Client", StringComparison.Ordinal))];

        Assert.NotEmpty(clients);
        Assert.All(clients, client =>
        {
            Assert.StartsWith(official, client.Namespace, StringComparison.Ordinal);
            Assert.False(client.IsSealed);
            Assert.Contains(
                client.GetConstructors(BindingFlags.NonPublic | BindingFlags.Instance),
                constructor => constructor.IsFamily && constructor.GetParameters().Length == 0);
            Assert.All(
                client.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly),
                method => Assert.True(method.IsVirtual, $"{client.Name}.{method.Name}"));
        });
    }
}
