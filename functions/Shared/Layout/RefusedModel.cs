using Plenary.Domain;

namespace Plenary.Shared.Layout;

/// <param name="Correlation">The invocation id of an unexpected fault; null for an expected no.</param>
public sealed record RefusedModel(string Title, IReadOnlyList<Refusal> Refusals, string? Correlation = null);
