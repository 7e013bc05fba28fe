namespace Plenary.Domain;

/// <summary>A refusal and the line of the text it is about; null when it is about the whole or about a correction.</summary>
public sealed record ReadingProblem(Refusal Refusal, int? Line);

/// <summary>What became of one field.</summary>
/// <param name="Field">Which field.</param>
/// <param name="FirstLine">Its first line in the text, from 1; null when the text has none or a correction replaced it.</param>
/// <param name="LastLine">Its last line.</param>
/// <param name="Raw">The text as given, for the form, line breaks kept in long fields only; empty when missing.</param>
/// <param name="Understood">What the service takes it to mean, for people; null when not understood or missing.</param>
/// <param name="Notes">What an officer should know though nothing is wrong, such as what was taken out of the HTML.</param>
/// <param name="Problems">Why there is no notification yet.</param>
/// <param name="IsCorrected">The officer's text replaced that of the notification.</param>
public sealed record ReadField(
    NotificationField Field,
    int? FirstLine,
    int? LastLine,
    string Raw,
    string? Understood,
    IReadOnlyList<string> Notes,
    IReadOnlyList<ReadingProblem> Problems,
    bool IsCorrected)
{
    public string Name => Field.Name;
}

/// <summary>Text that belongs to no field, kept so that nothing is dropped silently.</summary>
/// <param name="FirstLine">From 1.</param>
/// <param name="LastLine">The last of its lines.</param>
/// <param name="Label">The unknown or repeated label; null when the text has none.</param>
/// <param name="Text">The text.</param>
public sealed record UnplacedText(int FirstLine, int LastLine, string? Label, string Text);

/// <summary>HTML after cleaning.</summary>
/// <param name="Html">Safe to write to a page.</param>
/// <param name="Removed">What was taken out, for people; empty when nothing was.</param>
public sealed record CleanedHtml(string Html, IReadOnlyList<string> Removed);

/// <summary>What was understood of a notification's text, field by field, with every problem at once.</summary>
public sealed class NotificationReading
{
    private readonly NotificationReader reader;
    private readonly NotificationLayout layout;
    private readonly IReadOnlyDictionary<string, string> corrections;

    internal NotificationReading(
        NotificationReader reader,
        NotificationLayout layout,
        IReadOnlyDictionary<string, string> corrections,
        IReadOnlyList<ReadField> fields,
        IReadOnlyList<ReadingProblem> problems,
        ProjectNotification? notification)
    {
        this.reader = reader;
        this.layout = layout;
        this.corrections = corrections;
        Fields = fields;
        Problems = problems;
        Notification = notification;
    }

    /// <summary>Every known field in the order of the layout, found or not.</summary>
    public IReadOnlyList<ReadField> Fields { get; }

    /// <summary>Lines under labels nobody knows, or under a label that came before.</summary>
    public IReadOnlyList<UnplacedText> UnknownLabels => layout.Unknown;

    /// <summary>Lines under no label.</summary>
    public IReadOnlyList<UnplacedText> StrayText => layout.Stray;

    /// <summary>All problems: those of the whole text first, then by field.</summary>
    public IReadOnlyList<ReadingProblem> Problems { get; }

    /// <summary>Set exactly when there is no problem.</summary>
    public ProjectNotification? Notification { get; }

    public ReadField Field(string name) => Fields.First(field => field.Name == name);

    public Outcome<ProjectNotification> ToOutcome() => Notification is { } notification
        ? notification
        : Outcome<ProjectNotification>.Refused([.. Problems.Select(static problem => problem.Refusal)]);

    /// <summary>
    /// Reads again with the officer's text in place of the named fields (<see cref="NotificationFields"/>); earlier corrections of other
    /// fields stay. An empty text takes the field out.
    /// </summary>
    public NotificationReading WithCorrections(IReadOnlyDictionary<string, string> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        Dictionary<string, string> all = new(corrections, StringComparer.Ordinal);
        foreach ((string name, string text) in more)
        {
            all[name] = text;
        }

        return reader.Read(layout, all);
    }
}
