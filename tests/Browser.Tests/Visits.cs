using System.Globalization;
using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Plenary.Support;

namespace Plenary.Browser.Tests;

/// <summary>A page as it was met on the walk, and what is wrong with it.</summary>
/// <param name="Name">What the page shows, such as <c>desk, open</c>.</param>
/// <param name="Address">Its path.</param>
public sealed record Visit(
    string Name,
    string Address,
    string Title,
    IReadOnlyList<string> Violations,
    IReadOnlyList<string> Overflows,
    IReadOnlyList<string> Complaints,
    int ErrorLinks,
    IReadOnlyList<string> DeadErrorLinks);

/// <summary>
/// Looks at the page that stands in the browser: axe, a narrow screen, large text, what the console says, where requests go. It
/// navigates nowhere, so that pages answered to a post are looked at like all others.
/// </summary>
public sealed class Visits
{
    private const int Narrow = 320;

    private static readonly AxeRunOptions Rules = new()
    {
        ResultTypes = [ResultType.Violations],
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    // Set to a folder to see every page, wide and narrow.
    private readonly string? pictures = Environment.GetEnvironmentVariable("PLENARY_SCREENSHOTS");

    // Set to docs/images to take the pictures of the README anew.
    private readonly string? images = Environment.GetEnvironmentVariable("PLENARY_IMAGES");

    /// <summary>Visits that are shown in the README: the file, and what stands at the picture's top where that is not the page's.</summary>
    private static readonly Dictionary<string, (string File, string? At)> Images = new()
    {
        ["example, desk"] = ("desk.png", null),
        ["example, revision"] = ("revision.png", "h2:has-text('What a revision would change')"),
        ["example, selection"] = ("selection.png", "[aria-label=Places]"),
        ["example, what if"] = ("what-if.png", "h2"),
        ["reviewer's nominee"] = ("review.png", null),
        ["example, balance"] = ("balance.png", null),
    };

    private readonly Uri app;
    private readonly List<Visit> visits = [];
    private readonly List<string> complaints = [];

    public Visits(Uri app, IBrowserContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        this.app = app;
        context.Request += (_, request) => Note(request);
        context.Console += (_, message) => Note(message);
        context.WebError += (_, error) => complaints.Add(error.Error);
    }

    public IReadOnlyList<Visit> All => visits;

    public async Task LookAsync(IPage page, string name)
    {
        ArgumentNullException.ThrowIfNull(page);
        string address = new Uri(page.Url).PathAndQuery;
        // The frame of a mail lets no script run, not even axe: for this look it is taken out of its box.
        await page.EvaluateAsync(
            """
            Promise.all([...document.querySelectorAll('iframe[sandbox]')].map(frame => new Promise(done => {
              frame.onload = done;
              frame.removeAttribute('sandbox');
              frame.srcdoc = frame.srcdoc;
            }))).then(() => null)
            """);
        AxeResult result = await page.RunAxe(Rules);
        string[] violations =
        [
            .. result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}")),
        ];
        await TakePictureAsync(page, name, "wide");
        await TakeImageAsync(page, name);

        List<string> overflows = [];
        await page.EvaluateAsync("document.documentElement.style.fontSize = '200%'");
        await MeasureAsync(page, "text at 200 %", overflows);
        await page.EvaluateAsync("document.documentElement.style.fontSize = ''");
        await page.SetViewportSizeAsync(Narrow, 800);
        await MeasureAsync(page, "320 pixels", overflows);
        await TakePictureAsync(page, name, "narrow");
        await page.SetViewportSizeAsync(1280, 900);

        string[] targets = await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.govuk-error-summary__list a')].map(link => link.getAttribute('href'))");
        string[] dead = await page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll('.govuk-error-summary__list a')].filter(link => {
              const field = document.getElementById(link.getAttribute('href').slice(1));
              if (!field) { return true; }
              field.focus();
              return document.activeElement !== field;
            }).map(link => link.getAttribute('href') + ' of "' + link.textContent + '"')
            """);
        visits.Add(new Visit(name, address, await page.TitleAsync(), violations, overflows, [.. complaints], targets.Length, dead));
        complaints.Clear();
    }

    private static async Task MeasureAsync(IPage page, string when, List<string> overflows)
    {
        JsonElement measured = await page.EvaluateAsync<JsonElement>(
            """
            (() => {
              const wide = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= wide) { return null; }
              return { page: document.documentElement.scrollWidth, wide, by: [...document.body.querySelectorAll('*')]
                .filter(one => one.getBoundingClientRect().right > wide + 0.5 && !one.closest('.plenary-scroll, .scroll'))
                .slice(0, 4).map(one => one.tagName + '.' + one.className + ' "' + one.textContent.trim().slice(0, 40) + '"') };
            })()
            """);
        if (measured.ValueKind == JsonValueKind.Object)
        {
            overflows.Add(string.Create(CultureInfo.InvariantCulture, $"{when}: {measured.GetRawText()}"));
        }
    }

    private async Task TakePictureAsync(IPage page, string name, string size)
    {
        if (pictures is { Length: > 0 })
        {
            string file = $"{visits.Count:D2}-{string.Concat(name.Select(one => char.IsAsciiLetterOrDigit(one) ? one : '-'))}-{size}.png";
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(pictures, file), FullPage = true });
        }
    }

    private async Task TakeImageAsync(IPage page, string name)
    {
        if (images is { Length: > 0 } && Images.TryGetValue(name, out (string File, string? At) image))
        {
            await page.SetViewportSizeAsync(960, 900);
            if (image.At is not null)
            {
                await page.Locator(image.At).First.EvaluateAsync("one => one.scrollIntoView()");
            }

            string folder = Path.Combine(Repository.Root, images);
            Directory.CreateDirectory(folder);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, image.File) });
            await page.SetViewportSizeAsync(1280, 900);
        }
    }

    private void Note(IRequest request)
    {
        if (!request.Url.StartsWith(app.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) &&
            !request.Url.StartsWith("about:", StringComparison.Ordinal))
        {
            complaints.Add($"asked another site: {request.Url}");
        }
    }

    private void Note(IConsoleMessage message)
    {
        // That a page answers 403 or 422 is its purpose; Chromium says so of every such answer.
        bool isOfThePageItself = message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) && message.Page is { } page && message.Location.StartsWith(page.Url, StringComparison.Ordinal);
        if (message.Type is "error" or "warning" && !isOfThePageItself)
        {
            complaints.Add($"{message.Type}: {message.Text} ({message.Location})");
        }
    }
}
