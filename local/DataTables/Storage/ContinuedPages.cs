#nullable enable

using System.Runtime.CompilerServices;
using Azure;

namespace Plenary.Local.Storage;

/// <summary>Asks for one page after the other, each with the token of the one before, until a page brings none.</summary>
internal sealed class ContinuedPages<T>(
    Func<string?, int?, CancellationToken, Task<Page<T>>> next, int? pageSize, CancellationToken cancellation)
    : AsyncPageable<T>(cancellation)
    where T : notnull
{
    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
        PagesAsync(continuationToken, pageSizeHint ?? pageSize, CancellationToken);

    public override async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource? both = cancellationToken.CanBeCanceled && CancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CancellationToken)
            : null;
        CancellationToken either = both?.Token ?? (cancellationToken.CanBeCanceled ? cancellationToken : CancellationToken);
        await foreach (Page<T> page in PagesAsync(null, pageSize, either))
        {
            foreach (T value in page.Values)
            {
                yield return value;
            }
        }
    }

    private async IAsyncEnumerable<Page<T>> PagesAsync(
        string? token, int? size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            Page<T> page = await next(token, size, cancellationToken);
            yield return page;
            token = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(token));
    }
}
