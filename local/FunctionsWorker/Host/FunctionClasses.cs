using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Microsoft.Azure.Functions.Worker;

namespace Plenary.Local;

/// <summary>
/// The classes with functions, found in what the assembly says of itself: to load every type and method of an app only to look at it takes
/// time at the start, and memory for as long as the process lives.
/// </summary>
internal static class FunctionClasses
{
    public static IReadOnlyList<Type> Of(Assembly app)
    {
        using PEReader file = new(File.OpenRead(app.Location));
        MetadataReader reader = file.GetMetadataReader();
        return
        [
            .. reader.CustomAttributes.Select(reader.GetCustomAttribute)
                .Where(attribute => attribute.Parent.Kind == HandleKind.MethodDefinition && IsFunction(reader, attribute.Constructor))
                .Select(attribute => reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Parent).GetDeclaringType())
                .Distinct()
                .Select(type => app.ManifestModule.ResolveType(MetadataTokens.GetToken(type)))
                .Where(type => type is { IsClass: true } && (!type.IsAbstract || type.IsSealed)),
        ];
    }

    private static bool IsFunction(MetadataReader reader, EntityHandle constructor) =>
        constructor.Kind == HandleKind.MemberReference &&
        reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } parent &&
        reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)parent).Name, nameof(FunctionAttribute));
}
