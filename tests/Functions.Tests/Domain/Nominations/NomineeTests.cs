using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Nominations;

public sealed class NomineeTests
{
    private static readonly DateTimeOffset Now = new(2023, 7, 10, 9, 0, 0, TimeSpan.Zero);

    private static readonly NomineeEntry Entry = new()
    {
        Name = "Ann",
        Email = "ann@agency.example",
        Nationality = "Fiji",
        Position = "Director",
        Organisation = "Office",
        Sector = "government",
        Statement = "Fits.",
    };

    [Fact]
    public void Submitting_fixes_a_copy_and_a_version()
    {
        Nominee submitted = Submit(Nominee.Start("k7qf2m9xb4td", Entry, Now));

        Assert.Equal((NomineeState.Submitted, 1, Now), (submitted.State, submitted.Sent!.Version, submitted.Sent.FirstAt));
        Assert.False(submitted.HasUnsent([]));
    }

    [Fact]
    public void Submitting_the_same_again_changes_nothing_and_a_change_makes_the_next_version()
    {
        Nominee first = Submit(Nominee.Start("k7qf2m9xb4td", Entry, Now));
        Nominee again = Submit(first, Now.AddDays(1));
        Nominee changed = Submit(first with { Entry = Entry with { Position = "Minister" } }, Now.AddDays(2));

        Assert.Same(first, again);
        Assert.Equal((2, Now, Now.AddDays(2)), (changed.Sent!.Version, changed.Sent.FirstAt, changed.Sent.At));
    }

    [Fact]
    public void Another_document_is_a_change_and_their_order_is_none()
    {
        SentDocument one = new("1", "a.pdf", 1, "aa");
        SentDocument two = new("2", "b.pdf", 1, "bb");
        Outcome<Nominee> outcome = Nominee.Start("k7qf2m9xb4td", Entry, Now).Submit([one, two], Now);
        Assert.True(outcome.TryGet(out Nominee? nominee));

        Assert.False(nominee.HasUnsent(["bb", "aa"]));
        Assert.True(nominee.HasUnsent(["aa"]));
    }

    [Fact]
    public void Words_that_only_move_between_fields_are_another_content() =>
        Assert.NotEqual((Entry with { Position = "AB", Organisation = "C" }).ComputeHash([]), (Entry with { Position = "A", Organisation = "BC" }).ComputeHash([]));

    [Fact]
    public void Everything_missing_is_told_at_once()
    {
        Outcome<Nominee> outcome = Nominee.Start("k7qf2m9xb4td", NomineeEntry.Empty, Now).Submit([], Now);

        Assert.Equal(7, outcome.Refusals.Count);
        Assert.All(outcome.Refusals, refusal => Assert.EndsWith("-missing", refusal.Code, StringComparison.Ordinal));
    }

    [Fact]
    public void A_withdrawn_nomination_cannot_be_saved_or_submitted_again()
    {
        Outcome<Nominee> outcome = Submit(Nominee.Start("k7qf2m9xb4td", Entry, Now)).Withdraw(Now.AddDays(1));
        Assert.True(outcome.TryGet(out Nominee? withdrawn));

        Assert.Equal("nomination-withdrawn-already", withdrawn.Save(Entry, Now).Refusals[0].Code);
        Assert.Equal("nomination-withdrawn-already", withdrawn.Submit([], Now).Refusals[0].Code);
        Assert.True(withdrawn.Withdraw(Now.AddDays(2)).TryGet(out Nominee? again));
        Assert.Equal(Now.AddDays(1), again.WithdrawnAt);
    }

    [Fact]
    public void A_draft_is_not_withdrawn() =>
        Assert.Equal("nomination-not-submitted", Nominee.Start("k7qf2m9xb4td", Entry, Now).Withdraw(Now).Refusals[0].Code);

    [Fact]
    public void The_reference_is_the_id_as_people_write_it()
    {
        string id = Nominee.DrawId();

        Assert.Matches("^[2-9a-hj-np-tv-z]{12}$", id);
        Assert.Equal(id, Nominee.Start(id, Entry, Now).Reference.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant());
    }

    [Fact]
    public void Ten_thousand_ids_are_ten_thousand() =>
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => Nominee.DrawId()).Distinct(StringComparer.Ordinal).Count());

    private static Nominee Submit(Nominee nominee, DateTimeOffset? at = null) =>
        nominee.Submit([], at ?? Now).TryGet(out Nominee? submitted) ? submitted : throw new InvalidOperationException();
}
