using Plenary.Domain;
using Plenary.Infra.Tables;
using Plenary.Nominations;

namespace Plenary.Functions.Tests.Nominations;

public sealed class NominationTableTests
{
    private const string Partition = "23-IP-10-GE-WSP-A|lao-pdr";

    [Fact]
    public void Keys_are_what_they_have_always_been()
    {
        ProjectCode code = ProjectCode.Parse("23-IP-10-GE-WSP-A");
        Assert.Equal(Partition, NominationTable.PartitionOf(code, "lao-pdr"));
        Assert.Equal(new RowKey(Partition, "gate"), NominationTable.GateKey(code, "lao-pdr"));
        Assert.Equal(new RowKey(Partition, "nominee-k7qf2m9xb4td"), NominationTable.NomineeKey(Partition, "k7qf2m9xb4td"));
        Assert.Equal(new RowKey(Partition, "rank-007"), NominationTable.RankKey(Partition, 7));
        Assert.Equal(new RowKey(Partition, "mail-ebb18a030bf15174f5714e24d63af1a8"), NominationTable.MailKey(Partition, "A@B.example"));
        Assert.Equal(new RowKey(Partition, "key-a=2Fb=20=7C"), NominationTable.SubmissionKey(Partition, "a/b |"));
        Assert.Equal(new RowKey(Partition, "doc-k7qf2m9xb4td-0af3"), NominationTable.DocumentKey(Partition, "k7qf2m9xb4td", "0af3"));
        Assert.Equal(new RowKey(Partition, "import-2c26b46b"), NominationTable.ImportKey(Partition, "2c26b46b"));
    }

    [Fact]
    public void An_address_is_never_in_a_key()
    {
        string key = NominationTable.MailKey(Partition, "ann@agency.example").Row;
        Assert.DoesNotContain("ann", key, StringComparison.Ordinal);
        Assert.Equal("mail-".Length + 32, key.Length);
    }

    [Fact]
    public async Task Listing_a_project_reads_no_other_project_and_every_economy()
    {
        using DeskRig rig = new();
        await rig.OpenAsync("fiji");
        await rig.OpenAsync("indonesia");
        await rig.NominateAsync(1);
        await rig.NominateAsync(2);

        List<string> economies = [];
        await foreach (DeskRows desk in rig.Desks.ListAsync(rig.Code, default))
        {
            economies.Add($"{desk.Desk.Economy} {desk.Nominees.Count()}");
        }

        Assert.Equal(["fiji 0", "indonesia 2"], economies);
        await foreach (DeskRows desk in rig.Desks.ListAsync(ProjectCode.Parse("23-IP-10-GE-WSP-B"), default))
        {
            Assert.Fail(desk.Partition);
        }
    }
}
