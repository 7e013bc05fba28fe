using Plenary.Domain;
using Plenary.Notifications;

namespace Plenary.Functions.Tests.Domain.Notifications;

public sealed class EligibilityTextTests
{
    private const string Whole = """
        - Nationality: of the nominating economy
        - Age: 25 to 45
        - Education: at least a bachelor's degree
        - Experience: at least 5 years
        - Prerequisite course: Introduction to Plain Forms
        - Earlier participation: not in this project or 22-IP-10-GE-WSP-A within the last 3 years
        - Documents: passport (valid until the end), Letter of approval
        - Endorsement: by the head of the agency within 5 days
        """;

    [Fact]
    public void The_sample_declares_no_rules_and_says_so_in_no_clause()
    {
        NotificationReading reading = Samples.Read(Samples.Text);

        Assert.Equal(EligibilityRules.None, reading.Notification?.Eligibility);
        Assert.Empty(Samples.Notification.Eligibility.Declared);
    }

    [Fact]
    public void Every_kind_of_rule_is_read_and_said_again_in_words()
    {
        EligibilityRules rules = Read(Whole).Notification!.Eligibility;

        Assert.Equal(
            [
                ("nationality-ineligible", "A national of the economy that nominates."),
                ("age-ineligible", "Aged 25 to 45 on the first day of the project."),
                ("qualification-ineligible", "Holds at least: Bachelor\u2019s degree."),
                ("experience-ineligible", "Has at least 5 years of experience."),
                ("course-ineligible", "Has completed the course \u201CIntroduction to Plain Forms\u201D."),
                ("participation-ineligible", "Has not taken part in this project or 22-IP-10-GE-WSP-A within the 3 years before it begins."),
                ("document-missing", "Document: Passport, valid until the project ends."),
                ("document-missing", "Document: Letter of approval."),
                ("endorsement-missing", "The head of the nominee\u2019s agency endorses the nomination, within 5 days of being asked."),
            ],
            rules.Declared.Select(rule => (rule.Code, rule.Text)));
    }

    [Theory]
    [InlineData("Nationality: Fiji, Japan", "A national of Fiji or Japan.")]
    [InlineData("Age: at most 45", "Aged 45 or less on the first day of the project.")]
    [InlineData("Age limit: 30 or older", "Aged 30 or more on the first day of the project.")]
    [InlineData("Qualification class: master", "Holds at least: Master\u2019s degree.")]
    [InlineData("Seniority: minimum 10 years", "Has at least 10 years of experience.")]
    [InlineData("Earlier participation: not in any project within 2 years", "Has not taken part in any earlier project within the 2 years before it begins.")]
    [InlineData("Previous participation: none in the same project", "Has not taken part in this project before.")]
    [InlineData("Earlier participation: not in 22-IP-10-GE-WSP-A, 21-IP-10-GE-WSP-A", "Has not taken part in 22-IP-10-GE-WSP-A or 21-IP-10-GE-WSP-A before.")]
    public void A_rule_may_be_said_in_several_ways(string line, string words) => Assert.Equal(words, Assert.Single(Read(line).Notification!.Eligibility.Declared).Text);

    [Theory]
    [InlineData("Shoe size: 42")]
    [InlineData("Only good people")]
    [InlineData("Age: under 45")]
    [InlineData("Age: 45 to 25")]
    [InlineData("Experience: some years")]
    [InlineData("Education: clever")]
    [InlineData("Earlier participation: not too much")]
    [InlineData("Earlier participation: not in this project within 99 years")]
    [InlineData("Documents: Passport, passport")]
    [InlineData("Endorsement: please")]
    [InlineData("Endorsement: by the head of the agency within 99 days")]
    [InlineData("Nationality:")]
    [InlineData("Age: at least 25\nAge: at most 45")]
    public void What_cannot_be_read_is_refused_with_the_line_and_how_to_write_it(string lines)
    {
        ReadingProblem problem = Assert.Single(Read(lines).Problems);

        Assert.Equal(("eligibility-unreadable", "eligibility"), (problem.Refusal.Code, problem.Refusal.Field));
        Assert.NotNull(problem.Refusal.Remedy);
    }

    [Fact]
    public void Every_line_that_cannot_be_read_is_named_at_once()
    {
        NotificationReading reading = Read("Age: under 45\nNationality: Atlantis\nExperience: long");

        Assert.Equal(["eligibility-unreadable", "economy-unknown", "eligibility-unreadable"], reading.Problems.Select(problem => problem.Refusal.Code));
        Assert.Null(reading.Notification);
    }

    [Fact]
    public void The_officer_can_add_rules_on_the_draft_and_a_changed_rule_is_a_changed_clause()
    {
        NotificationReading corrected = Samples.Read(Samples.Text).WithCorrections(new Dictionary<string, string> { ["eligibility"] = "Age: 25 to 45" });

        ClauseChange change = Assert.Single(ClauseChanges.Between(Samples.Notification, corrected.Notification!));

        Assert.Equal(("Eligibility", "No rules", "Aged 25 to 45 on the first day of the project."), (change.Clause, change.Before, change.After));
    }

    [Fact]
    public void Rules_are_equal_when_they_ask_the_same()
    {
        Assert.Equal(Read(Whole).Notification!.Eligibility, Read(Whole).Notification!.Eligibility);
        Assert.NotEqual(Read("Age: 25 to 45").Notification!.Eligibility, Read("Age: 25 to 46").Notification!.Eligibility);
    }

    private static NotificationReading Read(string rules)
    {
        string[] lines = Samples.Text.Split('\n');
        int after = Array.FindIndex(lines, line => line.StartsWith("Qualifications\t", StringComparison.Ordinal));
        return Samples.Read(string.Join('\n', [.. lines[..(after + 1)], $"Eligibility\t{rules}", .. lines[(after + 1)..]]));
    }
}
