using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure.Core;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Protocol;
using Plenary.Local.Storage;

namespace Azure.Data.Tables;

public class TableClient
{
    private readonly TableRest rest;
    private readonly string path;
    private readonly byte[] url;

    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(TableRest.For(connectionString, options), tableName)
    {
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(TableRest.For(endpoint, credential, options), tableName)
    {
    }

    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableRest.For(endpoint, tokenCredential, options), tableName)
    {
    }

    internal TableClient(TableRest rest, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        this.rest = rest;
        Name = tableName;
        path = "/" + Uri.EscapeDataString(tableName);
        Uri = new Uri(rest.Endpoint.AbsoluteUri + path);
        url = Encoding.UTF8.GetBytes(Uri.AbsoluteUri);
    }

    protected TableClient()
    {
    }

    public virtual string Name { get; }

    public virtual string AccountName => rest.AccountName;

    public virtual Uri Uri { get; }

    public static string CreateQueryFilter(FormattableString filter) => QueryFilter.Create(filter);

    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default)
    {
        Response response = await rest.CreateTableAsync(Name, cancellationToken);
        return Response.FromValue(new TableItem(Name), response);
    }

    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        Response response = await rest.CreateTableIfNotExistsAsync(Name, cancellationToken);
        return Response.FromValue(new TableItem(Name), response);
    }

    public virtual Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        rest.DeleteTableAsync(Name, cancellationToken);

    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        ThrowIfWithoutKeys(entity);
        using HttpMessage message = rest.Create(RequestMethod.Post, path);
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        TableRest.SetContent(message, entity);
        return await rest.SendAsync(message, cancellationToken);
    }

    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        using HttpMessage message = Get(partitionKey, rowKey, select);
        Response response = await rest.SendAsync(message, cancellationToken);
        return Response.FromValue(Entity<T>(response), response);
    }

    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        using HttpMessage message = Get(partitionKey, rowKey, select);
        Response response = await rest.SendAsync(message, cancellationToken, alsoFine: 404);
        return response.Status == 404 ? new NoValueResponse<T>(response) : Response.FromValue(Entity<T>(response), response);
    }

    public virtual async Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        ThrowIfWithoutKeys(entity);
        using HttpMessage message = rest.Create(Method(mode), Address(entity.PartitionKey, entity.RowKey));
        TableRest.SetContent(message, entity);
        return await rest.SendAsync(message, cancellationToken);
    }

    public virtual async Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        ThrowIfWithoutKeys(entity);
        if (ifMatch == default)
        {
            throw new ArgumentException("Value cannot be empty.", nameof(ifMatch));
        }

        using HttpMessage message = rest.Create(Method(mode), Address(entity.PartitionKey, entity.RowKey));
        message.Request.Headers.SetValue("If-Match", ifMatch.ToString());
        TableRest.SetContent(message, entity);
        return await rest.SendAsync(message, cancellationToken);
    }

    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        using HttpMessage message = rest.Create(RequestMethod.Delete, Address(partitionKey, rowKey));
        message.Request.Headers.SetValue("If-Match", (ifMatch == default ? ETag.All : ifMatch).ToString());
        return await rest.SendAsync(message, cancellationToken, alsoFine: 404);
    }

    public virtual Task<Response> DeleteEntityAsync(
        ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    public virtual AsyncPageable<T> QueryAsync<T>(
        string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new ContinuedPages<T>(
            (token, size, cancellation) => PageAsync<T>(filter, size, select, token, cancellation), maxPerPage, cancellationToken);

    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        string boundary = Guid.NewGuid().ToString();
        using HttpMessage message = rest.Create(RequestMethod.Post, "/$batch");
        message.Request.Headers.SetValue("Content-Type", "multipart/mixed; boundary=batch_" + boundary);
        message.Request.Content = TransactionBody.Write(transactionActions, boundary, url);
        Response response = await rest.SendAsync(message, cancellationToken);
        List<Response> parts = TransactionAnswer.Read(response.Content.ToMemory().Span, response.ClientRequestId);
        foreach (Response part in parts)
        {
            if (part.IsError)
            {
                throw new TableTransactionFailedException(new RequestFailedException(part, null, ODataError.Parser));
            }
        }

        return Response.FromValue<IReadOnlyList<Response>>(parts, response);
    }

    private static T Entity<T>(Response response)
        where T : class, ITableEntity =>
        EntityReader.ReadOne<T>(
            response.Content.ToMemory().Span, response.Headers.TryGetValue("ETag", out string etag) ? etag : null);

    private static RequestMethod Method(TableUpdateMode mode) => mode switch
    {
        TableUpdateMode.Merge => RequestMethod.Patch,
        TableUpdateMode.Replace => RequestMethod.Put,
        _ => throw new ArgumentException($"Unexpected value for {nameof(mode)}: {mode}", nameof(mode)),
    };

    [SuppressMessage("Usage", "CA2208", Justification = "The official client names the missing key as its parameter.")]
    private static void ThrowIfWithoutKeys<T>(T entity)
        where T : ITableEntity
    {
        if (entity is null)
        {
            throw new ArgumentNullException(nameof(entity));
        }

        if (entity.PartitionKey is null)
        {
            throw new ArgumentNullException(nameof(entity.PartitionKey));
        }

        if (entity.RowKey is null)
        {
            throw new ArgumentNullException(nameof(entity.RowKey));
        }
    }

    private string Address(string partitionKey, string rowKey)
    {
        Limits.CheckAddress(partitionKey, rowKey);
        return $"{path}(PartitionKey='{EntityAddress.Escape(partitionKey)}',RowKey='{EntityAddress.Escape(rowKey)}')";
    }

    private HttpMessage Get(string partitionKey, string rowKey, IEnumerable<string> select)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        HttpMessage message = rest.Create(RequestMethod.Get, Address(partitionKey, rowKey));
        TableRest.AppendQuery(message, null, null, select);
        return message;
    }

    private async Task<Page<T>> PageAsync<T>(
        string filter, int? size, IEnumerable<string> select, string token, CancellationToken cancellation)
        where T : class, ITableEntity
    {
        using HttpMessage message = rest.Create(RequestMethod.Get, path + "()");
        TableRest.AppendQuery(message, string.IsNullOrEmpty(filter) ? null : filter, size, select);
        if (token is { Length: > 1 })
        {
            // The two keys are opaque and hold no space; the second may be missing.
            int space = token.IndexOf(' ', StringComparison.Ordinal);
            string row = space < 0 ? string.Empty : token[(space + 1)..];
            message.Request.Uri.AppendQuery("NextPartitionKey", space < 0 ? token : token[..space], escapeValue: true);
            if (row.Length > 0)
            {
                message.Request.Uri.AppendQuery("NextRowKey", row, escapeValue: true);
            }
        }

        Response response = await rest.SendAsync(message, cancellation);
        bool more = response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out string nextPartition);
        more |= response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out string nextRow);
        return Page<T>.FromValues(
            EntityReader.ReadMany<T>(response.Content.ToMemory().Span), more ? $"{nextPartition} {nextRow}" : null, response);
    }
}
