namespace Plenary.Deploy.Tests;

/// <summary>The check that stands in for Azure's compiler, over what is deployed and over what must not be.</summary>
public sealed class BicepCheckTests
{
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

    [Theory]
    [InlineData("modules/identity.bicep", "name: name", "name name", "modules/identity.bicep:7: ")]
    [InlineData("modules/identity.bicep", "tags: tags\n}", "tags: tags", "is missing here; add it")]
    [InlineData("main.bicep", "names.hostStorage", "nams.hostStorage", "nothing is called nams")]
    [InlineData("modules/monitoring.bicep", "uniqueString(", "uniqString(", "there is no function uniqString")]
    [InlineData("modules/identity.bicep", "output id ", "param id string\noutput id ", "param id is never used")]
    [InlineData("modules/identity.bicep", "output id ", "var tags = {}\noutput id ", "tags is declared twice")]
    [InlineData("main.bicep", "    queueNames: queueNames\n", "", "module serviceBus is not given queueNames")]
    [InlineData("main.bicep", "    queueNames: queueNames\n", "    queueNames: queueNames\n    topics: []\n", "module serviceBus has no parameter topics")]
    [InlineData("main.bicep", "keepDays: keepLogsDays", "keepDays: 'thirty'", "keepDays is string here; give it as int")]
    [InlineData("main.bicep", "identity.outputs.principalId", "identity.outputs.principal", "module identity has no output principal")]
    [InlineData("main.bicep", "'modules/roles.bicep'", "'modules/rolls.bicep'", "module roles is not at modules/rolls.bicep")]
    [InlineData("main.bicep", "module identity ", "resource direct 'a/b@2024-01-01' = {\n  name: 'x'\n}\nmodule identity ", "main.bicep provisions direct itself")]
    [InlineData("modules/keyVault.bicep", "output id ", "output pepper string = linkPepper\noutput id ", "output pepper tells a secret (linkPepper)")]
    [InlineData("modules/keyVault.bicep", "output id ", "var kept = { pepper: linkPepper }\noutput pepper object = kept\noutput id ", "output pepper tells a secret (kept)")]
    [InlineData("modules/storageAccount.bicep", "output id ", "output key string = account.listKeys().keys[0].value\noutput id ", "output key tells a secret (listKeys())")]
    [InlineData("modules/monitoring.bicep", "output workspaceId ", "output way string = insights.properties.ConnectionString\noutput workspaceId ", "output way tells a secret (ConnectionString)")]
    [InlineData("modules/keyVault.bicep", "@secure()\nparam linkPepper ", "param linkPepper ", "a secret goes into linkPepper of keyVault")]
    [InlineData("main.bicep", "param linkPepper string = ''", "param linkPepper string = 'pepper'", "secret linkPepper has a default")]
    [InlineData("environments/prod.bicepparam", "readEnvironmentVariable('PLENARY_LINK_PEPPER', '')", "'pepper'", "secret linkPepper stands in the file")]
    [InlineData("modules/functionApp.bicep", "'managedidentity'", "'Endpoint=sb://x;SharedAccessKey=y'", "this text holds a key")]
    [InlineData("modules/storageAccount.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", "allowSharedKeyAccess of account is true; set it to false")]
    [InlineData("modules/storageAccount.bicep", "publicAccess: 'None'", "publicAccess: 'Blob'", "publicAccess of containers is 'Blob'")]
    [InlineData("modules/storageAccount.bicep", "'TLS1_2'", "'TLS1_0'", "minimumTlsVersion of account is 'TLS1_0'")]
    [InlineData("modules/serviceBus.bicep", "    disableLocalAuth: true\n", "", "disableLocalAuth of namespace is not set")]
    [InlineData("modules/serviceBus.bicep", "maxDeliveryCount: 10", "maxDeliveryCount: 3", "maxDeliveryCount of queues is 3")]
    [InlineData("modules/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false", "DisableLocalAuth of insights is false")]
    [InlineData("modules/roles.bicep", "guid(hostStorage.id, principalId, roleIds.storageBlobDataOwner)", "guid(hostStorage.id, roleIds.storageBlobDataOwner)", "is not guid(scope, principal, role)")]
    [InlineData("modules/roles.bicep", "guid(keyVault.id, principalId,", "guid(insights.id, principalId,", "is not guid(scope, principal, role)")]
    [InlineData("environments/dev.bicepparam", "param mailFromName = 'The Secretariat'\n", "", "mailFromName is not set")]
    [InlineData("environments/dev.bicepparam", "param mailFromName ", "param mailFromNom ", "has no parameter mailFromNom")]
    [InlineData("environments/dev.bicepparam", "'dev'", "'develop'", "environmentName is 'develop'; use one of dev, test, prod")]
    [InlineData("environments/dev.bicepparam", "keepDeletedDays = 7", "keepDeletedDays = true", "keepDeletedDays is bool here")]
    public void A_broken_template_is_found_with_its_place_and_a_remedy(string file, string right, string wrong, string finding)
    {
        DirectoryInfo copy = Directory.CreateTempSubdirectory("plenary-bicep-");
        try
        {
            foreach (string path in BicepFacts.Files)
            {
                string target = Path.Combine(copy.FullName, path);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Path.Combine(BicepFacts.Folder, path), target);
            }

            string broken = Path.Combine(copy.FullName, file);
            string before = File.ReadAllText(broken);
            int at = before.IndexOf(right, StringComparison.Ordinal);
            Assert.True(at >= 0, $"{file} no longer holds {right}");
            File.WriteAllText(broken, before[..at] + wrong + before[(at + right.Length)..]);

            (int exitCode, string output) = BicepFacts.Check(copy.FullName);

            Assert.Equal(1, exitCode);
            Assert.Contains(finding, output, StringComparison.Ordinal);
            Assert.Matches(@"\.bicep(param)?:\d+: .+; .+\.\n", output);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}
