namespace Plenary.Shared.Charts;

/// <summary>One row of a chart and of the table beside it.</summary>
/// <param name="Value">Not negative; null is drawn as nothing and told as not shown.</param>
public sealed record ChartPoint(string Label, decimal? Value);

/// <summary>One line, or one colour of a stacked bar; as many values as the chart has labels.</summary>
public sealed record ChartSeries(string Name, IReadOnlyList<decimal?> Values);

/// <summary>Between what and what a line may truly run; drawn as a shade behind it, and told in the table as two columns.</summary>
public sealed record ChartBand(string LowName, IReadOnlyList<decimal?> Low, string HighName, IReadOnlyList<decimal?> High);
