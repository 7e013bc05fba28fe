namespace Plenary.Browser.Tests;

/// <summary>Made-up names of the greatest length that is taken: 200 visible characters.</summary>
public static class Names
{
    public static string Thai { get; } = Fill("สมชาย ณัฐวุฒิ ศรีสวัสดิ์วัฒนากุล ");

    public static string Tamil { get; } = Fill("சுப்பிரமணியம் கிருஷ்ணமூர்த்தி வெங்கடேசன் ");

    public static string Arabic { get; } = Fill("عبد الرحمن بن محمد الهاشمي ");

    /// <summary>Without a single space to break at.</summary>
    public static string Unbroken { get; } = new('W', 200);

    private static string Fill(string words)
    {
        System.Globalization.StringInfo clusters = new(string.Concat(Enumerable.Repeat(words, 20)));
        return clusters.SubstringByTextElements(0, 199).Trim() + clusters.SubstringByTextElements(0, 1);
    }
}
