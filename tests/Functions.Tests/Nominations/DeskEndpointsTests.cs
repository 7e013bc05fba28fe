using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Http;
using Plenary.Access;
using Plenary.Domain;
using Plenary.Nominations;
using Plenary.Shared;
using Session = Plenary.Access.Session;

namespace Plenary.Functions.Tests.Nominations;

/// <summary>The desk's pages, as HTML that a browser without script would get.</summary>
public sealed class DeskEndpointsTests : IDisposable
{
    private readonly DeskRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public async Task The_desk_lists_nominees_in_order_with_the_closing_and_the_time_left()
    {
        await rig.OpenAsync();
        Nominee one = await rig.NominateAsync(1);
        Nominee two = await rig.NominateAsync(2);
        await rig.Get<RankNominees>().RunAsync(rig.Call(), _ => new[] { two.Id, one.Id }, default);
        rig.Clock.Now = DeskRig.ClosesAt.AddHours(-51);

        Answer answer = await ShowDeskAsync(rig.Session());

        Assert.Equal(200, answer.Status);
        IHtmlDocument page = answer.Page;
        Assert.Equal(["Nominee 2", "Nominee 1"], page.QuerySelectorAll("tbody th a").Select(link => link.TextContent.Trim()));
        string closing = page.QuerySelector("#closing")!.TextContent;
        Assert.Contains("31 July 2023, 21:59:59 (Asia/Jakarta)", closing, StringComparison.Ordinal);
        Assert.Contains("Time left: 2 days and 3 hours.", closing, StringComparison.Ordinal);
        Assert.Contains(one.Reference, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.All(page.QuerySelectorAll("form"), form => Assert.NotNull(form.QuerySelector("input[name=formToken]")));
    }

    [Fact]
    public async Task Another_economys_desk_and_an_earlier_generation_and_no_session_get_the_same_neutral_page()
    {
        await rig.OpenAsync();
        await rig.OpenAsync("fiji");

        HttpRequest foreign = rig.Request("GET", rig.Session("fiji"));
        Answer[] answers =
        [
            await DeskRig.AnswerAsync(foreign, rig.Make<DeskEndpoints>().Show(foreign, rig.Code.ToString(), DeskRig.Economy, default)),
            await ShowDeskAsync(rig.Session(generation: 2)),
            await ShowDeskAsync(null),
            await ShowDeskAsync(rig.Session() with { ExpiresTicks = rig.Clock.Now.UtcTicks }),
        ];

        Assert.All(answers, answer => Assert.Equal(403, answer.Status));
        Assert.Single(answers.Select(answer => answer.Body).Distinct());
    }

    [Theory]
    [InlineData("atlantis")]
    [InlineData("../fiji")]
    [InlineData("INDONESIA")]
    [InlineData("a'b")]
    public async Task An_economy_that_is_none_in_the_address_is_a_link_that_does_not_open(string economy)
    {
        await rig.OpenAsync();
        HttpRequest request = rig.Request("GET", rig.Session());

        Answer answer = await DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Show(request, rig.Code.ToString(), economy, default));

        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task A_forged_or_altered_session_opens_nothing()
    {
        await rig.OpenAsync();
        HttpRequest request = rig.Request("GET", rig.Session());
        request.Headers.Cookie = request.Headers.Cookie.ToString()[..^3] + "AAA";

        Answer answer = await DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Show(request, rig.Code.ToString(), DeskRig.Economy, default));

        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task Reading_pages_changes_nothing()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();
        List<string?> before = [.. (await rig.AllRowsAsync()).Select(row => row.ETag)];

        await ShowDeskAsync(rig.Session());
        foreach (string step in (string[])["tasks", "person", "work", "statement", "documents", "check"])
        {
            Assert.Equal(200, (await ShowStepAsync(nominee.Id, step)).Status);
        }

        Assert.Equal(before, (await rig.AllRowsAsync()).Select(row => row.ETag));
    }

    [Fact]
    public async Task A_nomination_goes_from_the_button_to_the_receipt_through_forms_alone()
    {
        await rig.OpenAsync();
        DeskEndpoints desk = rig.Make<DeskEndpoints>();
        string code = rig.Code.ToString();
        string key = (await ShowDeskAsync(rig.Session())).Page.QuerySelector<IHtmlInputElement>("input[name=key]")!.Value;

        HttpRequest request = rig.Post(("key", key));
        Answer started = await DeskRig.AnswerAsync(request, desk.Save(request, code, DeskRig.Economy, "new", "person", default));
        string id = started.Location.Split('/')[5];
        Assert.Equal($"{DeskRig.DeskPath}/nominees/{id}/person", started.Location);

        Answer person = await SaveStepAsync(id, "person", ("name", "สมชาย ใจดี"), ("email", "somchai@agency.example"), ("nationality", "Thailand"));
        Assert.Equal($"{DeskRig.DeskPath}/nominees/{id}/work", person.Location);
        await SaveStepAsync(id, "work", ("position", "Director"), ("organisation", "Office"), ("sector", "government"), ("yearsOfExperience", ""));
        await SaveStepAsync(id, "statement", ("statement", "Line one\r\nLine two"), ("wishes", ""));
        Answer check = await ShowStepAsync(id, "check");
        Assert.Contains("สมชาย ใจดี", check.Page.QuerySelector("#name")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("auto", check.Page.QuerySelector("#name dd")!.GetAttribute("dir"));

        request = rig.Post();
        Answer submitted = await DeskRig.AnswerAsync(request, desk.Submit(request, code, DeskRig.Economy, id, default));
        Assert.Equal($"{DeskRig.DeskPath}/nominees/{id}/receipt", submitted.Location);

        request = rig.Request("GET", rig.Session());
        Answer receipt = await DeskRig.AnswerAsync(request, desk.ShowReceipt(request, code, DeskRig.Economy, id, default));
        Assert.Equal(200, receipt.Status);
        Assert.Contains((await rig.RowsAsync()).Find(id)!.Reference, receipt.Page.QuerySelector(".govuk-panel__body")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("somchai@agency.example", receipt.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_form_is_shown_again_with_every_problem_and_everything_typed()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();

        Answer answer = await SaveStepAsync(nominee.Id, "work", ("position", "A\tB"), ("organisation", "Ministry of <b>Magic</b>"), ("sector", "pirates"), ("yearsOfExperience", "many"));

        Assert.Equal(422, answer.Status);
        IHtmlDocument page = answer.Page;
        Assert.Equal(["#position", "#sector", "#yearsOfExperience"], page.QuerySelectorAll(".govuk-error-summary a").Select(link => link.GetAttribute("href")).Order(StringComparer.Ordinal));
        Assert.Equal("Ministry of <b>Magic</b>", page.QuerySelector<IHtmlInputElement>("#organisation")!.Value);
        Assert.Equal("many", page.QuerySelector<IHtmlInputElement>("#yearsOfExperience")!.Value);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.All(page.QuerySelectorAll(".govuk-error-summary a"), link => Assert.NotNull(page.QuerySelector(link.GetAttribute("href")!)));
    }

    [Fact]
    public async Task A_step_posted_after_the_closing_says_when_it_was_and_shows_what_was_typed()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();
        rig.Clock.Now = DeskRig.ClosesAt;

        Answer answer = await SaveStepAsync(nominee.Id, "statement", ("statement", "Written just before midnight"), ("wishes", ""));

        Assert.Equal(409, answer.Status);
        Assert.Contains("31 July 2023, 14:59:59 UTC", answer.Page.QuerySelector(".govuk-error-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Written just before midnight", answer.Page.QuerySelector("textarea#statement")!.TextContent, StringComparison.Ordinal);
        Assert.Null(answer.Page.QuerySelector("main button"));
    }

    [Fact]
    public async Task Submitting_what_is_incomplete_leads_to_each_missing_field()
    {
        await rig.OpenAsync();
        await rig.Get<SaveNomination>().StartAsync(rig.Call(), "form-1", default);
        string id = Assert.Single((await rig.RowsAsync()).Nominees).Id;

        HttpRequest request = rig.Post();
        Answer answer = await DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Submit(request, rig.Code.ToString(), DeskRig.Economy, id, default));

        Assert.Equal(422, answer.Status);
        Assert.Equal(7, answer.Page.QuerySelectorAll(".govuk-error-summary a").Length);
        Assert.All(answer.Page.QuerySelectorAll(".govuk-error-summary a"), link => Assert.NotNull(answer.Page.QuerySelector(link.GetAttribute("href")!)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("forged")]
    public async Task A_form_without_our_token_changes_nothing(string? token)
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();
        HttpRequest request = rig.Request("POST", rig.Session(), (FormText.TokenField, token ?? ""));

        Answer answer = await DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Withdraw(request, rig.Code.ToString(), DeskRig.Economy, nominee.Id, default));

        Assert.Equal(403, answer.Status);
        Assert.Equal(NomineeState.Submitted, (await rig.RowsAsync()).Find(nominee.Id)!.State);
    }

    [Fact]
    public async Task A_token_of_another_desk_is_not_ours()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();
        HttpRequest request = rig.Request("POST", rig.Session(), (FormText.TokenField, rig.Get<Sessions>().FormToken(rig.Session("fiji"))));

        Answer answer = await DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Withdraw(request, rig.Code.ToString(), DeskRig.Economy, nominee.Id, default));

        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task Ranks_can_be_typed_or_moved_by_buttons()
    {
        await rig.OpenAsync();
        Nominee[] nominees = [await rig.NominateAsync(1), await rig.NominateAsync(2), await rig.NominateAsync(3)];

        Assert.Equal(302, (await RankAsync(($"rank-{nominees[0].Id}", "9"), ($"rank-{nominees[1].Id}", "2"), ($"rank-{nominees[2].Id}", "1"))).Status);
        Assert.Equal([nominees[2].Id, nominees[1].Id, nominees[0].Id], (await rig.RowsAsync()).Order);

        await RankAsync(("move", $"up:{nominees[0].Id}"));
        Assert.Equal([nominees[2].Id, nominees[0].Id, nominees[1].Id], (await rig.RowsAsync()).Order);
    }

    [Fact]
    public async Task Ranks_given_twice_or_not_numbers_are_shown_again_with_what_was_typed()
    {
        await rig.OpenAsync();
        Nominee[] nominees = [await rig.NominateAsync(1), await rig.NominateAsync(2), await rig.NominateAsync(3)];

        Answer answer = await RankAsync(($"rank-{nominees[0].Id}", "1"), ($"rank-{nominees[1].Id}", "1"), ($"rank-{nominees[2].Id}", "x"));

        Assert.Equal(422, answer.Status);
        Assert.Equal(2, answer.Page.QuerySelectorAll(".govuk-error-summary a").Length);
        Assert.Equal("x", answer.Page.QuerySelector<IHtmlInputElement>($"#rank-{nominees[2].Id}")!.Value);
    }

    [Fact]
    public async Task An_order_that_changed_since_it_was_shown_is_not_overwritten_unseen_and_what_was_typed_stays()
    {
        await rig.OpenAsync();
        Nominee[] nominees = [await rig.NominateAsync(1), await rig.NominateAsync(2), await rig.NominateAsync(3)];
        string shown = string.Join(' ', nominees.Select(nominee => nominee.Id));
        await RankAsync(("shown", shown), ("move", $"up:{nominees[2].Id}"));

        Answer late = await RankAsync(("shown", shown), ($"rank-{nominees[0].Id}", "3"), ($"rank-{nominees[1].Id}", "2"), ($"rank-{nominees[2].Id}", "1"));

        Assert.Equal(409, late.Status);
        Assert.Equal([nominees[0].Id, nominees[2].Id, nominees[1].Id], (await rig.RowsAsync()).Order);
        Assert.Equal("3", late.Page.QuerySelector<IHtmlInputElement>($"#rank-{nominees[0].Id}")!.Value);
        Assert.Equal(302, (await RankAsync(("shown", late.Page.QuerySelector<IHtmlInputElement>("input[name=shown]")!.Value), ("move", $"up:{nominees[2].Id}"))).Status);
    }

    [Fact]
    public async Task Withdrawing_asks_first_and_then_leads_back_to_the_list()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();
        DeskEndpoints desk = rig.Make<DeskEndpoints>();
        HttpRequest request = rig.Request("GET", rig.Session());
        Answer page = await DeskRig.AnswerAsync(request, desk.Withdraw(request, rig.Code.ToString(), DeskRig.Economy, nominee.Id, default));
        Assert.Contains(nominee.Reference, page.Body, StringComparison.Ordinal);

        request = rig.Post();
        Answer done = await DeskRig.AnswerAsync(request, desk.Withdraw(request, rig.Code.ToString(), DeskRig.Economy, nominee.Id, default));

        Assert.Equal($"{DeskRig.DeskPath}?done=withdrawn", done.Location);
    }

    [Fact]
    public async Task After_the_closing_pages_are_read_only()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();
        rig.Clock.Now = DeskRig.ClosesAt;

        Answer list = await ShowDeskAsync(rig.Session());
        Answer step = await ShowStepAsync(nominee.Id, "person");
        Answer check = await ShowStepAsync(nominee.Id, "check");

        Assert.Contains("Nominations are closed.", list.Page.QuerySelector("#closing")!.TextContent, StringComparison.Ordinal);
        Assert.Null(list.Page.QuerySelector("main button"));
        Assert.Equal($"{DeskRig.DeskPath}/nominees/{nominee.Id}/check", step.Location);
        Assert.Null(check.Page.QuerySelector("main button"));
        Assert.DoesNotContain("Change", check.Page.QuerySelector("dl")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("</textarea><script>alert(1)</script>")]
    [InlineData("' onfocus='alert(1)")]
    public async Task Whatever_was_typed_is_text_on_every_page(string payload)
    {
        await rig.OpenAsync();
        TypedNominee hostile = DeskRig.Somebody() with { Name = payload, Position = payload, Organisation = payload, Nationality = payload, Statement = payload, Wishes = payload };
        Outcome<Receipt> outcome = await rig.Get<Nominate>().RunAsync(rig.Call(), "k", hostile, "", default);
        string id = outcome.TryGet(out Receipt? receipt) ? receipt.Nominee.Id : "";

        foreach (string step in (string[])["tasks", "person", "work", "statement", "documents", "check"])
        {
            IHtmlDocument page = (await ShowStepAsync(id, step)).Page;
            Assert.Empty(page.QuerySelectorAll("script, img, [onfocus], [onerror]"));
        }

        Assert.Empty((await ShowDeskAsync(rig.Session())).Page.QuerySelectorAll("script, img"));
    }

    [Fact]
    public async Task A_nominee_or_step_that_is_none_is_not_found()
    {
        await rig.OpenAsync();
        Nominee nominee = await rig.NominateAsync();

        Assert.Equal(404, (await ShowStepAsync("nobody", "person")).Status);
        Assert.Equal(404, (await ShowStepAsync(nominee.Id, "magic")).Status);
        Assert.Equal(404, (await SaveStepAsync("nobody", "person", ("name", "x"))).Status);
    }

    private Task<Answer> ShowDeskAsync(Session? session)
    {
        HttpRequest request = rig.Request("GET", session);
        return DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Show(request, rig.Code.ToString(), DeskRig.Economy, default));
    }

    private Task<Answer> ShowStepAsync(string id, string step)
    {
        HttpRequest request = rig.Request("GET", rig.Session());
        return DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Save(request, rig.Code.ToString(), DeskRig.Economy, id, step, default));
    }

    private Task<Answer> SaveStepAsync(string id, string step, params (string, string)[] form)
    {
        HttpRequest request = rig.Post(form);
        return DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Save(request, rig.Code.ToString(), DeskRig.Economy, id, step, default));
    }

    private Task<Answer> RankAsync(params (string, string)[] form)
    {
        HttpRequest request = rig.Post(form);
        return DeskRig.AnswerAsync(request, rig.Make<DeskEndpoints>().Rank(request, rig.Code.ToString(), DeskRig.Economy, default));
    }
}
