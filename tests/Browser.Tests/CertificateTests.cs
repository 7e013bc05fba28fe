using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Plenary.Browser.Tests;

[Collection(Stage.Name)]
public sealed class CertificateTests(Stage stage)
{
    [Theory]
    [InlineData("wayan-1@people.example.org")]
    [InlineData("thai@people.example.org")]
    [InlineData("tamil@people.example.org")]
    [InlineData("arabic@people.example.org")]
    [InlineData("unbroken@people.example.org")]
    public async Task A_certificate_prints_on_exactly_one_page_however_long_the_name(string holder)
    {
        IPage page = await stage.NewPageAsync();
        await page.GotoAsync(stage.Walk.Certificates[holder]);
        byte[] pdf = await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true, PrintBackground = true });
        string text = Encoding.Latin1.GetString(pdf);
        Assert.Single(Regex.Matches(text, @"/Type\s*/Page\b"));
        Assert.Matches(@"/MediaBox\s*\[\s*0 0 59[45](\.\d+)? 84[12](\.\d+)?\s*\]", text);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_printed_certificate_carries_nothing_of_the_page_around_it()
    {
        IPage page = await stage.NewPageAsync();
        await page.GotoAsync(stage.Walk.Certificates["wayan-1@people.example.org"]);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        Assert.False(await page.Locator("header").IsVisibleAsync());
        Assert.False(await page.Locator("footer").IsVisibleAsync());
        Assert.True(await page.Locator(".plenary-certificate").IsVisibleAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_code_on_a_certificate_leads_to_the_page_that_proves_it()
    {
        string address = stage.Walk.Certificates["wayan-1@people.example.org"];
        IPage page = await stage.NewPageAsync();
        await page.GotoAsync(address);

        // Read from the picture itself: one point in the middle of every module.
        bool[][] modules = await page.EvaluateAsync<bool[][]>(
            """
            (() => {
              const picture = document.querySelector('.plenary-certificate img');
              const canvas = document.createElement('canvas');
              const size = canvas.width = canvas.height = picture.naturalWidth;
              const ink = canvas.getContext('2d');
              ink.drawImage(picture, 0, 0);
              const points = ink.getImageData(0, 0, size, size).data;
              const isDark = (x, y) => points[4 * (y * size + x)] < 128;
              let quiet = 0;
              while (!isDark(quiet, quiet)) { quiet++; }
              let finder = quiet;
              while (isDark(finder, quiet)) { finder++; }
              const module = (finder - quiet) / 7;
              const count = Math.round((size - 2 * quiet) / module);
              return [...Array(count).keys()].map(row => [...Array(count).keys()].map(column =>
                isDark(Math.floor(quiet + (column + 0.5) * module), Math.floor(quiet + (row + 0.5) * module))));
            })()
            """);
        Assert.Equal(new Uri(stage.App.Address, address).ToString(), QrReader.Read(modules));
        await page.Context.CloseAsync();
    }
}
