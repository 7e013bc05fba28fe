using Plenary.Domain;
using Plenary.Selection;

namespace Plenary.Functions.Tests.Selection;

public sealed class PreviewSelectionTests
{
    [Fact]
    public async Task Fewer_places_name_who_is_out_and_nothing_is_written()
    {
        SelectionRig rig = new();
        await rig.ApproveAsync();
        string before = await rig.World.DumpAsync();

        SelectionPreview preview = await PreviewAsync(rig, ("overseasPlaces", "36"));

        SelectionMove[] lost = [.. preview.Moves.Where(move => move.LosesPlace)];
        Assert.Equal([37, 38], lost.Select(move => move.Before!.Order).Order());
        Assert.All(lost, move => Assert.StartsWith("Person ", preview.People[move.NominationId].Name, StringComparison.Ordinal));
        Assert.DoesNotContain(preview.Moves, move => move.GainsPlace);
        Assert.Equal((38, 36), (preview.Before.Overseas.Selected, preview.After.Overseas.Selected));
        Assert.Equal(before, await rig.World.DumpAsync());
    }

    [Fact]
    public async Task A_maximum_moves_one_in_for_each_it_moves_out_where_others_wait()
    {
        SelectionRig rig = new(overseas: 38, economies: 20, each: 4);

        SelectionPreview preview = await PreviewAsync(rig, ("overseasPlaces", "60"), ("perEconomyMaximum", "3"));

        Assert.Equal(57, preview.After.Overseas.Selected);
        Assert.Equal(19, preview.Moves.Count(move => move.GainsPlace));
        SelectionMove last = Assert.Single(preview.Moves, move => move.LosesPlace);
        Assert.Equal(("indonesia/indonesia04", SelectionReason.OverEconomyMaximum), (last.NominationId, last.After?.ReasonCode));
    }

    [Fact]
    public async Task Places_that_may_flow_go_to_the_pools_first_alternates()
    {
        SelectionRig rig = new();

        SelectionPreview preview = await PreviewAsync(rig, ("flow", "local-to-overseas"));

        Assert.Equal(Enumerable.Range(1, 8), preview.Moves.Where(move => move.GainsPlace).Select(move => move.Before!.Order).Order());
        Assert.Equal(8, preview.After.Overseas.FlowedIn);
    }

    [Fact]
    public async Task Without_a_change_nobody_moves()
    {
        SelectionRig rig = new();
        await rig.ApproveAsync();

        SelectionPreview preview = await PreviewAsync(rig);

        Assert.Empty(preview.Moves);
        Assert.Equal("38", preview.Fields["overseasPlaces"]);
        Assert.Equal("none", preview.Fields["flow"]);
    }

    [Fact]
    public async Task Whoever_withdrew_since_the_list_was_made_shows_as_out_and_the_next_as_in()
    {
        SelectionRig rig = new();
        await rig.ApproveAsync();
        rig.World.Nominations.All.RemoveAll(nomination => nomination.Id == "fiji01");

        SelectionPreview preview = await PreviewAsync(rig);

        Assert.Equal("fiji/fiji01", Assert.Single(preview.Moves, move => move.LosesPlace).NominationId);
        Assert.Single(preview.Moves, move => move.GainsPlace);
    }

    [Fact]
    public async Task All_that_cannot_be_read_is_said_at_once_and_what_was_typed_stays()
    {
        SelectionRig rig = new();

        SelectionPreview preview = await PreviewAsync(rig, ("overseasPlaces", "many"), ("localPlaces", "-1"), ("flow", "uphill"), ("perEconomyMaximum", "99999"));

        Assert.Equal(["flow", "localPlaces", "overseasPlaces", "perEconomyMaximum"], preview.Refusals.Select(refusal => refusal.Field).Order(StringComparer.Ordinal));
        Assert.Equal("many", preview.Fields["overseasPlaces"]);
        Assert.Empty(preview.Moves);
    }

    [Fact]
    public async Task A_minimum_above_the_maximum_is_refused()
    {
        SelectionRig rig = new();

        SelectionPreview preview = await PreviewAsync(rig, ("perEconomyMaximum", "2"), ("perEconomyMinimum", "3"));

        Assert.Equal("economy-minimum-invalid", Assert.Single(preview.Refusals).Code);
    }

    [Fact]
    public async Task Of_an_unknown_project_there_is_no_preview()
    {
        SelectionRig rig = new();

        Assert.Null(await rig.Whole.Preview.RunAsync(ProjectCode.Parse("99-XX-99-XX-XX-X"), new Dictionary<string, string>(), default));
    }

    private static async Task<SelectionPreview> PreviewAsync(SelectionRig rig, params (string Field, string Text)[] fields) =>
        Assert.IsType<SelectionPreview>(await rig.Whole.Preview.RunAsync(rig.Project.Code, fields.ToDictionary(field => field.Field, field => field.Text), default));
}
