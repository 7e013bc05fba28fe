namespace Plenary.Deploy.Tests;

/// <summary>The check that stands in for Azure's compiler, over what is deployed and over what must not be.</summary>
public sealed class BicepCheckTests(BrokenTemplates folders) : IClassFixture<BrokenTemplates>
{
    internal static readonly BrokenTemplate[] Broken =
    [
        new("modules/identity.bicep", "name: name", "name name", "modules/identity.bicep:7: "),
        new("modules/identity.bicep", "tags: tags\n}", "tags: tags", "this cannot be read: resource identity"),
        new("modules/identity.bicep", "identity.properties.principalId\n", "identity.properties.principalId\nvar open = [\n", "is missing here; add it"),
        new("main.bicep", "names.hostStorage", "nams.hostStorage", "nothing is called nams"),
        new("modules/monitoring.bicep", "uniqueString(", "uniqString(", "there is no function uniqString"),
        new("modules/identity.bicep", "output id ", "param id string\noutput id ", "param id is never used"),
        new("modules/identity.bicep", "output id ", "var tags = {}\noutput id ", "tags is declared twice"),
        new("main.bicep", "    queueNames: queueNames\n", "", "module serviceBus is not given queueNames"),
        new("main.bicep", "    queueNames: queueNames\n", "    queueNames: queueNames\n    topics: []\n", "module serviceBus has no parameter topics"),
        new("main.bicep", "keepDays: keepLogsDays", "keepDays: 'thirty'", "keepDays is string here; give it as int"),
        new("main.bicep", "identity.outputs.principalId", "identity.outputs.principal", "module identity has no output principal"),
        new("main.bicep", "'modules/roles.bicep'", "'modules/rolls.bicep'", "module roles is not at modules/rolls.bicep"),
        new("main.bicep", "module identity ", "resource direct 'a/b@2024-01-01' = {\n  name: 'x'\n}\nmodule identity ", "main.bicep provisions direct itself"),
        new("modules/keyVault.bicep", "output id ", "output pepper string = linkPepper\noutput id ", "output pepper tells a secret (linkPepper)"),
        new("modules/keyVault.bicep", "output id ", "var kept = { pepper: linkPepper }\noutput pepper object = kept\noutput id ", "output pepper tells a secret (kept)"),
        new("modules/storageAccount.bicep", "output id ", "output key string = account.listKeys().keys[0].value\noutput id ", "output key tells a secret (listKeys())"),
        new("modules/monitoring.bicep", "output workspaceId ", "output way string = insights.properties.ConnectionString\noutput workspaceId ", "output way tells a secret (ConnectionString)"),
        new("modules/keyVault.bicep", "@secure()\nparam linkPepper ", "param linkPepper ", "a secret goes into linkPepper of keyVault"),
        new("main.bicep", "param linkPepper string = ''", "param linkPepper string = 'pepper'", "secret linkPepper has a default"),
        new("environments/prod.bicepparam", "readEnvironmentVariable('PLENARY_LINK_PEPPER', '')", "'pepper'", "secret linkPepper stands in the file"),
        new("modules/functionApp.bicep", "'managedidentity'", "'Endpoint=sb://x;SharedAccessKey=y'", "this text holds a key"),
        new("modules/storageAccount.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "allowSharedKeyAccess of account is true; set it to false"),
        new("modules/storageAccount.bicep", "publicAccess: 'None'", "publicAccess: 'Blob'", "publicAccess of containers is 'Blob'"),
        new("modules/storageAccount.bicep", "'TLS1_2'", "'TLS1_0'", "minimumTlsVersion of account is 'TLS1_0'"),
        new("modules/serviceBus.bicep", "    disableLocalAuth: true\n", "", "disableLocalAuth of namespace is not set"),
        new("modules/serviceBus.bicep", "maxDeliveryCount: 10", "maxDeliveryCount: 3", "maxDeliveryCount of queues is 3"),
        new("modules/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false", "DisableLocalAuth of insights is false"),
        new("modules/roles.bicep", "guid(hostStorage.id, principalId, roleIds.storageBlobDataOwner)", "guid(hostStorage.id, roleIds.storageBlobDataOwner)", "is not guid(scope, principal, role)"),
        new("modules/roles.bicep", "guid(keyVault.id, principalId,", "guid(insights.id, principalId,", "is not guid(scope, principal, role)"),
        new("environments/dev.bicepparam", "param mailFromName = 'The Secretariat'\n", "", "mailFromName is not set"),
        new("environments/dev.bicepparam", "param mailFromName ", "param mailFromNom ", "has no parameter mailFromNom"),
        new("environments/dev.bicepparam", "'dev'", "'develop'", "environmentName is 'develop'; use one of dev, test, prod"),
        new("environments/dev.bicepparam", "keepDeletedDays = 7", "keepDeletedDays = true", "keepDeletedDays is bool here"),
    ];

    /// <summary>What of the language our templates could use: loops, conditions, lambdas, nested and existing resources, types, functions.</summary>
    private const string Tour = """
        metadata owner = 'x'

        type word = string

        type place = {
          name: word
          count: int?
        }

        func shout(text string) string => toUpper('${text}!')

        @description('Everything.')
        @minLength(1)
        param places place[]
        param extra string?
        param sizes object = {}

        var plain = 'a#b $ c \' d'
        var lines = '''
        several ${not} interpolated
        '''
        var names = map(places, place => place.name)
        var numbered = map(names, (name, index) => '${index}-${name}')
        var table = toObject(places, one => one.name, one => one.count ?? 0)
        var picked = filter(items(table), entry => (entry.value > 0 && !empty(entry.key)))
        var nested = [for (name, index) in names: {
          name: name
          inner: [for other in names: '${other}-${name}-${index}']
        }]

        resource vnet 'Microsoft.Network/virtualNetworks@2024-10-01' = {
          name: shout('v')
          #disable-next-line BCP037
          properties: union(sizes, { plain: plain, lines: lines, numbered: numbered, picked: picked, nested: nested })

          resource sub 'subnets' = {
            name: extra ?? 'sub'
          }
        }

        resource many 'Microsoft.Network/virtualNetworks@2024-10-01' = [for (name, index) in names: if (index > 0) {
          name: name
          location: az.resourceGroup().location
        }]

        output first string = many[0].id
        output last string = vnet::sub.id
        output where object = { 'odata.type': vnet.type, '${plain}': vnet.?tags.?x }

        """;

    public static TheoryData<int> Each => [.. Enumerable.Range(0, Broken.Length)];

    [Fact]
    public void Nothing_is_found_in_what_is_deployed()
    {
        (int exitCode, string output) = BicepFacts.Check();

        Assert.True(exitCode == 0, output);
        Assert.Equal($"{BicepFacts.Files.Count()} Bicep files, nothing found", output.Trim());
    }

    [Fact]
    public void A_folder_without_templates_does_not_pass()
    {
        DirectoryInfo empty = Directory.CreateTempSubdirectory("plenary-bicep-");
        try
        {
            Assert.Equal(2, BicepFacts.Check(empty.FullName).ExitCode);
        }
        finally
        {
            empty.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_is_right_is_not_found_fault_with()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("plenary-bicep-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "tour.bicep"), Tour);

            Assert.Equal((0, "1 Bicep files, nothing found\n"), BicepFacts.Check(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void A_broken_template_is_found_with_its_place_and_a_remedy(int number)
    {
        BrokenTemplate template = Broken[number];
        string[] findings = folders.FindingsOf(number);

        Assert.Contains(findings, line => line.Contains(template.Finding, StringComparison.Ordinal));
        Assert.All(findings, line => Assert.Matches(@"\.bicep(param)?:\d+: .+; .+\.$", line));
    }
}

/// <param name="Right">What stands in the file, and is replaced where it first does.</param>
/// <param name="Finding">Of the line that must be printed.</param>
internal sealed record BrokenTemplate(string File, string Right, string Wrong, string Finding);

/// <summary>A copy of everything for each way to break it, all checked in one run.</summary>
public sealed class BrokenTemplates : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("plenary-bicep-");
    private readonly string[] output;

    public BrokenTemplates()
    {
        string[] copies = [.. BicepCheckTests.Broken.Select((template, number) => Break(template, Path.Combine(root.FullName, $"{number}")))];
        (int exitCode, string lines) = BicepFacts.Check(copies);
        Assert.Equal(1, exitCode);
        output = lines.Split('\n');
    }

    public string[] FindingsOf(int number) =>
        [.. output.Where(line => line.Contains($"{Path.DirectorySeparatorChar}{root.Name}{Path.DirectorySeparatorChar}{number}{Path.DirectorySeparatorChar}", StringComparison.Ordinal))];

    public void Dispose() => root.Delete(recursive: true);

    private static string Break(BrokenTemplate template, string copy)
    {
        foreach (string path in BicepFacts.Files)
        {
            string target = Path.Combine(copy, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(BicepFacts.Folder, path), target);
        }

        string broken = Path.Combine(copy, template.File);
        string before = File.ReadAllText(broken);
        int at = before.IndexOf(template.Right, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{template.File} no longer holds {template.Right}");
        File.WriteAllText(broken, before[..at] + template.Wrong + before[(at + template.Right.Length)..]);
        return copy;
    }
}
