#nullable enable

using System.Globalization;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Plenary.Local.Storage;

namespace Azure.Data.Tables.Protocol;

/// <summary>One account's table service: its address, its pipeline, and what all its requests have in common.</summary>
internal sealed class TableRest
{
    private const string Json = "application/json";
    private const string MinimalMetadata = "application/json;odata=minimalmetadata";
    private readonly string version;

    private TableRest(Uri endpoint, string accountName, HttpPipelinePolicy authentication, TableClientOptions? options)
    {
        options ??= new TableClientOptions();
        Endpoint = StorageAddress.Trimmed(endpoint);
        AccountName = accountName;
        version = options.VersionText;
        HttpPipelineOptions pipeline = new(options) { RequestFailedDetailsParser = ODataError.Parser };
        pipeline.PerRetryPolicies.Add(authentication);
        Pipeline = HttpPipelineBuilder.Build(pipeline);
    }

    internal Uri Endpoint { get; }

    internal string AccountName { get; }

    internal HttpPipeline Pipeline { get; }

    internal static TableRest For(string connectionString, TableClientOptions? options)
    {
        StorageConnectionString parsed = StorageConnectionString.Parse(connectionString, "Table", 10002);
        return For(parsed.Endpoint, new TableSharedKeyCredential(parsed.AccountName, parsed.AccountKey), options);
    }

    internal static TableRest For(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new(endpoint, credential.AccountName, new SharedKeyLitePolicy(credential), options);
    }

    internal static TableRest For(Uri endpoint, TokenCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        BearerTokenAuthenticationPolicy bearer = new(credential, "https://storage.azure.com/.default");
        return new(endpoint, StorageAddress.AccountOf(endpoint), bearer, options);
    }

    internal HttpMessage Create(RequestMethod method, string path)
    {
        HttpMessage message = Pipeline.CreateMessage();
        Request request = message.Request;
        request.Method = method;
        request.Uri.Reset(Endpoint);
        request.Uri.AppendPath(path, escape: false);
        request.Headers.SetValue("x-ms-version", version);
        request.Headers.SetValue("DataServiceVersion", "3.0");
        request.Headers.SetValue("Accept", MinimalMetadata);
        return message;
    }

    internal static void SetContent(HttpMessage message, ITableEntity entity)
    {
        PooledBuffer body = new(capacity: 2 * 1024);
        message.Request.Content = body;
        message.Request.Headers.SetValue("Content-Type", Json);
        using Utf8JsonWriter json = new(body, EntityWriter.Options);
        EntityWriter.Write(json, entity);
        json.Flush();
    }

    internal async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellation, int alsoFine = 0)
    {
        await Pipeline.SendAsync(message, cancellation);
        return message.Response.Status < 400 || message.Response.Status == alsoFine
            ? message.Response
            : throw new RequestFailedException(message.Response);
    }

    internal async Task<Response> CreateTableAsync(string name, CancellationToken cancellation, int alsoFine = 0)
    {
        using HttpMessage message = Create(RequestMethod.Post, "/Tables");
        PooledBuffer body = new(capacity: 256);
        message.Request.Content = body;
        message.Request.Headers.SetValue("Content-Type", Json);
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        using (Utf8JsonWriter json = new(body, EntityWriter.Options))
        {
            json.WriteStartObject();
            json.WriteString("TableName", name);
            json.WriteEndObject();
        }

        return await SendAsync(message, cancellation, alsoFine);
    }

    /// <summary>That the table is already there is fine; that it is still being deleted is not.</summary>
    internal async Task<Response> CreateTableIfNotExistsAsync(string name, CancellationToken cancellation)
    {
        Response response = await CreateTableAsync(name, cancellation, alsoFine: 409);
        if (response.Status == 409)
        {
            RequestFailedException conflict = new(response);
            if (conflict.ErrorCode != Models.TableErrorCode.TableAlreadyExists)
            {
                throw conflict;
            }
        }

        return response;
    }

    internal async Task<Response> DeleteTableAsync(string name, CancellationToken cancellation)
    {
        using HttpMessage message = Create(RequestMethod.Delete, $"/Tables('{EntityAddress.Escape(name)}')");
        return await SendAsync(message, cancellation, alsoFine: 404);
    }

    internal static void AppendQuery(HttpMessage message, string? filter, int? top, IEnumerable<string>? select = null)
    {
        if (filter is not null)
        {
            if (Limits.CountComparisons(filter) > Limits.Comparisons)
            {
                throw Limits.TooManyComparisons();
            }

            message.Request.Uri.AppendQuery("$filter", filter, escapeValue: true);
        }

        if (top is { } size)
        {
            message.Request.Uri.AppendQuery("$top", size.ToString(CultureInfo.InvariantCulture), escapeValue: false);
        }

        if (select is not null)
        {
            message.Request.Uri.AppendQuery("$select", string.Join(',', select), escapeValue: true);
        }
    }
}
