namespace Plenary.Domain;

/// <summary>The ladders of a project as its settings hold them: texts that <see cref="ReminderLadder.Parse"/> reads, so the JSON form is the form people edit.</summary>
public sealed record ReminderSettings
{
    public static ReminderSettings Default { get; } = new();

    public string Closing { get; init; } = "-14d, -7d, -1d";

    public string OfferExpiry { get; init; } = "-2d, -1d";

    public string Start { get; init; } = "-7d, -1d";

    public string Survey { get; init; } = "+1d, +4d, +8d";

    public string TextOf(ReminderSubject subject) => subject switch
    {
        ReminderSubject.Closing => Closing,
        ReminderSubject.OfferExpiry => OfferExpiry,
        ReminderSubject.Start => Start,
        _ => Survey,
    };

    public Outcome<ReminderLadder> ReadLadder(ReminderSubject subject) => ReminderLadder.Parse(subject, TextOf(subject));

    /// <summary>Everything wrong with any of the four texts, at once; empty when all can be used.</summary>
    public IReadOnlyList<Refusal> FindProblems() => [.. Enum.GetValues<ReminderSubject>().SelectMany(subject => ReadLadder(subject).Refusals)];
}
