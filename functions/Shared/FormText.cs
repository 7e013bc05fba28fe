using Microsoft.AspNetCore.Http;
using Plenary.Domain;

namespace Plenary.Shared;

/// <summary>Reading what a browser posts.</summary>
public static class FormText
{
    /// <summary>The name of the hidden field that proves a form was ours.</summary>
    public const string TokenField = "formToken";

    /// <summary>The first value, trimmed; empty when there is none.</summary>
    public static string Text(this IFormCollection form, string name)
    {
        ArgumentNullException.ThrowIfNull(form);
        return form.TryGetValue(name, out var values) ? values.ToString().Trim() : "";
    }

    /// <summary>What is wrong with one field, or null.</summary>
    public static string? For(this IReadOnlyList<Refusal> refusals, string field)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        IEnumerable<string> words = refusals.Where(refusal => refusal.Field == field)
            .Select(refusal => refusal.Remedy is null ? refusal.Reason : $"{refusal.Reason} {refusal.Remedy}");
        string all = string.Join(' ', words);
        return all.Length == 0 ? null : all;
    }
}
