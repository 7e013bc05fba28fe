namespace Plenary.Cli;

/// <summary>What the command ends with; scripts rely on these, so they never change.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>Something was found that needs a person, or what was asked for was refused.</summary>
    public const int Findings = 1;

    /// <summary>The command line or a setting cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>A store, the broker or the sign-in did not answer or did not let us in.</summary>
    public const int Unreachable = 3;

    public const int Interrupted = 130;
}
