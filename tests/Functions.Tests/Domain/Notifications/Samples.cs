using Plenary.Domain;
using Plenary.Notifications.Import;
using Plenary.Support;

namespace Plenary.Functions.Tests.Domain.Notifications;

/// <summary>The files under samples/, and small notifications made from them.</summary>
internal static class Samples
{
    public static string Folder => Path.Combine(Repository.Root, "samples");

    public static string Text { get; } = File.ReadAllText(Path.Combine(Folder, "23-IP-10-GE-WSP-A.notification.txt"));

    public static IReadOnlyList<Economy> Economies { get; } =
    [
        .. File.ReadLines(Path.Combine(Folder, "economies.csv"))
            .Skip(1)
            .Select(static line => line.Split(','))
            .Select(static cells => new Economy(cells[0], cells[1], bool.Parse(cells[2]), cells[3], cells[6].Split(';', StringSplitOptions.RemoveEmptyEntries))),
    ];

    public static NotificationReading Read(string text) => NotificationImport.Read(text, Economies, HtmlCleaner.Clean);

    /// <summary>The sample with one field's value replaced; null takes its line out.</summary>
    public static string With(string label, string? value)
    {
        string[] lines = Text.Split('\n');
        int at = Array.FindIndex(lines, line => line.StartsWith(label + "\t", StringComparison.Ordinal));
        Assert.True(at >= 0, $"The sample has no line {label}.");
        lines[at] = value is null ? string.Empty : $"{label}\t{value}";
        return string.Join('\n', lines);
    }

    public static ReadField ReadOne(string label, string? value, string field) => Read(With(label, value)).Field(field);

    public static ProjectNotification Notification => Assert.IsType<ProjectNotification>(Read(Text).Notification);
}
