namespace Plenary.Closing;

/// <summary>The closing instant of a project has come. Void when it has moved since.</summary>
public sealed record NominationsDue(string Project, long ClosesAtTicks);
