using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.Nominations;

public sealed class TypedNomineeTests
{
    [Fact]
    public void Empty_fields_are_no_problem_of_a_draft()
    {
        (NomineeEntry entry, IReadOnlyList<Refusal> problems) = new TypedNominee().Read();

        Assert.Equal(NomineeEntry.Empty, entry);
        Assert.Empty(problems);
    }

    [Fact]
    public void What_was_read_reads_back_as_itself()
    {
        (NomineeEntry entry, _) = new TypedNominee
        {
            Name = "  Nguye\u0302\u0303n  ",
            Email = "ANN@agency.example ",
            Sector = " other ",
            YearsOfExperience = " 12 ",
            Statement = "One\r\nTwo",
        }.Read();

        (NomineeEntry again, IReadOnlyList<Refusal> problems) = TypedNominee.Of(entry).Read();
        Assert.Equal(entry, again);
        Assert.Empty(problems);
        Assert.Equal(("Nguy\u1EC5n", 12, "One\nTwo"), (entry.Name, entry.YearsOfExperience, entry.Statement));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("71")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("\u0661\u0662")]
    [InlineData("99999999999999999999")]
    public void Absurd_years_are_refused(string years)
    {
        (_, IReadOnlyList<Refusal> problems) = new TypedNominee { YearsOfExperience = years }.Read();

        Assert.Equal("yearsOfExperience", Assert.Single(problems).Field);
    }

    [Fact]
    public void Ten_megabytes_of_text_are_refused_quickly()
    {
        (_, IReadOnlyList<Refusal> problems) = new TypedNominee { Statement = new string('x', 10 * 1024 * 1024) }.Read();

        Assert.Equal(("text-too-long", "statement"), (Assert.Single(problems).Code, problems[0].Field));
    }
}
