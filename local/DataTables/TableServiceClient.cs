using Azure.Core;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Protocol;
using Plenary.Local.Storage;

namespace Azure.Data.Tables;

public class TableServiceClient
{
    private readonly TableRest rest;

    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    public TableServiceClient(string connectionString, TableClientOptions options = null)
    {
        rest = TableRest.For(connectionString, options);
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options)
    {
        rest = TableRest.For(endpoint, credential, options);
    }

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null)
    {
        rest = TableRest.For(endpoint, tokenCredential, options);
    }

    protected TableServiceClient()
    {
    }

    public virtual string AccountName => rest.AccountName;

    public virtual Uri Uri => rest.Endpoint;

    public static string CreateQueryFilter(FormattableString filter) => QueryFilter.Create(filter);

    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return new TableClient(rest, tableName);
    }

    public virtual async Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        Response response = await rest.CreateTableAsync(tableName, cancellationToken);
        return Response.FromValue(new TableItem(tableName), response);
    }

    public virtual async Task<Response<TableItem>> CreateTableIfNotExistsAsync(
        string tableName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        Response response = await rest.CreateTableIfNotExistsAsync(tableName, cancellationToken);
        return Response.FromValue(new TableItem(tableName), response);
    }

    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return rest.DeleteTableAsync(tableName, cancellationToken);
    }

    public virtual AsyncPageable<TableItem> QueryAsync(
        string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new ContinuedPages<TableItem>(
            (token, size, cancellation) => PageAsync(filter, size, token, cancellation), maxPerPage, cancellationToken);

    private async Task<Page<TableItem>> PageAsync(string filter, int? size, string token, CancellationToken cancellation)
    {
        using HttpMessage message = rest.Create(RequestMethod.Get, "/Tables");
        TableRest.AppendQuery(message, filter, size);
        if (token is not null)
        {
            message.Request.Uri.AppendQuery("NextTableName", token, escapeValue: true);
        }

        Response response = await rest.SendAsync(message, cancellation);
        response.Headers.TryGetValue("x-ms-continuation-NextTableName", out string next);
        List<TableItem> tables = [.. EntityReader.ReadTableNames(response.Content.ToMemory().Span).Select(name => new TableItem(name))];
        return Page<TableItem>.FromValues(tables, next, response);
    }
}
