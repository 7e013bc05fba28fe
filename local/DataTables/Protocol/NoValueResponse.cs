#nullable enable

namespace Azure.Data.Tables.Protocol;

internal sealed class NoValueResponse<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException("The response has no value: ask HasValue first.");

    public override Response GetRawResponse() => response;
}
