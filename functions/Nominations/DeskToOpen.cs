namespace Plenary.Nominations;

/// <summary>A project has been circulated, or revised after that: the economy's desk is to be open with the present closing.</summary>
public sealed record DeskToOpen(string Project, string Economy);
