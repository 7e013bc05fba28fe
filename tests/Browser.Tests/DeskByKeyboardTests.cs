using Microsoft.Playwright;
using Plenary.Support;

namespace Plenary.Browser.Tests;

/// <summary>The whole of an officer's work with script switched off and without ever touching a mouse.</summary>
[Collection(Stage.Name)]
public sealed class DeskByKeyboardTests(Stage stage)
{
    private const string Project = "23-IP-19-GE-WSP-A";
    private const string Officer = "misaki.takahashi@npo-japan.example.org";

    [Fact]
    public async Task An_officer_nominates_attaches_ranks_and_withdraws_by_keyboard_without_script()
    {
        string link = await CirculateAsync();
        IPage page = await stage.NewPageAsync(withScript: false);
        Seat seat = new(page);
        await seat.GoAsync(link);

        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to main content", await NameOfFocusAsync(page));

        await PressAsync(seat, "Add a nominee");
        await TypeAsync(page, "Full name", "Aroha O’Connor-Ngata");
        await TypeAsync(page, "E-mail address", "aroha@people.example.org");
        await PressAsync(seat, "Save and continue");
        await TypeAsync(page, "Position", "Head of permits");
        await TypeAsync(page, "Organisation", "City of Nagoya");
        await TabToAsync(page, "Government ministry or agency");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal("public-body", await page.Locator("input[name=sector]:checked").GetAttributeAsync("value"));
        await PressAsync(seat, "Save and continue");
        await TypeAsync(page, "Statement of relevance", "Brings the counters of three wards under one roof.");
        await PressAsync(seat, "Save and continue");

        await TabToAsync(page, "Add a document");
        await seat.AttachAsync("document", "letter.pdf", "application/pdf", Papers.Pdf);
        await PressAsync(seat, "Upload");
        Assert.Contains("letter.pdf", await seat.ReadAsync(), StringComparison.Ordinal);
        await PressAsync(seat, "Continue");
        await PressAsync(seat, "Submit the nomination");
        Assert.Contains("Nomination submitted", await seat.ReadAsync(), StringComparison.Ordinal);
        Assert.Contains("letter.pdf", await seat.ReadAsync(), StringComparison.Ordinal);

        await stage.NominateAsync(Project, "japan", link, "Second Nominee", "second-by-keyboard@people.example.org");
        await PressAsync(seat, "All nominations of Japan");
        Assert.Equal(["Aroha O’Connor-Ngata", "Second Nominee"], await NomineesAsync(page));
        await TypeAsync(page, "Rank of Aroha O’Connor-Ngata", "2");
        await TypeAsync(page, "Rank of Second Nominee", "1");
        await PressAsync(seat, "Save the order");
        Assert.Contains("The order is saved.", await seat.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal(["Second Nominee", "Aroha O’Connor-Ngata"], await NomineesAsync(page));
        await PressAsync(seat, "Up: Aroha O’Connor-Ngata");
        Assert.Equal(["Aroha O’Connor-Ngata", "Second Nominee"], await NomineesAsync(page));

        await PressAsync(seat, "Second Nominee");
        await PressAsync(seat, "Withdraw this nomination");
        await PressAsync(seat, "Withdraw the nomination");
        Assert.Contains("The nomination is withdrawn.", await seat.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal(["Aroha O’Connor-Ngata"], await NomineesAsync(page));
        await page.Context.CloseAsync();
    }

    private static Task<string[]> NomineesAsync(IPage page) => page.EvaluateAsync<string[]>("[...document.querySelectorAll('tbody th a')].map(one => one.textContent)");

    private static async Task TypeAsync(IPage page, string label, string text)
    {
        await TabToAsync(page, label);
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(text);
    }

    private static async Task PressAsync(Seat seat, string words)
    {
        await TabToAsync(seat.Page, words);
        await seat.ThenWaitAsync(() => seat.Page.Keyboard.PressAsync("Enter"));
    }

    /// <summary>Goes on from where the focus is, round the page once if need be; whatever gets the focus on the way has to show it.</summary>
    private static async Task TabToAsync(IPage page, string words)
    {
        List<string> met = [];
        for (int presses = 0; presses < 120; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            string name = await NameOfFocusAsync(page);
            met.Add(name);
            if (name.Length > 0)
            {
                Assert.True(await IsFocusVisibleAsync(page), $"Nobody can see that “{name}” has the focus on {page.Url}.");
            }

            if (name.StartsWith(words, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"No Tab leads to “{words}” on {page.Url}, only to {string.Join(" | ", met.Distinct())}.");
    }

    private static Task<string> NameOfFocusAsync(IPage page) => page.EvaluateAsync<string>(
        """
        (() => {
          const one = document.activeElement;
          return !one || one === document.body ? '' : (one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent).trim().replace(/\s+/g, ' ');
        })()
        """);

    private static Task<bool> IsFocusVisibleAsync(IPage page) => page.EvaluateAsync<bool>(
        """
        (() => {
          const one = document.activeElement;
          const isSeen = look => (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2 && !/transparent|, 0\)/.test(look.outlineColor))
            || look.boxShadow !== 'none' || look.backgroundColor === 'rgb(255, 221, 0)';
          return isSeen(getComputedStyle(one)) || (/radio|checkbox/.test(one.type) && isSeen(getComputedStyle(one.labels[0], '::before')));
        })()
        """);

    /// <summary>A project of its own, still open where the walk's clock stopped.</summary>
    private async Task<string> CirculateAsync()
    {
        using Web web = stage.App.NewWeb();
        await (await web.GetAsync("/.auth/login/aad?post_login_redirect_uri=/secretariat")).Form("/.auth/login/aad").SubmitAsync("Aiko Mori");
        string text = File.ReadAllText(Path.Combine(Repository.Root, "samples", $"{Walk.Project}.notification.txt"))
            .Replace(Walk.Project, Project, StringComparison.Ordinal)
            .Replace("Date of Issue\t3 July 2023", "Date of Issue\t17 August 2023", StringComparison.Ordinal)
            .Replace("14 August 2023–16 August 2023", "14 November 2023–16 November 2023", StringComparison.Ordinal)
            .Replace("31 July 2023", "31 October 2023", StringComparison.Ordinal);
        WebPage draft = await (await web.GetAsync("/secretariat/notifications/new")).Expect().Form("/new").Set("text", text).SubmitAsync();
        WebForm form = draft.Expect().Form(draft.Address.AbsolutePath).Set("reason", "For the browser tests.");
        WebPage project = (await form.SubmitAsync("Issue the notification")).Expect();
        (await project.Form("/circulate").SubmitAsync()).Expect();
        await stage.App.SettleAsync();
        return (await stage.Mailbox.NewestAsync(Officer, "notification-circulated")).Link;
    }
}
