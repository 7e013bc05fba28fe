namespace Plenary.Journey.Tests;

/// <summary>The text of a small notification, as somebody would paste it.</summary>
internal sealed record NotificationText(string Code)
{
    public string Title { get; init; } = "Workshop on Plain Forms";

    public string IssuedOn { get; init; } = "3 July 2023";

    public string Timing { get; init; } = "14 August 2023–15 August 2023";

    public string Host { get; init; } = "Indonesia";

    public string Venue { get; init; } = "Not Applicable";

    public string Modality { get; init; } = "Online";

    public string Organisation { get; init; } = "Ministry of Manpower of the Republic of Indonesia and the Secretariat";

    public string Participating { get; init; } = "All Member Countries";

    public string Overseas { get; init; } = "2";

    public string Local { get; init; } = "1";

    public string Closing { get; init; } = "31 July 2023";

    public string Remarks { get; init; } = "Not Applicable";

    public string Objectives { get; init; } = "Compare forms; and practise writing them.";

    public string Rationale { get; init; } = "People expect a clear answer from a public office.";

    public string Background { get; init; } = "<p>Forms are where most people meet the state.</p>";

    public string Topics { get; init; } = "What makes a form plain; and Testing a form with readers.";

    public string Outcome { get; init; } = "Participants know how to write a plain form.";

    public string Qualifications { get; init; } = "Officials who write forms.";

    public string Signatory { get; init; } = "Dr. Indra Example";

    public override string ToString() => $"""
        PROJECT NOTIFICATION

        Reference No.: 172

        Date of Issue	{IssuedOn}
        Project Code	{Code}
        Title	{Title}
        Timing	{Timing}
        Hosting Country(ies)	{Host}
        Venue City(ies)	{Venue}
        Modality	{Modality}
        Implementing Organization(s)	{Organisation}
        Participating Country(ies)	{Participating}
        Overseas Participants	{Overseas}
        Local Participants	{Local}
        Closing Date	{Closing}
        Remarks	{Remarks}

        Objectives	{Objectives}
        Rationale	{Rationale}
        Background	{Background}
        Topics	{Topics}
        Outcome	{Outcome}
        Qualifications	{Qualifications}

        {Signatory}
        Secretary-General
        """;
}
