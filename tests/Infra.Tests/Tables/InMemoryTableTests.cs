using Plenary.Infra.Tables;
using Plenary.Support;

namespace Plenary.Infra.Tests.Tables;

public sealed class InMemoryTableTests : TableContract
{
    protected override Task<ITable> NewAsync() => Task.FromResult(new InMemoryTables().Get("T"));
}
