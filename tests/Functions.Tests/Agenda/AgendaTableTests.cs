using Plenary.Agenda;
using Plenary.Infra.Outbox;
using Plenary.Infra.Tables;
using Plenary.Mail;

namespace Plenary.Functions.Tests.Agenda;

public sealed class AgendaTableTests
{
    private static readonly DateTimeOffset Noon = new(2023, 7, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_row_is_keyed_by_its_due_time_and_then_its_id() =>
        Assert.Equal(new RowKey("due", "0638264016000000000|close=7C23-IP-10-GE-WSP-A"), AgendaTable.KeyOf(Noon, "close|23-IP-10-GE-WSP-A"));

    [Fact]
    public void The_same_instant_in_another_zone_has_the_same_key() =>
        Assert.Equal(AgendaTable.KeyOf(Noon, "a"), AgendaTable.KeyOf(Noon.ToOffset(TimeSpan.FromHours(9)), "a"));

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void What_is_due_at_this_very_tick_is_due(long ticksAfter, bool isDue) =>
        Assert.Equal(isDue, AgendaTable.DueBy(Noon).Contains(AgendaTable.KeyOf(Noon.AddTicks(ticksAfter), "zz").Row));

    [Fact]
    public void Owed_messages_come_back_as_they_were_put_in()
    {
        Owed owed = new("send-mail", "mail-1", "{}", Noon);

        Assert.Equal(owed, AgendaTable.FromRow(AgendaTable.ToRow(owed)));
    }

    [Fact]
    public void What_waits_for_nothing_has_no_place_on_the_agenda() =>
        Assert.Throws<ArgumentException>(() => AgendaTable.ToRow(new Owed("q", "id", "{}")));

    [Fact]
    public void Steps_taken_are_keyed_by_ladder_subject_days_and_anchor() =>
        Assert.Equal(
            new RowKey("23-IP-10-GE-WSP-A", "offer|japan=2F7|-2|0638264016000000000"),
            ReminderTable.KeyOf(new ReminderDue("23-IP-10-GE-WSP-A", "offer", "japan/7", -2, Noon.UtcTicks)));

    [Fact]
    public void Intents_are_keyed_by_project_and_id() =>
        Assert.Equal(new RowKey("23-IP-10-GE-WSP-A", "ab12"), MailTable.KeyOf("23-IP-10-GE-WSP-A", "ab12"));

    [Fact]
    public void Markers_are_keyed_by_their_five_minutes_and_place() =>
        Assert.Equal(
            new RowKey("marker", "0638264016000000000|Nominations|P=7Cjapan"),
            OutboxNames.MarkerKey(Noon, OutboxNames.Place("Nominations", "P|japan")));
}
