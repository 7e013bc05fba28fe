using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Plenary.Agenda;
using Plenary.Functions.Tests.Nominations;
using Plenary.Infra;
using Plenary.Infra.Blobs;
using Plenary.Infra.Bus;
using Plenary.Infra.Tables;
using Plenary.Mail;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Architecture;

/// <summary>The app as it is put together, over stores in memory and the settings that are shipped as a sample.</summary>
public sealed partial class CompositionTests
{
    /// <summary>Settings that the host reads, not the app.</summary>
    private static readonly string[] OfTheHost = ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "AzureWebJobsDisableHomepage", Queues.Connection, "Local:WebhookPrivateKey"];

    private static readonly Assembly App = typeof(FrontMiddleware).Assembly;

    private static Dictionary<string, string?> Sample { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")))
        .RootElement.GetProperty("Values").EnumerateObject().ToDictionary(setting => setting.Name, setting => setting.Value.GetString());

    [Fact]
    public async Task Everything_that_anything_needs_is_registered_and_nothing_short_lived_is_held_for_good()
    {
        await using ServiceProvider provider = Build(Services());
        await using AsyncServiceScope scope = provider.CreateAsyncScope();

        Assert.All(DoorTypes(), door => Assert.NotNull(ActivatorUtilities.CreateInstance(scope.ServiceProvider, door)));
    }

    [Fact]
    public void Every_slice_registers_itself_in_one_line_of_the_composition_root()
    {
        string list = File.ReadAllText(Path.Combine(Repository.Root, "functions", "Wiring.cs"));
        string[] missing =
        [
            .. App.GetTypes().Where(type => type.Name.EndsWith("Services", StringComparison.Ordinal) && type is { IsAbstract: true, IsSealed: true })
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
                .Where(method => method.GetParameters().Length == 1)
                .Select(method => $" services.{method.Name}();")
                .Where(line => !list.Contains(line, StringComparison.Ordinal)),
        ];

        Assert.Empty(missing);
    }

    [Fact]
    public void The_sample_settings_pass_every_check_that_the_start_makes()
    {
        using ServiceProvider provider = Build(Services());

        provider.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [InlineData("Access:LinkPepper", "short")]
    [InlineData("Access:LinkPepper", "@Microsoft.KeyVault(SecretUri=https://pl-dev.vault.azure.net/secrets/link-pepper)")]
    [InlineData("Access:LinkPepperBefore", "@Microsoft.KeyVault(SecretUri=https://pl-dev.vault.azure.net/secrets/link-pepper-before)")]
    [InlineData("Access:BaseUrl", "nowhere")]
    [InlineData("Access:Authority", "")]
    [InlineData("Organisation:Zone", "Asia/Nowhere")]
    [InlineData("Organisation:ContactAddress", "nobody")]
    [InlineData("Mail:WebhookPublicKey", "bm8ga2V5")]
    [InlineData("SendGrid:ApiKey", "")]
    [InlineData("Azure:ServiceBusConnectionString", null)]
    [InlineData("Azure:StorageConnectionString", null)]
    [InlineData("Agenda:Schedule", "")]
    public void A_setting_that_cannot_be_used_stops_the_start(string setting, string? value)
    {
        Dictionary<string, string?> settings = new(Sample) { [setting] = value };
        using ServiceProvider provider = Build(Services(settings));

        Assert.ThrowsAny<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
    }

    [Fact]
    public void The_sample_names_every_setting_that_has_to_be_set()
    {
        string[] missing =
        [
            .. OptionsTypes().SelectMany(type => type.GetProperties()
                .Where(property => property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)))
                .Select(property => $"{SectionOf(type)}:{property.Name}"))
                .Except(Sample.Keys),
        ];

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_setting_of_the_sample_is_read_by_somebody()
    {
        IEnumerable<string> read = OptionsTypes().SelectMany(type => type.GetProperties().Select(property => $"{SectionOf(type)}:{property.Name}"));

        Assert.Empty(Sample.Keys.Except(read).Except(OfTheHost));
    }

    [Fact]
    public void Every_setting_that_a_trigger_names_is_in_the_sample()
    {
        string[] named =
        [
            .. App.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetParameters())
                .Select(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule)
                .OfType<string>()
                .Select(schedule => schedule.Trim('%')),
        ];

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Sample.Keys));
    }

    [Fact]
    public void Every_mail_that_is_owed_somewhere_has_exactly_one_slice_that_writes_it()
    {
        using ServiceProvider provider = Build(Services());
        using IServiceScope scope = provider.CreateScope();
        string[] written = [.. scope.ServiceProvider.GetServices<IComposeMail>().SelectMany(composer => composer.Kinds)];
        string[] named =
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions"), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => MailsOwed().Matches(File.ReadAllText(file)).Select(match => (File: file, Name: match.Groups["kind"].Value)))
                .Select(mail => KindOf(mail.File, mail.Name)),
        ];

        Assert.Equal(written.Distinct(), written);
        Assert.True(named.Length >= 10, $"{named.Length} mails");
        Assert.Empty(named.Except(written));
    }

    [Fact]
    public void Every_ladder_of_reminders_has_exactly_one_slice_behind_it()
    {
        using ServiceProvider provider = Build(Services());
        using IServiceScope scope = provider.CreateScope();

        Assert.Equal(
            typeof(Ladders).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
            scope.ServiceProvider.GetServices<IRemind>().Select(ladder => ladder.Ladder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_table_that_is_opened_is_among_those_made_at_the_start()
    {
        using ServiceProvider provider = Build(Services());
        IEnumerable<string> made = provider.GetServices<NeededStores>().SelectMany(needed => needed.Tables);

        Assert.Equal(
            KeyTests.TableNames.Select(row => (string)row[0]).Where(name => name != Plenary.Infra.Outbox.OutboxNames.Markers).Order(StringComparer.Ordinal),
            made.Distinct().Order(StringComparer.Ordinal));
    }

    internal static ServiceCollection Services(IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings ?? Sample).Build());
        services.AddLogging();
        services.AddSingleton<IWebHostEnvironment, NoEnvironment>();
        services.AddSingleton<IHostEnvironment, NoEnvironment>();
        services.AddSingleton<TimeProvider>(new FakeClock());
        services.AddPlenary();
        services.Replace(ServiceDescriptor.Singleton<ITables>(new InMemoryTables()));
        services.Replace(ServiceDescriptor.Singleton<IBlobs>(new InMemoryBlobs()));
        services.Replace(ServiceDescriptor.Singleton<IBus>(new RecordingBus()));
        return services;
    }

    private static ServiceProvider Build(ServiceCollection services) => services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

    private static IEnumerable<Type> DoorTypes() =>
        App.GetTypes().Where(type => type is { IsAbstract: false } && type.GetMethods().Any(method => method.GetCustomAttribute<FunctionAttribute>() is not null && !method.IsStatic));

    private static IEnumerable<Type> OptionsTypes() =>
        App.GetTypes().Concat(typeof(InfraServices).Assembly.GetTypes()).Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetField("Section") is { IsLiteral: true });

    private static string SectionOf(Type type) => (string)type.GetField("Section")!.GetRawConstantValue()!;

    /// <summary>A constant's value: <c>Class.Constant</c>, or one of the class the file is named after.</summary>
    private static string KindOf(string file, string name)
    {
        string[] parts = name.Split('.');
        string owner = parts.Length > 1 ? parts[^2] : Path.GetFileNameWithoutExtension(file);
        return App.GetTypes().Where(type => type.Name == owner).Select(type => type.GetField(parts[^1])?.GetRawConstantValue() as string).FirstOrDefault(kind => kind is not null)
            ?? $"{Path.GetFileName(file)}: {name}";
    }

    [GeneratedRegex(@"new (MailOwed)?\(\s*(due\.Project|code\.ToString\(\)|code|project\.Code\.ToString\(\)|[\w.]*Project|[\w.]*Code\.ToString\(\)),\s*(?<kind>[A-Z]\w*(\.[A-Z]\w*)?),\s")]
    private static partial Regex MailsOwed();
}
