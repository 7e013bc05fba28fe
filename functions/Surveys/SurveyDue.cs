namespace Plenary.Surveys;

/// <summary>The last session is over. Void when the project's end has moved since.</summary>
public sealed record SurveyDue(string Project, long EndsAtTicks);
