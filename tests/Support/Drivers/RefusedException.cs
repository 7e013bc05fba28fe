namespace Plenary.Support.Drivers;

/// <summary>The app said no to something a driver was told to do; the message is what it said.</summary>
public sealed class RefusedException : Exception
{
    public RefusedException()
    {
    }

    public RefusedException(string message)
        : base(message)
    {
    }

    public RefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The page itself when it is good and lists no errors.</summary>
    /// <exception cref="RefusedException">It is an error page, or has an error summary.</exception>
    internal static WebPage Check(WebPage page, string what)
    {
        if ((int)page.Status is < 200 or > 299 || page.Errors.Count > 0)
        {
            string said = page.Errors.Count > 0 ? string.Join(" ", page.Errors) : page.Text[..Math.Min(page.Text.Length, 1500)];
            throw new RefusedException($"{what}: {page.Address.AbsolutePath} answered {(int)page.Status}: {said}");
        }

        return page;
    }
}
