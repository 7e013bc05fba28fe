using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Plenary.Support;

namespace Plenary.Browser.Tests;

/// <summary>
/// One project from its notification to its outcome, in a browser, with a look at every page on the way: empty, filled, refused,
/// too late. Small, so that it is short: ten places, eleven nominees.
/// </summary>
public sealed class Walk
{
    public const string Project = "23-IP-10-GE-WSP-A";

    private readonly Stage stage;
    private readonly IBrowserContext context;
    private readonly Visits visits;

    private Walk(Stage stage, IBrowserContext context)
    {
        this.stage = stage;
        this.context = context;
        visits = new Visits(stage.App.Address, context);
    }

    public IReadOnlyList<Visit> Visits => visits.All;

    /// <summary>Addresses of certificates, by the holder's mail address.</summary>
    public Dictionary<string, string> Certificates { get; } = [];

    /// <summary>Why the walk did not reach its end.</summary>
    public string? BrokeOff { get; private set; }

    public IReadOnlyList<BrowserContextCookiesResult> Cookies { get; private set; } = [];

    private static string Notification => File.ReadAllText(Path.Combine(Repository.Root, "samples", $"{Project}.notification.txt"))
        .Replace("Overseas Participants\t38", "Overseas Participants\t8", StringComparison.Ordinal)
        .Replace("Local Participants\t12", "Local Participants\t2", StringComparison.Ordinal);

    public static async Task<Walk> TakeAsync(Stage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        Walk walk = new(stage, await stage.Chromium.NewContextAsync(stage.App.Address));
        IPage page = await walk.context.NewPageAsync();
        Seat seat = new(page, walk.visits);
        try
        {
            await BeginAsync(seat);
            await walk.RuleAsync(seat);
            await IssueAsync(seat);
            await walk.CirculateAsync(seat);
            Seat leftOpen = await walk.NominateAsync(seat);
            await walk.CloseAsync(seat, leftOpen);
            await walk.ReviewAsync(seat);
            await walk.SelectAsync(seat);
            await walk.OfferAsync(seat);
            await walk.AttendAsync(seat);
            await walk.SurveyAsync(seat);
            await walk.PublishAsync(seat);
            await GoAstrayAsync(seat);
        }
#pragma warning disable CA1031 // What was looked at before is worth telling; that the walk broke off fails a test of its own.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            string last = walk.Visits is [.., Visit visit] ? visit.Name : "nothing";
            walk.BrokeOff = $"At {page.Url}, after “{last}”: {await seat.ReadAsync()}: {failure}";
        }

        walk.Cookies = await walk.context.CookiesAsync();
        return walk;
    }

    private static async Task BeginAsync(Seat seat)
    {
        await seat.GoAsync("/").LookAsync("home, nothing issued");
        await seat.GoAsync("/secretariat").LookAsync("sign-in of one machine").PressAsync("Chloe Tan").LookAsync("refused: no part in the secretariat");
        await EnterAsync(seat, "Aiko Mori");
        await seat.GoAsync("/secretariat").LookAsync("secretariat, empty");
        await seat.GoAsync("/secretariat/registry").LookAsync("registry, empty");
        await seat.TypeAsync("economies", "id,name,active,zone\nx,,maybe,Mars/Olympus").TypeAsync("officers", "economy,role,name,email\nnowhere,king,,not an address")
            .PressAsync("Import").LookAsync("registry, import refused");
        await seat.TypeAsync("economies", ReadSample("economies.csv")).TypeAsync("officers", ReadSample("officers.csv")).PressAsync("Import").LookAsync("registry, imported");
        await seat.GoAsync("/secretariat/registry/japan").LookAsync("officers of an economy");
        await seat.TypeAsync("email-1", "no address").TypeAsync("from-1", "yesterday").PressAsync("Save").LookAsync("officers of an economy, refused");
    }

    /// <summary>Another project, which declares rules, and the head of an agency who declines to endorse. It comes first: the mails of the other are then the newest.</summary>
    private async Task RuleAsync(Seat seat)
    {
        const string Ruled = "23-IP-11-GE-WSP-A";
        const string Rules = "Nationality: of the nominating economy\nAge: 25 to 55\nEducation: at least bachelor\nExperience: at least 5 years\nCourse: Introduction to Plain Forms\n" +
            "Earlier participation: not in this project within 3 years\nDocuments: Passport (valid until the end), Letter of approval\nEndorsement: by the head of the agency within 7 days";
        string text = Notification.Replace(Project, Ruled, StringComparison.Ordinal).Replace("\nQualifications\t", $"\nEligibility\t{Rules}\nQualifications\t", StringComparison.Ordinal);
        await seat.GoAsync("/secretariat/notifications/new").TypeAsync("text", text.Replace("Age: 25 to 55", "Age: young", StringComparison.Ordinal)).PressAsync("Read it in").LookAsync("draft with a rule that cannot be read");
        await seat.GoAsync("/secretariat/notifications/new").TypeAsync("text", text).PressAsync("Read it in").PressAsync("Issue the notification");
        if (!seat.Path.EndsWith(Ruled, StringComparison.Ordinal))
        {
            await seat.TypeAsync("reason", "The host asked for it.").PressAsync("Issue the notification");
        }

        await seat.GoAsync($"/projects/{Ruled}").LookAsync("project with rules");
        await seat.GoAsync($"/secretariat/projects/{Ruled}").PressAsync("Circulate");
        await stage.App.SettleAsync();
        await seat.GoAsync(await DeskLinkAsync("japan")).PressAsync("Add a nominee").LookAsync("step: person, with rules");
        string nominee = seat.Path[..^"/person".Length];
        await seat.TypeAsync("name", "Akira Satou").TypeAsync("email", "akira@people.example.org").TypeAsync("nationality", "Fiji").TypeAsync("birthDate", "1 January 1950").PressAsync("Save and continue").LookAsync("step: work, with rules");
        await seat.TypeAsync("position", "Director").TypeAsync("organisation", "City of Yokohama").TypeAsync("yearsOfExperience", "2").ChooseAsync("sector", "government");
        await seat.ChooseAsync("qualification", "secondary");
        await seat.PressAsync("Save and continue").LookAsync("step: statement, with rules");
        await seat.TypeAsync("statement", "Leads the counters.").ChooseAsync("courseCompleted", "no");
        await seat.ChooseAsync("tookPart", "yes");
        await seat.PressAsync("Save and continue").LookAsync("documents, needed");
        await seat.AttachAsync("document", "passport.pdf", "application/pdf", Papers.Pdf).PressAsync("Upload").LookAsync("documents, refused: no day of expiry");
        await seat.TypeAsync("expiresOn", "1 August 2023").AttachAsync("document", "passport.pdf", "application/pdf", Papers.Pdf).PressAsync("Upload").LookAsync("documents, one runs out early");
        await seat.PressAsync("Continue").PressAsync("Submit the nomination").LookAsync("check, refused: not eligible");
        await seat.GoAsync($"{nominee}/endorsement").LookAsync("endorsement, nobody asked").PressAsync("Ask for the endorsement").LookAsync("endorsement, refused");
        await seat.TypeAsync("endorserName", "Dr Head").TypeAsync("endorserEmail", "head@people.example.org").PressAsync("Ask for the endorsement").LookAsync("endorsement, asked");
        await seat.GoAsync($"{nominee}/tasks").LookAsync("tasks, with rules");
        await stage.App.SettleAsync();
        ReceivedMail mail = await stage.Mailbox.NewestAsync("head@people.example.org", "endorsement-asked");
        await seat.GoAsync(mail.Link).LookAsync("endorsement to give").PressAsync("Send the answer").LookAsync("endorsement to give, refused");
        await seat.ChooseAsync("answer", "decline");
        await seat.TypeAsync("reason", "Needed at the counters.").TypeAsync("code", Regex.Match(mail.Text, @"Your code:\s+(\S+)").Groups[1].Value).PressAsync("Send the answer").LookAsync("endorsement, declined");
        await seat.GoAsync($"/desk/{Ruled}/japan").LookAsync("desk, with rules");
        await stage.App.SettleAsync();

        // A revision leaves Japan out.
        string without = text.Replace("All Member Countries", "All Member Countries except Japan", StringComparison.Ordinal);
        await seat.GoAsync("/secretariat/notifications/new").TypeAsync("text", without).PressAsync("Read it in").LookAsync("draft of a revision that leaves an economy out");
        await seat.TypeAsync("reason", "It holds one of its own this year.").PressAsync("Issue as version 2");
        await stage.App.SettleAsync();
        await seat.GoAsync($"/desk/{Ruled}/japan").LookAsync("desk, no longer invited");
    }

    private static async Task IssueAsync(Seat seat)
    {
        await seat.GoAsync("/secretariat/notifications/new").LookAsync("import").PressAsync("Read it in").LookAsync("import, refused");
        string wrong = Notification
            .Replace("Closing Date\t31 July 2023", "Closing Date\t31 August 2023", StringComparison.Ordinal)
            .Replace("Overseas Participants\t8", "Overseas Participants\tabout a dozen", StringComparison.Ordinal)
            .Replace("Hosting Country(ies)\tIndonesia", "Hosting Country(ies)\tAtlantis", StringComparison.Ordinal)
            .Replace("Remarks\t", "Dress code\tSmart casual\nRemarks\t", StringComparison.Ordinal);
        await seat.TypeAsync("text", wrong).PressAsync("Read it in").LookAsync("draft with problems");
        await seat.GoAsync("/secretariat/notifications/new").TypeAsync("text", Notification).PressAsync("Read it in").LookAsync("draft without problems");
        await seat.PressAsync("Issue the notification");
        if (!seat.Path.EndsWith(Project, StringComparison.Ordinal))
        {
            await seat.LookAsync("draft with warnings").TypeAsync("reason", "The host asked for it.").PressAsync("Issue the notification");
        }

        await seat.LookAsync("secretariat's project, issued");
        await seat.GoAsync("/").LookAsync("home, open");
        await seat.GoAsync($"/projects/{Project}").LookAsync("project, issued");
        string revised = Notification.Replace("Remarks\tNot Applicable", "Remarks\tBring a laptop with a camera; sessions are not recorded.", StringComparison.Ordinal);
        await seat.GoAsync("/secretariat/notifications/new").TypeAsync("text", revised).PressAsync("Read it in").LookAsync("draft of a revision");
        await seat.TypeAsync("reason", "Participants asked what to bring.").TypeAsync("scoring", "Relevance 60; Motivation 40").PressAsync("Issue as version 2");
        await seat.GoAsync($"/projects/{Project}").LookAsync("project, revised");
        await seat.GoAsync("/secretariat").LookAsync("secretariat, with drafts");
    }

    private async Task CirculateAsync(Seat seat)
    {
        await seat.GoAsync($"/secretariat/projects/{Project}").PressAsync("Circulate");
        await stage.App.SettleAsync();
        await seat.GoAsync($"/secretariat/projects/{Project}").LookAsync("secretariat's project, circulated");
        await seat.GoAsync($"/secretariat/projects/{Project}/cancel").LookAsync("cancelling, what would follow").PressAsync("Cancel the project").LookAsync("cancelling, without a reason");
        await seat.GoAsync($"/secretariat/projects/{Project}/selection").LookAsync("selection, before the closing");
        await seat.GoAsync($"/secretariat/projects/{Project}/attendance").LookAsync("attendance, nobody");
        await seat.GoAsync($"/secretariat/projects/{Project}/outcome").LookAsync("outcome, before anything happened");
        await seat.GoAsync($"/secretariat/projects/{Project}/survey").LookAsync("survey, its questions");
        await seat.TypeAsync("questionnaire", "{ not JSON").PressAsync("Replace").LookAsync("survey, questions refused");
        await seat.GoAsync($"/secretariat/projects/{Project}/mail").LookAsync("mails");
        await seat.GoAsync($"/secretariat/projects/{Project}/nominations").LookAsync("nominations, none");
    }

    /// <returns>A page left open on a form.</returns>
    private async Task<Seat> NominateAsync(Seat seat)
    {
        await NominateInBulkAsync(seat.GoAsync(await DeskLinkAsync("vietnam")));
        await seat.GoAsync(await DeskLinkAsync("japan")).LookAsync("desk, empty").PressAsync("Add a nominee").LookAsync("step: person");
        string tasks = seat.Path.Replace("/person", "/tasks", StringComparison.Ordinal);
        await seat.TypeAsync("name", "Two\u202Elines").TypeAsync("email", "not an address").PressAsync("Save and continue").LookAsync("step: person, refused");
        await seat.TypeAsync("name", "佐藤 健司").TypeAsync("email", "kenji@people.example.org").TypeAsync("nationality", "Japan").PressAsync("Save and continue").LookAsync("step: work");
        await seat.TypeAsync("yearsOfExperience", "many").PressAsync("Save and continue").LookAsync("step: work, refused");
        await seat.TypeAsync("position", "Deputy director").TypeAsync("yearsOfExperience", "12").PressAsync("Save and continue").LookAsync("step: statement");
        await seat.TypeAsync("statement", new string('x', 2001)).PressAsync("Save and continue").LookAsync("step: statement, refused");
        await seat.TypeAsync("statement", "Leads the counters of the city.\n\nWants to open them to everybody.").PressAsync("Save and continue").LookAsync("documents, none");
        await seat.PressAsync("Upload").LookAsync("documents, no file chosen");
        await seat.AttachAsync("document", "letter.pdf", "application/pdf", Papers.RenamedProgram).PressAsync("Upload").LookAsync("documents, refused");
        await seat.AttachAsync("document", "confirmation of employment signed by the head of the department for city counters.pdf", "application/pdf", Papers.Pdf).PressAsync("Upload").LookAsync("documents, one");
        string document = await seat.Page.Locator("main a[href*=\"/documents/\"]").First.GetAttributeAsync("href") ?? "";
        IAPIResponse file = await context.APIRequest.GetAsync(document);
        Files[new Uri(stage.App.Address, document).AbsolutePath] = file.Headers["content-type"];

        await seat.GoAsync(tasks).LookAsync("tasks, incomplete").FollowAsync("Check and submit").LookAsync("check, incomplete").PressAsync("Submit the nomination").LookAsync("check, refused");
        await seat.FollowAsync("Change Organisation").LookAsync("step: work, from the check");
        await seat.TypeAsync("organisation", "City of Yokohama").ChooseAsync("sector", "government").PressAsync("Save and continue").LookAsync("check, complete");
        await seat.PressAsync("Submit the nomination").LookAsync("receipt");
        await seat.GoAsync(tasks).LookAsync("tasks, submitted");

        // A second one, so that there is an order; then a change that is not sent, and a third that is withdrawn.
        await stage.NominateAsync(Project, "japan", await DeskLinkAsync("japan"), Names.Unbroken, "second@people.example.org");
        await stage.NominateAsync(Project, "japan", await DeskLinkAsync("japan"), "Hanako Yamada", "third@people.example.org");
        string desk = $"/desk/{Project}/japan";
        await seat.GoAsync(desk).LookAsync("desk, three nominees");
        ILocator ranks = seat.Page.Locator("input[name^=\"rank-\"]");
        await ranks.Nth(0).FillAsync("1");
        await ranks.Nth(1).FillAsync("1");
        await seat.PressAsync("Save the order").LookAsync("desk, order refused");
        await seat.GoAsync(desk).PressAsync("Down").LookAsync("desk, order saved");
        await seat.FollowAsync("Hanako Yamada").FollowAsync("Withdraw this nomination").LookAsync("withdraw").PressAsync("Withdraw the nomination").LookAsync("desk, one withdrawn");
        await seat.GoAsync(tasks).FollowAsync("Where does the nominee work").TypeAsync("position", "Director").PressAsync("Save and continue");
        await seat.GoAsync(tasks.Replace("/tasks", "/receipt", StringComparison.Ordinal)).LookAsync("receipt, changes not sent");
        await seat.GoAsync(desk).LookAsync("desk, changes not sent");
        await seat.TypeAsync("nationalDate", "31 August 2023").PressAsync("Save the date").LookAsync("desk, national date refused");
        await seat.TypeAsync("nationalDate", "29 July 2023").PressAsync("Save the date").LookAsync("desk, national date saved");

        await FillInDraftAsync(seat.GoAsync(await DeskLinkAsync("nepal")));
        await stage.NominateAsync(Project, "thailand", await DeskLinkAsync("thailand"), Names.Thai, "thai@people.example.org");
        await stage.NominateAsync(Project, "sri-lanka", await DeskLinkAsync("sri-lanka"), Names.Tamil, "tamil@people.example.org");
        await stage.NominateAsync(Project, "pakistan", await DeskLinkAsync("pakistan"), Names.Arabic, "arabic@people.example.org");
        await stage.NominateAsync(Project, "fiji", await DeskLinkAsync("fiji"), Names.Unbroken, "unbroken@people.example.org");
        foreach (string economy in (string[])["india", "malaysia"])
        {
            await stage.NominateAsync(Project, economy, await DeskLinkAsync(economy), $"First Of {economy}", $"{economy}-1@people.example.org");
            await stage.NominateAsync(Project, economy, await DeskLinkAsync(economy), economy == "india" ? "Second Of India" : "ÍNDIA Second of", $"{economy}-2@people.example.org");
        }

        foreach (string number in (string[])["1", "2", "3"])
        {
            await stage.NominateAsync(Project, "indonesia", await DeskLinkAsync("indonesia"), $"Wayan Number {number}", $"wayan-{number}@people.example.org");
        }

        await EnterAsync(seat, "Aiko Mori");
        await seat.GoAsync($"/secretariat/projects/{Project}/over-time").LookAsync("nominations over time, open");
        Seat leftOpen = new(await context.NewPageAsync(), visits);
        await leftOpen.GoAsync(tasks).FollowAsync("Why this nominee").TypeAsync("wishes", "Captions, please.");
        return leftOpen;
    }

    /// <summary>A file with problems, a file without, and a file that is sent again.</summary>
    private static async Task NominateInBulkAsync(Task<Seat> desk)
    {
        const string Header = "Name;E-mail address;Nationality;Position;Organisation;Sector;Years of experience;Statement of relevance;Wishes\n";
        byte[] wrong = Encoding.UTF8.GetBytes($"{Header}{Names.Unbroken};no address;Viet Nam;Director;;pirates;many;;\n;bulk-2@people.example.org;Viet Nam;Director;Office;other;3;Fits.;\n");
        byte[] right = Encoding.UTF8.GetBytes(
            $"{Header}{Names.Unbroken};bulk-1@people.example.org;Viet Nam;Director;Office;other;3;Fits.;\nĐặng Thị Huệ;bulk-2@people.example.org;Viet Nam;Director;Office;other;3;Fits.;\n");
        Seat seat = await desk.FollowAsync("Nominate many from a spreadsheet").LookAsync("spreadsheet, none");
        await seat.PressAsync("Check the file").LookAsync("spreadsheet, no file chosen, refused");
        await seat.AttachAsync("sheet", "nominees.csv", "text/csv", wrong).PressAsync("Check the file").LookAsync("spreadsheet, refused by cell");
        await seat.AttachAsync("sheet", "nominees.csv", "text/csv", right).PressAsync("Check the file").LookAsync("spreadsheet, what it would make");
        await seat.PressAsync("Submit all of them").LookAsync("desk, nominated from a spreadsheet");
        await seat.FollowAsync("Nominate many from a spreadsheet").AttachAsync("sheet", "nominees.csv", "text/csv", right).PressAsync("Check the file").LookAsync("spreadsheet, refused: applied already");

        // Gone again: those who follow compete for the few places.
        await seat.FollowAsync("All nominations").FollowAsync("Đặng Thị Huệ").FollowAsync("Withdraw this nomination").PressAsync("Withdraw the nomination");
        await seat.FollowAsync(Names.Unbroken).FollowAsync("Withdraw this nomination").PressAsync("Withdraw the nomination");
    }

    /// <summary>A draft that the agency fills in by a link of its own, and that is thrown away in the end.</summary>
    private async Task FillInDraftAsync(Task<Seat> desk)
    {
        Seat seat = await desk.PressAsync("Add a nominee");
        string tasks = seat.Path.Replace("/person", "/tasks", StringComparison.Ordinal);
        await seat.GoAsync(tasks).TypeAsync("drafter", "nobody").PressAsync("Send a link to this draft").LookAsync("tasks, no address, refused");
        await seat.TypeAsync("drafter", "agency@people.example.org").PressAsync("Send a link to this draft").LookAsync("tasks, link sent");
        await stage.App.SettleAsync();
        string revoked = await LinkAsync("agency@people.example.org", "draft-invitation");
        await seat.PressAsync("Revoke the link").LookAsync("tasks, link revoked");
        await seat.GoAsync(revoked).LookAsync("draft by link, revoked");
        await seat.GoAsync(tasks).TypeAsync("drafter", "agency@people.example.org").PressAsync("Send a link to this draft");
        await stage.App.SettleAsync();
        await seat.GoAsync(await LinkAsync("agency@people.example.org", "draft-invitation")).LookAsync("draft by link, empty");
        await seat.TypeAsync("yearsOfExperience", "many").PressAsync("Save").LookAsync("draft by link, refused");
        await seat.TypeAsync("yearsOfExperience", "7").TypeAsync("name", "Sita Rai").PressAsync("Save").LookAsync("draft by link, saved");
        string form = seat.Path;
        await seat.GoAsync(tasks).FollowAsync("Remove this draft").PressAsync("Remove the draft").GoAsync(form).LookAsync("draft by link, gone");
    }

    private async Task CloseAsync(Seat seat, Seat leftOpen)
    {
        await stage.App.AdvanceToAsync(new DateTimeOffset(2023, 7, 31, 15, 1, 0, TimeSpan.Zero));
        await leftOpen.PressAsync("Save and continue").LookAsync("step: statement, too late");
        string tasks = leftOpen.Path.Replace("/statement", "/tasks", StringComparison.Ordinal);
        await leftOpen.Page.CloseAsync();
        await seat.GoAsync($"/desk/{Project}/japan").LookAsync("desk, closed");
        await seat.GoAsync(tasks).LookAsync("tasks, closed").FollowAsync("Read the nomination").LookAsync("nomination, closed");
        await seat.GoAsync(tasks.Replace("/tasks", "/documents", StringComparison.Ordinal)).LookAsync("documents, closed");
        await seat.GoAsync(tasks.Replace("/tasks", "/withdraw", StringComparison.Ordinal)).LookAsync("withdraw, closed");
        await seat.GoAsync(tasks.Replace("/tasks", "/receipt", StringComparison.Ordinal)).LookAsync("receipt, closed");
        await seat.GoAsync($"/projects/{Project}").LookAsync("project, closed");
        await seat.GoAsync("/").LookAsync("home, closed");
        await EnterAsync(seat, "Aiko Mori");
        await seat.GoAsync($"/secretariat/projects/{Project}").LookAsync("secretariat's project, closed").FollowAsync("Nominations over time").LookAsync("nominations over time, closed");
        await ExtendAsync(seat);
        await seat.GoAsync($"/secretariat/projects/{Project}/nominations");
        foreach (ILocator details in await seat.Page.Locator("summary").AllAsync())
        {
            await details.ClickAsync();
        }

        await seat.LookAsync("nominations, all opened");
    }

    /// <summary>One extension that is used, on the record afterwards.</summary>
    private async Task ExtendAsync(Seat seat)
    {
        await seat.GoAsync($"/secretariat/projects/{Project}/extensions").LookAsync("extensions, none");
        await seat.PressAsync("Grant the extension").LookAsync("extensions, refused");
        await (await seat.PickAsync("economy", "nepal")).TypeAsync("until", "2023-08-02 18:00").TypeAsync("reason", "The line to the capital was cut.")
            .PressAsync("Grant the extension").LookAsync("extensions, one open");
        await seat.GoAsync(await DeskLinkAsync("nepal")).LookAsync("desk, closed with an extension");
        await stage.NominateAsync(Project, "nepal", await DeskLinkAsync("nepal"), "Late Nominee", "late@people.example.org");
        await seat.GoAsync($"/desk/{Project}/nepal").FollowAsync("Late Nominee").LookAsync("tasks, submitted late");
        await seat.GoAsync($"/secretariat/projects/{Project}/extensions").LookAsync("extensions, one used up");
    }

    /// <summary>Somebody of Fiji scores: one nominee fewer on the list, and no name on any page.</summary>
    private async Task ReviewAsync(Seat seat)
    {
        string reviews = $"/secretariat/projects/{Project}/reviews";
        await seat.GoAsync(reviews).LookAsync("reviewers, none").TypeAsync("name", "").TypeAsync("email", "no address").PressAsync("Appoint and send").LookAsync("reviewers, refused");
        await seat.GoAsync(reviews).TypeAsync("name", Names.Unbroken).TypeAsync("email", "reviewer@people.example.org");
        await (await seat.PickAsync("economy", "fiji")).PressAsync("Appoint and send").LookAsync("reviewers, one");
        await stage.App.SettleAsync();
        await seat.GoAsync(await LinkAsync("reviewer@people.example.org", "review-invited")).LookAsync("reviewer's list").FollowAsync("Nominee 1").LookAsync("reviewer's nominee");
        await seat.TypeAsync("phase-1", "eleven").PressAsync("Save the marks").LookAsync("reviewer's nominee, refused");
        await seat.TypeAsync("phase-1", "8").PressAsync("Save the marks").LookAsync("reviewer's list, one scored").FollowAsync("Nominee 2");
        await seat.Page.Locator("summary").ClickAsync();
        await seat.LookAsync("reviewer's nominee, stepping back").PressAsync("Step back from this nominee").FollowAsync("Nominee 2").LookAsync("reviewer's nominee, stepped back");
        await seat.GoAsync(reviews).LookAsync("reviewers, with scores");
    }

    private async Task SelectAsync(Seat seat)
    {
        // A list proposed in the very instant of a late nomination cannot tell whether it has it.
        await stage.App.AdvanceToAsync(new DateTimeOffset(2023, 7, 31, 15, 2, 0, TimeSpan.Zero));
        await seat.GoAsync($"/secretariat/projects/{Project}/selection").LookAsync("selection, nothing proposed").PressAsync("Propose a selection").LookAsync("selection, proposed");
        await seat.FollowAsync("Balance by economy").LookAsync("balance").FollowAsync("The selection");
        await seat.FollowAsync("What if other rules held").LookAsync("what if, nothing changed");
        await seat.TypeAsync("overseasPlaces", "5").TypeAsync("perEconomyMaximum", "1").PressAsync("Show who would move").LookAsync("what if, somebody moves");
        await seat.TypeAsync("overseasPlaces", "a few").PressAsync("Show who would move").LookAsync("what if, refused");
        await EnterAsync(seat, "Ben Carter");
        await seat.GoAsync($"/secretariat/projects/{Project}/selection/notices");
        foreach (ILocator details in await seat.Page.Locator("summary").AllAsync())
        {
            await details.ClickAsync();
        }

        await seat.LookAsync("notices, drafts");
        await seat.GoAsync($"/secretariat/projects/{Project}/selection").LookAsync("selection, to approve").PressAsync("Approve");
        await stage.App.SettleAsync();
        await seat.GoAsync($"/secretariat/projects/{Project}/selection").LookAsync("selection, approved").FollowAsync("The notices that were sent").LookAsync("notices, sent");
    }

    private async Task OfferAsync(Seat seat)
    {
        await seat.GoAsync(await LinkAsync("malaysia-1@people.example.org", "offer-made")).LookAsync("offer, open").PressAsync("Send the answer").LookAsync("offer, nothing chosen");
        await seat.ChooseAsync("answer", "decline").PressAsync("Send the answer").LookAsync("offer, declined");
        await stage.App.SettleAsync();
        foreach (string person in (string[])["thai", "tamil", "arabic", "unbroken", "wayan-1", "wayan-2", "malaysia-2"])
        {
            await seat.GoAsync(await LinkAsync($"{person}@people.example.org", "offer-made"));
            await seat.ChooseAsync("answer", "accept").PressAsync("Send the answer");
            if (person is "thai")
            {
                await seat.LookAsync("offer, accepted");
            }
        }

        await seat.GoAsync(await LinkAsync("wayan-2@people.example.org", "offer-made"));
        await seat.Page.Locator("summary").ClickAsync();
        await seat.LookAsync("offer, giving it back").PressAsync("Give the place back").LookAsync("offer, given back");
        await stage.App.AdvanceToAsync(new DateTimeOffset(2023, 8, 12, 3, 0, 0, TimeSpan.Zero));
        await seat.GoAsync(await LinkAsync("india-1@people.example.org", "offer-made")).LookAsync("offer, expired");
        await EnterAsync(seat, "Aiko Mori");
        await seat.GoAsync($"/secretariat/projects/{Project}/selection").LookAsync("selection, answered");
    }

    private async Task AttendAsync(Seat seat)
    {
        await seat.GoAsync($"/secretariat/projects/{Project}/attendance").LookAsync("attendance, before the project");
        await stage.App.AdvanceToAsync(new DateTimeOffset(2023, 8, 16, 12, 0, 0, TimeSpan.Zero));
        await EnterAsync(seat, "Aiko Mori");
        await seat.GoAsync($"/secretariat/projects/{Project}/attendance");
        await seat.AttachAsync("file", "presence.csv", "text/csv", "reference,day\nXXXX,perhaps"u8.ToArray()).PressAsync("Upload").LookAsync("attendance, list refused");
        foreach (ILocator box in await seat.Page.Locator("input[name=present]").AllAsync())
        {
            await box.CheckAsync();
        }

        await seat.PressAsync("Save attendance").LookAsync("attendance, recorded").PressAsync("Issue certificates");
        await stage.App.SettleAsync();
        await seat.GoAsync($"/secretariat/projects/{Project}/attendance").LookAsync("attendance, certificates");
        foreach (ReceivedMail mail in await stage.Mailbox.ListAsync(kind: "certificate-issued"))
        {
            Certificates[mail.To] = Regex.Match(mail.Text, "/certificates/[A-Z0-9-]+").Value;
        }

        await seat.GoAsync(Certificates["wayan-1@people.example.org"]).LookAsync("certificate");
        await seat.GoAsync(Certificates["tamil@people.example.org"]).LookAsync("certificate, longest name");
        await seat.GoAsync("/certificates/22222-22222").LookAsync("certificate, number malformed");
    }

    private async Task SurveyAsync(Seat seat)
    {
        await stage.App.AdvanceToAsync(new DateTimeOffset(2023, 8, 16, 18, 0, 0, TimeSpan.Zero));
        await EnterAsync(seat, "Aiko Mori");
        string[] people = [.. Certificates.Keys.Order(StringComparer.Ordinal)];
        await seat.GoAsync(await LinkAsync(people[0], "survey-invitation")).LookAsync("survey").PressAsync("Send the answer").LookAsync("survey, refused");
        foreach (string person in people.Take(5))
        {
            await seat.GoAsync(await LinkAsync(person, "survey-invitation"));
            int number = 0;
            foreach (string question in await seat.Page.EvaluateAsync<string[]>("[...new Set([...document.querySelectorAll('input[type=radio]')].map(one => one.name))]"))
            {
                await seat.ChooseAsync(question, $"{(++number + person.Length) % 4 + 2}");
            }

            await seat.TypeAsync("missed", "More time for questions.").PressAsync("Send the answer");
            if (person == people[0])
            {
                await seat.LookAsync("survey, answered").GoAsync(await LinkAsync(person, "survey-invitation")).LookAsync("survey, answered before");
                await seat.GoAsync($"/secretariat/projects/{Project}/survey").LookAsync("survey results, open");
            }
        }

        await stage.App.AdvanceToAsync(new DateTimeOffset(2023, 8, 31, 3, 0, 0, TimeSpan.Zero));
        await EnterAsync(seat, "Aiko Mori");
        await seat.GoAsync($"/secretariat/projects/{Project}/survey").LookAsync("survey results");
        await (await seat.PickAsync("to", "2")).PressAsync("Show this part").LookAsync("survey results, part refused");
        await (await seat.PickAsync("to", "5")).PressAsync("Show this part").LookAsync("survey results, part");
    }

    private async Task PublishAsync(Seat seat)
    {
        await seat.GoAsync($"/secretariat/projects/{Project}/outcome").LookAsync("outcome, drafted");
        string headline = await seat.Page.Locator("#headline").InputValueAsync();
        await seat.TypeAsync("headline", "").TypeAsync("text", "").PressAsync("Publish").LookAsync("outcome, refused");
        await seat.GoAsync($"/secretariat/projects/{Project}/outcome").TypeAsync("headline", headline).PressAsync("Publish").LookAsync("project, with outcome");
        await seat.GoAsync($"/secretariat/projects/{Project}").LookAsync("secretariat's project, finished");

        ReceivedMail mail = (await stage.Mailbox.ListAsync(kind: "certificate-issued"))[0];
        await stage.Mailbox.ReportAsync(mail.Id, "bounce");
        await stage.App.SettleAsync();
        await seat.GoAsync($"/secretariat/projects/{Project}/mail").LookAsync("mails, one came back");
        await seat.GoAsync("/local/mailbox").LookAsync("mailbox").GoAsync($"/local/mailbox/{mail.Id}").LookAsync("mailbox, a mail");
        await seat.GoAsync("/local/mailbox/nothing").LookAsync("mailbox, no such mail");
    }

    private static async Task GoAstrayAsync(Seat seat)
    {
        await seat.GoAsync("/nowhere").LookAsync("nothing at this address");
        await seat.GoAsync("/projects/23-IP-99-GE-WSP-Z").LookAsync("no such project");
        await seat.GoAsync($"/desk/{Project}/fiji").LookAsync("desk of another economy");
        await seat.GoAsync("/l/forged").LookAsync("forged link");
    }

    /// <summary>Content types of what is no page, by path.</summary>
    public Dictionary<string, string> Files { get; } = [];

    private static string ReadSample(string name) => File.ReadAllText(Path.Combine(Repository.Root, "samples", name));

    private static Task<Seat> EnterAsync(Seat seat, string person) => seat.GoAsync("/.auth/login/aad?post_login_redirect_uri=/secretariat").PressAsync(person);

    private async Task<string> DeskLinkAsync(string economy)
    {
        ReceivedMail mail = (await stage.Mailbox.ListAsync(kind: "notification-circulated"))
            .FirstOrDefault(mail => mail.To.EndsWith($"@npo-{economy.Replace("-", "", StringComparison.Ordinal)}.example.org", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"No circulated mail went to {economy}.");
        return mail.Link;
    }

    private async Task<string> LinkAsync(string to, string kind) => (await stage.Mailbox.NewestAsync(to, kind)).Link;
}
