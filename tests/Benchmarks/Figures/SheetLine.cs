using System.Globalization;

namespace Plenary.Benchmarks.Figures;

/// <summary>One line of the table.</summary>
/// <param name="Part">Which part of the run it is from.</param>
/// <param name="What">What was measured, with everything a reader needs to measure it again.</param>
/// <param name="Value">As measured, unrounded.</param>
/// <param name="Unit">Empty for ratios, which come first.</param>
/// <param name="Said">As the table shows it.</param>
/// <param name="Aim">As the design asks for it; empty where it asks for nothing.</param>
/// <param name="IsMet">Null without an aim.</param>
/// <param name="IsRatio">Of two figures of the same run, so that the machine matters least.</param>
public sealed record SheetLine(string Part, string What, double Value, string Unit, string Said, string Aim, bool? IsMet, bool IsRatio)
{
    /// <param name="said">Where the number alone does not say it.</param>
    public static SheetLine Of(string part, string what, double value, string unit, string? said = null) =>
        new(part, what, value, unit, said ?? Words(value, unit), "", null, false);

    public static SheetLine Ratio(string part, string what, double value, string unit = "", string? said = null) =>
        Of(part, what, value, unit, said) with { IsRatio = true };

    public SheetLine AtMost(double aim, string? words = null) => this with { Aim = words ?? $"≤ {Words(aim, Unit)}", IsMet = Value <= aim };

    public SheetLine AtLeast(double aim, string? words = null) => this with { Aim = words ?? $"≥ {Words(aim, Unit)}", IsMet = Value >= aim };

    /// <summary>Three digits that mean something.</summary>
    public static string Words(double value, string unit)
    {
        double shown = unit == "%" ? value * 100 : value;
        string format = Math.Abs(shown) switch
        {
            >= 100 or 0 => "#,0",
            >= 10 => "0.#",
            _ => "0.##",
        };
        string number = shown.ToString(format, CultureInfo.InvariantCulture);
        return unit switch
        {
            "" => number,
            "%" => $"{number} %",
            _ => $"{number} {unit}",
        };
    }
}
