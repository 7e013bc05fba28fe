namespace Plenary.Surveys;

/// <summary>The last session is over. Void when the project's end has moved since.</summary>
public sealed record SurveyDue(string Project, long EndsAtTicks);

/// <summary>No answer can come any more. A survey closes when its opening said, so there is nothing to compare.</summary>
public sealed record SurveyOver(string Project);
