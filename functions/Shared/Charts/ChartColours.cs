namespace Plenary.Shared.Charts;

/// <summary>
/// All stand out from white by at least 3:1 as shapes, carry white text at 4.5:1 or more, and are never the only carrier of a meaning: order, names,
/// marks and numbers say the same.
/// </summary>
public static class ChartColours
{
    public const string Ink = "#0b0c0c";
    public const string Paper = "#ffffff";
    public const string QuietInk = "#505a5f";
    public const string Grid = "#b1b4b6";
    public const string Shade = "#d2dde6";
    public const string Bar = "#1d5d8c";

    /// <summary>For series without an order.</summary>
    public static IReadOnlyList<string> Apart { get; } = ["#1d5d8c", "#b03a2e", "#00703c", "#6f4fa0", "#8a5a00", "#505a5f"];

    /// <summary>From the lowest step to the highest.</summary>
    public static IReadOnlyList<string> FiveSteps { get; } = ["#9c2b16", "#b2541c", "#62696d", "#1f6f93", "#12406b"];
}
