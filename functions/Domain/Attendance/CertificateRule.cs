using System.Globalization;

namespace Plenary.Domain;

/// <summary>Whether the certificate of attendance is earned, and why.</summary>
/// <param name="ReasonCode">One of <c>attendance-sufficient</c>, <c>attendance-below-minimum</c>, <c>attendance-no-sessions</c>.</param>
public sealed record CertificateVerdict(bool IsEarned, Share Attendance, string ReasonCode, string Reason);

/// <summary>What a project asks for its certificate. A setting of the project.</summary>
/// <param name="MinimumPercent">From 0 to 100; reaching it exactly is enough.</param>
public sealed record CertificateRule(decimal MinimumPercent)
{
    public static CertificateRule Default { get; } = new(80m);

    public static Outcome<CertificateRule> Of(decimal minimumPercent, string field = "minimumPercent") => minimumPercent is >= 0 and <= 100
        ? new CertificateRule(minimumPercent)
        : new Refusal("minimum-attendance-invalid", $"The minimum attendance is {minimumPercent.ToString(CultureInfo.InvariantCulture)} %.", field, "Enter a number from 0 to 100.");

    /// <param name="attendance">Sessions, or minutes, attended out of all; compared exactly, never rounded first.</param>
    public CertificateVerdict Judge(Share attendance)
    {
        string minimum = MinimumPercent.ToString("0.##", CultureInfo.InvariantCulture) + "\u00A0%";
        if (attendance.Whole <= 0)
        {
            return new CertificateVerdict(false, attendance, "attendance-no-sessions", "No session has been recorded yet, so there is nothing to certify.");
        }

        return attendance.IsAtLeast(MinimumPercent)
            ? new CertificateVerdict(true, attendance, "attendance-sufficient", $"Attended {attendance.Part} of {attendance.Whole}, which is {attendance.ToTextBeside(MinimumPercent)}; the minimum is {minimum}.")
            : new CertificateVerdict(false, attendance, "attendance-below-minimum", $"Attended {attendance.Part} of {attendance.Whole}, which is {attendance.ToTextBeside(MinimumPercent)}; the certificate asks for at least {minimum}.");
    }
}
