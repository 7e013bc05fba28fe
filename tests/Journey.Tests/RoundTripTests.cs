using System.Net;
using Plenary.Support;

namespace Plenary.Journey.Tests;

/// <summary>What one accepted nomination costs the store, counted on the wire.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public async Task A_nomination_without_documents_costs_one_read_and_one_transaction()
    {
        const string Code = "23-IP-80-GE-WSP-A";
        Azurite azurite = await Azurite.SharedAsync();
        await using FaultProxy proxy = FaultProxy.Start(azurite.TableEndpoint);
        string past = azurite.ConnectionString.Replace(azurite.TableEndpoint.ToString(), proxy.Endpoint.ToString(), StringComparison.Ordinal);
        await using Stage stage = await Stage.StartAsync(new Dictionary<string, string> { ["Azure:StorageConnectionString"] = past });
        await stage.OpenProjectAsync(new NotificationText(Code));

        // From here on nobody works in the background: relays and mails would be counted with what the request costs.
        await using Stage quiet = await stage.StartBesideAsync(new Dictionary<string, string>
        {
            ["Azure:StorageConnectionString"] = past,
            ["AzureWebJobs.RelayOutbox.Disabled"] = "true",
            ["AzureWebJobs.SendMail.Disabled"] = "true",
            ["AzureWebJobs.RunAgenda.Disabled"] = "true",
        });
        string link = $"/l/{await stage.DeskTokenAsync(Code, "japan")}";
        await stage.App.KillAsync();
        WebPage desk = (await quiet.NewWeb().GetAsync(link)).Expect();
        string session = desk.Browser.Cookies.Single(cookie => cookie.Key.StartsWith("__Host-", StringComparison.Ordinal)).Value;

        // The first of five minutes marks the partition, too; every later one does not.
        Assert.Equal(HttpStatusCode.Created, (await quiet.NominateAsync(Code, "japan", "Warms Up", token: session, rank: 1)).Status);
        WebPage check = await NomineeInputTests.FillAsync(await NomineeInputTests.StartAsync(desk), "By Form", "form@agency.example.org");

        proxy.Forget();
        Assert.Equal(HttpStatusCode.Created, (await quiet.NominateAsync(Code, "japan", "By Program", token: session, rank: 3)).Status);
        AssertOneReadAndOneTransaction(proxy.Requests);

        // The answer to the form is a redirect; the receipt behind it is another page with a read of its own.
        proxy.Forget();
        using HttpRequestMessage submit = new(HttpMethod.Post, new Uri(quiet.App.Address, check.Address.AbsolutePath.Replace("/check", "/submit", StringComparison.Ordinal)))
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("formToken", check.Form("/submit")["formToken"])]),
        };
        WebPage answer = await desk.Browser.SendOnceAsync(submit);
        Assert.EndsWith("/receipt", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
        AssertOneReadAndOneTransaction(proxy.Requests);
    }

    private static void AssertOneReadAndOneTransaction(IReadOnlyList<string> requests)
    {
        Assert.True(requests.Count == 2, string.Join('\n', requests));
        Assert.StartsWith("GET ", requests[0], StringComparison.Ordinal);
        Assert.Contains("Nominations", requests[0], StringComparison.Ordinal);
        Assert.StartsWith("POST ", requests[1], StringComparison.Ordinal);
        Assert.Contains("$batch", requests[1], StringComparison.Ordinal);
    }
}
