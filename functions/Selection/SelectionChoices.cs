using System.Globalization;
using Plenary.Domain;

namespace Plenary.Selection;

/// <summary>Rules of a selection as an officer types them; what is left out stays as declared.</summary>
public static class SelectionChoices
{
    public const string OverseasField = "overseasPlaces";
    public const string LocalField = "localPlaces";
    public const string MaximumField = "perEconomyMaximum";
    public const string MinimumField = "perEconomyMinimum";
    public const string FlowField = "flow";

    public static IReadOnlyList<(string Value, string Words)> Flows { get; } =
    [
        ("none", "Nowhere; they stay empty"),
        ("local-to-overseas", "From local to overseas"),
        ("overseas-to-local", "From overseas to local"),
        ("both", "Both ways"),
    ];

    /// <summary>The rules as the fields of the form.</summary>
    public static IReadOnlyDictionary<string, string> Write(SelectionRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return new Dictionary<string, string>
        {
            [OverseasField] = Number(rules.OverseasPlaces),
            [LocalField] = Number(rules.LocalPlaces),
            [MaximumField] = Number(rules.PerEconomyMaximum),
            [MinimumField] = Number(rules.PerEconomyMinimum),
            [FlowField] = (rules.OverseasMayFlowToLocal, rules.LocalMayFlowToOverseas) switch
            {
                (true, true) => "both",
                (true, false) => "overseas-to-local",
                (false, true) => "local-to-overseas",
                _ => "none",
            },
        };
    }

    /// <summary>All problems at once.</summary>
    public static Outcome<SelectionRules> Read(IReadOnlyDictionary<string, string> fields, SelectionRules declared)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(declared);
        IReadOnlyDictionary<string, string> before = Write(declared);
        List<Refusal> refusals = [];
        string flow = Text(FlowField);
        if (Flows.All(one => one.Value != flow))
        {
            refusals.Add(new Refusal("flow-unknown", "Unused places cannot go that way.", FlowField, "Choose one of the four ways."));
        }

        SelectionRules rules = declared with
        {
            OverseasPlaces = Count(OverseasField) ?? 0,
            LocalPlaces = Count(LocalField) ?? 0,
            PerEconomyMaximum = Count(MaximumField, isOptional: true),
            PerEconomyMinimum = Count(MinimumField, isOptional: true),
            OverseasMayFlowToLocal = flow is "overseas-to-local" or "both",
            LocalMayFlowToOverseas = flow is "local-to-overseas" or "both",
        };
        if (refusals.Count == 0)
        {
            refusals.AddRange(rules.FindProblems());
        }

        return refusals.Count == 0 ? rules : Outcome<SelectionRules>.Refused(refusals);

        string Text(string field) => (fields.TryGetValue(field, out string? text) ? text : before[field]).Trim();

        int? Count(string field, bool isOptional = false)
        {
            string text = Text(field);
            if (isOptional && text.Length == 0)
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= SelectionRules.MostPlaces)
            {
                return number;
            }

            refusals.Add(new Refusal("number-out-of-range", $"“{text}” does not fit here.", field, $"Write a number from 0 to {SelectionRules.MostPlaces}."));
            return null;
        }
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
