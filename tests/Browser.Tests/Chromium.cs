using Microsoft.Playwright;

namespace Plenary.Browser.Tests;

/// <summary>The installed Chromium, driven by Playwright; nothing is downloaded.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    public static async Task<Chromium> StartAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find(),
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
            ],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>A browser of its own: no cookie of another one.</summary>
    public async Task<IBrowserContext> NewContextAsync(Uri address, bool withScript = true)
    {
        ArgumentNullException.ThrowIfNull(address);
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            JavaScriptEnabled = withScript,
            Locale = "en-GB",
            TimezoneId = "UTC",
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });

        // A machine that also runs the other tests may take its time.
        context.SetDefaultTimeout(90_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static string Find()
    {
        string? named = Environment.GetEnvironmentVariable("PLENARY_CHROMIUM");
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return (named is { Length: > 0 } ? named : null)
            ?? folders.SelectMany(_ => Names, Path.Combine).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("The browser tests need Chromium: install it, or name it in PLENARY_CHROMIUM.");
    }
}
