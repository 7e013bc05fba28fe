using System.Diagnostics.CodeAnalysis;

namespace Plenary.Domain;

/// <summary>An expected no. The code is public and never reused; the reason and the remedy are for the reader.</summary>
/// <param name="Code">Lower-case words with dashes, such as <c>nominations-closed</c>.</param>
/// <param name="Reason">What is wrong, as a sentence.</param>
/// <param name="Field">The form field or JSON member it is about; null when it is about the whole.</param>
/// <param name="Remedy">What the reader can do, as a sentence; null when nothing can be done.</param>
public sealed record Refusal(string Code, string Reason, string? Field = null, string? Remedy = null);

/// <summary>A value, or every reason there is none.</summary>
public sealed class Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, IReadOnlyList<Refusal> refusals)
    {
        this.value = value;
        Refusals = refusals;
    }

    /// <summary>Empty exactly when there is a value.</summary>
    public IReadOnlyList<Refusal> Refusals { get; }

    public bool IsRefused => Refusals.Count > 0;

    /// <summary>Tells which side is set.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T result)
    {
        result = value;
        return !IsRefused;
    }

    /// <summary>Carries the refusals on, or goes on with the value.</summary>
    public Outcome<TNext> Then<TNext>(Func<T, Outcome<TNext>> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return TryGet(out T? result) ? next(result) : Outcome<TNext>.Refused(Refusals);
    }

    public static implicit operator Outcome<T>(T value) => new(value, []);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, [refusal]);

#pragma warning disable CA1000 // Outcome<T>.Refused(list) is how a list of refusals becomes an outcome; conversions cannot start from an interface.
    public static Outcome<T> Refused(IReadOnlyList<Refusal> refusals)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        return refusals.Count > 0
            ? new Outcome<T>(default, refusals)
            : throw new ArgumentException("A refusal without a reason.", nameof(refusals));
    }
#pragma warning restore CA1000
}
