using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Deploy.Tests;

/// <summary>How a script ended, and every command it called, in order.</summary>
internal sealed record Played(int Exit, string Said, string Complained, IReadOnlyList<string> Calls)
{
    public string Everything => string.Join('\n', [Said, Complained, .. Calls]);

    public int Count(string call) => Calls.Count(made => made.StartsWith(call, StringComparison.Ordinal));

    public bool Has(string call) => Count(call) > 0;
}

/// <summary>
/// A copy of the scripts beside commands that only note how they were called and answer as they are told: a deployed environment
/// where all is well, until a test says otherwise. Nothing outside the folder is touched, and no time passes.
/// </summary>
internal sealed class StandIn : IDisposable
{
    public const string Subscription = "11111111-2222-3333-4444-555555555555";
    public const string Key = "SG.the-key-of-the-vault.that-nobody-may-read";
    public const string Host = "plenary-dev-abc.azurewebsites.net";
    public const string Before = "20231001T080000Z-0ld0ld00";
    public const string Version = "20231119T120000Z-30ea615a";

    private const string Facts = $"plenary-dev-abc\n{Host}\npldatadevabc\nversions\npl-dev-abc";

    private static readonly string[] Real =
        ["bash", "basename", "cat", "chmod", "comm", "cp", "cut", "dirname", "env", "grep", "head", "mkdir", "mktemp", "mv", "node", "rm", "sed", "sort", "tail", "touch", "tr"];

    private static readonly string[] Played = ["az", "curl", "date", "dotnet", "git", "npm", "sleep", "unzip", "zip"];

    private readonly string root = Directory.CreateTempSubdirectory("plenary-deploy-").FullName;
    private readonly Dictionary<string, string> environment = [];
    private int rules = 10_000;

    public StandIn()
    {
        string commands = Directory.CreateDirectory(At("commands")).FullName;
        Directory.CreateDirectory(At("rules"));
        foreach (string name in Real)
        {
            File.CreateSymbolicLink(Path.Combine(commands, name), Find(name));
        }

        File.CreateSymbolicLink(Path.Combine(commands, "real-date"), Find("date"));
        string standIn = Path.Combine(Repository.Root, "tests", "Deploy.Tests", "stand-in");
        foreach (string name in Played)
        {
            File.CreateSymbolicLink(Path.Combine(commands, name), standIn);
        }

        Copy("bicep/deploy", "bicep/destroy", "bicep/lib/shell", "bicep/lib/what-if.mjs", "bicep/lib/headers", "local.settings.sample.json");
        File.CreateSymbolicLink(At("functions"), Path.Combine(Repository.Root, "functions"));
        Directory.CreateDirectory(At("node_modules/govuk-frontend"));
        Write("bicep/environments/targets", $"# environment subscription location\ndev {Subscription} japaneast\n");
        Write("bicep/environments/dev.bicepparam", "using '../main.bicep'\nparam mailFromAddress = 'projects@secretariat.test'\n");
        Write("closings", "");
        Write("calls", "");
        Now = new DateTimeOffset(2023, 11, 19, 12, 0, 0, TimeSpan.Zero);
        AllIsWell();
    }

    /// <summary>Where the clock of the scripts stands.</summary>
    public DateTimeOffset Now
    {
        get => DateTimeOffset.FromUnixTimeSeconds(long.Parse(File.ReadAllText(At("now")), CultureInfo.InvariantCulture));
        set => Write("now", value.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What the code says is served, from the assembly itself.</summary>
    public static IReadOnlyList<string> FunctionsOfTheAssembly { get; } =
    [
        .. typeof(SecurityHeaders).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<FunctionAttribute>()?.Name)
            .OfType<string>()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>What the app sets on every answer, from the code itself.</summary>
    public static IReadOnlyList<string> HeadersOfTheCode { get; } = Headers();

    /// <summary>From now on, calls that fit the pattern are answered like this; so many times, if a number is given.</summary>
    /// <param name="does">Bash that runs before the answer.</param>
    public StandIn When(string call, string says = "", int fails = 0, string complains = "", int times = -1, string? does = null, IReadOnlyList<string>? headers = null)
    {
        rules--;
        string rule = $"rules/{rules}/";
        Write(rule + "call", call);
        Write(rule + "says", says);
        Write(rule + "fails", fails.ToString(CultureInfo.InvariantCulture));
        Write(rule + "complains", complains);
        Write(rule + "times", times.ToString(CultureInfo.InvariantCulture) + "\n");
        if (does is not null)
        {
            Write(rule + "does", does);
        }

        if (headers is not null)
        {
            Write(rule + "headers", "HTTP/2 200\r\n" + string.Concat(headers.Select(header => $"{header}\r\n")) + "\r\n");
        }

        return this;
    }

    /// <summary>A project in the Projects table.</summary>
    public StandIn Closing(string code, DateTimeOffset first, DateTimeOffset last)
    {
        File.AppendAllText(At("closings"), string.Create(CultureInfo.InvariantCulture, $"{code} {first.UtcTicks} {last.UtcTicks}\n"));
        return this;
    }

    /// <summary>The environment was never deployed.</summary>
    public StandIn Empty() => When("az group exists*", "false");

    public StandIn With(string variable, string value)
    {
        environment[variable] = value;
        return this;
    }

    public StandIn Without(string command)
    {
        File.Delete(At("commands/" + command));
        return this;
    }

    public StandIn Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
        return this;
    }

    public string? Read(string path) => File.Exists(At(path)) ? File.ReadAllText(At(path)) : null;

    public Task<Played> DeployAsync(params string[] options) => RunAsync("bicep/deploy", ["dev", .. options], "");

    public async Task<Played> RunAsync(string script, IReadOnlyList<string> words, string typed)
    {
        ProcessStartInfo start = new(At("commands/bash"), [At(script), .. words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = root,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = At("commands");
        start.Environment["HOME"] = root;
        start.Environment["TMPDIR"] = root;
        start.Environment["STAND_IN"] = root;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(typed);
        process.StandardInput.Close();
        Task<string> said = process.StandardOutput.ReadToEndAsync();
        string complained = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Played(process.ExitCode, await said, complained, File.ReadAllLines(At("calls")));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static string Find(string command) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, command)).First(File.Exists);

    private static IReadOnlyList<string> Headers()
    {
        DefaultHttpContext http = new();
        SecurityHeaders.Set(http);
        return [.. http.Response.Headers.Where(header => header.Key != "Cache-Control").Select(header => $"{header.Key}: {header.Value}")];
    }

    private string At(string path) => Path.Combine(root, path);

    private void Copy(params string[] paths)
    {
        foreach (string path in paths)
        {
            Write(path, File.ReadAllText(Path.Combine(Repository.Root, path)));
        }
    }

    private void AllIsWell()
    {
        When("az version*", "2.77.0");
        When("az account show*", Subscription);
        When("az group exists*", "true");
        When("az group show*", $"{Before}\n{Facts}");
        When("az group create*");
        When("az group delete*");
        When("az resource list*", "Microsoft.Web/sites\tplenary-dev-abc");
        When("az storage entity query*", does: """
            [[ $call =~ FirstClosesTicks\ le\ ([0-9]+)L\ and\ ClosesTicks\ ge\ ([0-9]+)L ]] || exit 98
            while read -r code first last; do
              [ "$first" -gt "${BASH_REMATCH[1]}" ] || [ "$last" -lt "${BASH_REMATCH[2]}" ] || printf 'project|%s\n' "$code"
            done < "$STAND_IN/closings"
            """);
        When("az keyvault list-deleted*");
        When("az keyvault list --resource-group*", "pl-dev-abc");
        When("az keyvault show *", "true");
        When("az keyvault recover*");
        When("az keyvault purge*");
        When("az keyvault secret show*", Key);
        When("az rest*", "link-pepper\nsendgrid-api-key");
        When("az deployment group what-if*", """{"changes":[]}""");
        When("az deployment group create*");
        When("az deployment group show*", Facts);
        When("az tag update*");
        When("az storage blob list*");
        When("az storage blob upload*");
        When("az storage blob download*", does: Package("${call##*--file }"));
        When("az functionapp deployment source config-zip*");
        When("az functionapp function list*", Served(FunctionsOfTheAssembly));
        When("az functionapp config appsettings list*", "SendGrid__FromAddress\tprojects@secretariat.test\nSendGrid__Host\thttps://api.sendgrid.com");
        When("git rev-parse*", "30ea615a");
        When("git status*");
        When("dotnet --version", "10.0.100");
        When("dotnet publish*", does: """folder=${call##*--output }; mkdir -p "${folder%% *}" """);
        When("zip*", does: """cp expected-functions "$3.expected-functions"; cp expected-headers "$3.expected-headers"; touch "$3" """);
        When("unzip -p*", does: """cat "$2.$3" """);
        When("curl*", "404", headers: HeadersOfTheCode);
        When($"curl*https://{Host}/", "200", headers: HeadersOfTheCode);
        When($"curl*https://{Host}/health/*", "200", headers: HeadersOfTheCode);
        When($"curl*https://{Host}/secretariat", "302", headers: HeadersOfTheCode);
        When($"curl*https://{Host}/secretariat/registry", "401", headers: HeadersOfTheCode);
        When("curl*https://api.sendgrid.com/v3/mail/send", "200", does: """cat > "$STAND_IN/given-to-curl" """);
    }

    /// <summary>As the server lists them.</summary>
    public static string Served(IEnumerable<string> functions) => string.Join('\n', functions.Select(name => $"plenary-dev-abc/{name}"));

    /// <summary>Bash that makes a package where the first words of the text say.</summary>
    private static string Package(string file) => $$"""
        file={{file}}; file=${file%% *}
        printf '%s\n' {{string.Join(' ', FunctionsOfTheAssembly)}} > "$file.expected-functions"
        cp bicep/lib/headers "$file.expected-headers"
        touch "$file"
        """;
}
