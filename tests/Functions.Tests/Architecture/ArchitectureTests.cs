using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Plenary.Access;
using Plenary.Shared;
using Plenary.Support;

namespace Plenary.Functions.Tests.Architecture;

/// <summary>The rules between the parts, kept by reading the built assembly, and the source where a build shows nothing.</summary>
public sealed partial class ArchitectureTests
{
    private const string Root = "Plenary.";

    /// <summary>
    /// What a slice may use of another one beside interfaces, records, enums and exceptions. Each is a seam on purpose: pure functions, constants,
    /// or what every door needs. A use case never belongs here.
    /// </summary>
    private static readonly string[] Seams =
    [
        "Access.AccessOptions", // The address that links begin with.
        "Access.OpenToAttribute", // Every door says who may use it.
        "Access.Sessions", // What a link left in the browser, and the tokens of forms.
        "Mail.MailBody", // Words of a mail.
        "Mail.MailWords", // Kinds of mail as people read them.
        "Mail.MailOptions", // Where mails to the secretariat go.
        "Notifications.ClauseChanges", // Dates of a project in the notification's words.
        "Notifications.RevisionWords", // What a version changed, as mails say it.
        "Notifications.ProjectCalendarFile", // The sessions, as mails and pages attach them.
    ];

    /// <summary>What Shared itself may know of the slices: its middleware lets people in.</summary>
    private static readonly string[] KnownToShared = ["Access.Caller", "Access.OpenToAttribute", "Access.Sessions", "Access.SignIn", "Access.Audience"];

    private static readonly Assembly App = typeof(FrontMiddleware).Assembly;
    private static readonly Assembly Plumbing = typeof(Infra.InfraServices).Assembly;

    private static readonly Lazy<IReadOnlyDictionary<Type, IReadOnlySet<Type>>> Uses = new(() =>
        App.GetTypes().ToDictionary(type => type, TypeUses.Of));

    public static TheoryData<string> PromisedFunctions { get; } =
    [
        "ImportNotification", "IssueNotification", "ShowProject", "CirculateNotification", "ShowDesk", "SaveNomination", "SubmitNomination", "WithdrawNomination",
        "UploadDocument", "CloseNominations", "ProposeSelection", "ApproveSelection", "ShowOffer", "AnswerOffer", "RunAgenda", "RelayOutbox", "SendReminder", "SendMail",
        "ReceiveMailEvents", "RecordAttendance", "IssueCertificates", "CheckCertificate", "OpenSurvey", "AnswerSurvey", "ShowSurveyResults", "PublishOutcome", "CheckHealth",
    ];

    [Fact]
    public void The_domain_depends_on_nothing_but_the_framework_without_its_clock()
    {
        string[] uses =
        [
            .. Uses.Value.Where(pair => SliceOf(pair.Key) == "Domain")
                .SelectMany(pair => pair.Value.Where(used => !IsFineForDomain(used)).Select(used => $"{pair.Key} uses {used}"))
                .Distinct(),
        ];

        Assert.Empty(uses);
    }

    [Fact]
    public void Infra_knows_no_slice_and_nothing_in_it_or_the_app_knows_the_stand_ins()
    {
        Assert.DoesNotContain(Plumbing.GetReferencedAssemblies(), name => name.Name == App.GetName().Name);
        Assert.DoesNotContain(SourceFiles("functions", "infra", "cli"), file => File.ReadAllText(file).Contains("Plenary.Local", StringComparison.Ordinal));
    }

    [Fact]
    public void Infra_never_says_what_the_service_is_about()
    {
        string[] lines =
        [
            .. SourceFiles("infra").SelectMany(file => File.ReadLines(file)
                .Where(line => WordsOfTheService().IsMatch(line))
                .Select(line => $"{Path.GetFileName(file)}: {line.Trim()}")),
        ];

        Assert.Empty(lines);
    }

    [Fact]
    public void A_slice_uses_of_another_slice_its_messages_its_interfaces_and_the_listed_seams_only()
    {
        SortedSet<string> offences = new(StringComparer.Ordinal);
        foreach ((Type type, IReadOnlySet<Type> used) in Uses.Value)
        {
            string? slice = SliceOf(type);
            if (slice is null or "Domain" or "Shared")
            {
                continue;
            }

            foreach (Type other in used.Select(TypeUses.Outermost).Where(other => other.Assembly == App))
            {
                string? of = SliceOf(other);
                if (of is not (null or "Domain" or "Shared") && of != slice && !IsPublished(other) && !Seams.Contains($"{of}.{other.Name}"))
                {
                    offences.Add($"{slice}.{TypeUses.Outermost(type).Name} uses {of}.{other.Name}");
                }
            }
        }

        Assert.Empty(offences);
    }

    [Fact]
    public void Shared_knows_no_slice_beyond_those_who_let_people_in()
    {
        string[] uses =
        [
            .. Uses.Value.Where(pair => SliceOf(pair.Key) == "Shared")
                .SelectMany(pair => pair.Value.Select(TypeUses.Outermost).Where(used => SliceOf(used) is not (null or "Shared" or "Domain"))
                    .Select(used => $"{SliceOf(used)}.{used.Name}"))
                .Distinct()
                .Except(KnownToShared),
        ];

        Assert.Empty(uses);
    }

    [Fact]
    public void No_seam_is_listed_that_nobody_uses()
    {
        HashSet<string> used =
        [
            .. Uses.Value.SelectMany(pair => pair.Value.Select(TypeUses.Outermost)
                .Where(other => other.Assembly == App && SliceOf(other) != SliceOf(pair.Key))
                .Select(other => $"{SliceOf(other)}.{other.Name}")),
        ];

        Assert.Empty(Seams.Except(used));
    }

    [Fact]
    public void A_table_is_opened_by_the_slice_that_owns_it_and_by_no_other()
    {
        // Tables are opened by a name that is a constant, so only the source tells. The relay opens whatever table a message names: that is its work.
        // The markers are the plumbing's own.
        Dictionary<string, HashSet<string>> openers = [];
        foreach (string file in SourceFiles("functions"))
        {
            string text = File.ReadAllText(file);
            string slice = Path.GetRelativePath(Path.Combine(Repository.Root, "functions"), file).Split(Path.DirectorySeparatorChar)[0];
            foreach (Match call in TableOpened().Matches(text))
            {
                string argument = call.Groups["name"].Value;
                string owner = argument.Contains('.', StringComparison.Ordinal) ? argument.Split('.')[0] : DeclaringTypeBefore(text, call.Index);
                if (argument != "name" && owner != "OutboxNames")
                {
                    openers.TryAdd($"{owner}.{argument.Split('.')[^1]}", []);
                    openers[$"{owner}.{argument.Split('.')[^1]}"].Add(slice);
                }
            }
        }

        Assert.True(openers.Count >= 15, $"{openers.Count} tables");
        Assert.All(openers, pair => Assert.Single(pair.Value));
    }

    [Fact]
    public void Tables_have_names_of_their_own()
    {
        string[] names = [.. TableNames().Select(pair => pair.Name)];

        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, name => Assert.Matches("^[A-Za-z][A-Za-z0-9]{2,40}$", name));
    }

    [Fact]
    public void Every_http_door_says_who_may_use_it_and_no_other_door_does()
    {
        Assert.Empty(Functions().Where(function => IsHttp(function.Method) != (function.Method.GetCustomAttribute<OpenToAttribute>() is not null)).Select(function => function.Name));
    }

    [Fact]
    public void Function_keys_let_nobody_in()
    {
        Assert.All(
            Functions().SelectMany(function => function.Method.GetParameters()).Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>(),
            trigger => Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel));
    }

    /// <summary>What anyone may open, and by which methods; a new public door has to be written down here.</summary>
    [Fact]
    public void Doors_open_to_anyone_only_read_and_are_those_known()
    {
        string[] open = [.. Functions().Where(function => function.Method.GetCustomAttribute<OpenToAttribute>()?.Audience == Audience.Public).Select(function => function.Name).Order(StringComparer.Ordinal)];

        Assert.Equal(
            ["CheckCertificate", "CheckHealth", "OpenApiSession", "OpenLink", "ShowAsset", "ShowHome", "ShowNothing", "ShowOpenApi", "ShowOutcomeAsCsv", "ShowOutcomeAsJson", "ShowProject", "ShowProjectAsJson", "ShowProjectCalendar"],
            open);
        Assert.All(
            Functions().Where(function => open.Contains(function.Name) && function.Name != "OpenApiSession"),
            function => Assert.All(MethodsOf(function.Method), method => Assert.Contains(method, new[] { "get", "head" })));
    }

    [Fact]
    public void No_two_functions_share_a_name()
    {
        string[] names = [.. Functions().Select(function => function.Name)];

        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [MemberData(nameof(PromisedFunctions))]
    public void The_function_is_there_under_the_name_that_operations_know(string name) => Assert.Contains(Functions(), function => function.Name == name);

    [Fact]
    public void Every_queue_has_exactly_one_listener_and_every_listener_a_queue()
    {
        string[] queues = [.. typeof(Queues).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.Name != nameof(Queues.Connection)).Select(field => (string)field.GetValue(null)!)];
        string[] heard =
        [
            .. Functions().SelectMany(function => function.Method.GetParameters())
                .Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()?.QueueName)
                .OfType<string>(),
        ];

        Assert.Equal(queues.Order(StringComparer.Ordinal), heard.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_door_only_opens()
    {
        // Queue and timer doors: one call and nothing else, so one line behind the arrow.
        Assert.All(
            Functions().Where(function => !IsHttp(function.Method)),
            function => Assert.False(function.Method.IsDefined(typeof(System.Runtime.CompilerServices.AsyncStateMachineAttribute)), function.Name));
    }

    [Fact]
    public void Every_class_is_sealed_or_static()
    {
        Type[] open =
        [
            .. App.GetTypes().Concat(Plumbing.GetTypes()).Where(type =>
                type.IsClass && !type.IsSealed && !type.IsAbstract && !type.Name.StartsWith('<') && !type.FullName!.Contains('<', StringComparison.Ordinal) &&

                // What Razor generates is partial and open; so is the class around top-level statements.
                !typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(type) && type.Name is not ("Program" or "_Imports") && type.Namespace?.StartsWith(Root[..^1], StringComparison.Ordinal) == true),
        ];

        Assert.Empty(open.Select(type => type.FullName));
    }

    [Fact]
    public void No_code_is_compiled_for_one_set_of_packages_only() =>
        Assert.DoesNotContain(SourceFiles("functions", "infra", "cli", "tests/Functions.Tests"), file => File.ReadLines(file).Any(line => line.TrimStart().StartsWith("#if", StringComparison.Ordinal)));

    [Fact]
    public void The_composition_root_stays_a_list() =>
        Assert.True(File.ReadLines(Path.Combine(Repository.Root, "functions", "Wiring.cs")).Count() < 50);

    [Fact]
    public void No_class_is_named_after_nothing()
    {
        Assert.Empty(App.GetTypes().Concat(Plumbing.GetTypes()).Where(type => EmptyNames().IsMatch(type.Name)).Select(type => type.FullName));
    }

    private static IEnumerable<(string Name, MethodInfo Method)> Functions() =>
        from type in App.GetTypes()
        from method in type.GetMethods()
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        select (function.Name, method);

    private static IEnumerable<(Type Owner, string Name)> TableNames() =>
        from type in App.GetTypes()
        where type.Name.EndsWith("Table", StringComparison.Ordinal) || type == typeof(Links)
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        where field.IsLiteral && field.Name is "Name" || (type == typeof(Links) && field.Name == nameof(Links.Table))
        select (type, (string)field.GetRawConstantValue()!);

    private static bool IsHttp(MethodInfo method) => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>() is not null);

    private static IEnumerable<string> MethodsOf(MethodInfo method) =>
        method.GetParameters().SelectMany(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()?.Methods ?? []);

    /// <summary>The folder of a type, such as <c>Selection</c>; null for what lies outside of all.</summary>
    private static string? SliceOf(Type type)
    {
        string? space = type.Namespace;
        return type.Assembly == App && space is not null && space.StartsWith(Root, StringComparison.Ordinal) ? space[Root.Length..].Split('.')[0] : null;
    }

    private static bool IsFineForDomain(Type used) =>
        SliceOf(used) == "Domain" ||
        (used.Assembly != App && used.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && used != typeof(TimeProvider) && used.Namespace != "System.Net.Http") ||

        // What the compiler writes into every assembly.
        used.Namespace is "System.Runtime.CompilerServices" or "Microsoft.CodeAnalysis" || used.FullName?.StartsWith('<') == true;

    /// <summary>An interface, a record, an enum or an attribute is there to be used; a class with behaviour is not.</summary>
    private static bool IsPublished(Type type) =>
        type.IsInterface || type.IsEnum || type.IsAssignableTo(typeof(Exception)) ||
        (type.GetMethod("<Clone>$") is not null && !type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Any(parameter => parameter.ParameterType.Name.StartsWith("ITable", StringComparison.Ordinal))) ||

        // The ladders' names and the queues' are constants with a class around them.
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Length > 0 && type.IsAbstract && type.IsSealed && type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly).Length == 0;

    private static string DeclaringTypeBefore(string text, int index) => ClassNamed().Matches(text[..index])[^1].Groups["name"].Value;

    private static IEnumerable<string> SourceFiles(params string[] folders) =>
        from folder in folders
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.*", SearchOption.AllDirectories)
        where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal)
        where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !file.EndsWith("ArchitectureTests.cs", StringComparison.Ordinal)
        select file;

    [GeneratedRegex(@"workshop|project|nominat|nominee|econom", RegexOptions.IgnoreCase)]
    private static partial Regex WordsOfTheService();

    [GeneratedRegex(@"\b[tT]ables\.Get\((?<name>[A-Za-z.]+)\)")]
    private static partial Regex TableOpened();

    [GeneratedRegex(@"\bclass (?<name>\w+)")]
    private static partial Regex ClassNamed();

    [GeneratedRegex(@"(Helper|Manager|Utils|Common|Impl|Data|Info)$")]
    private static partial Regex EmptyNames();
}
