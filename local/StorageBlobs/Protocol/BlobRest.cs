#nullable enable

using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs.Models;
using Plenary.Local.Storage;

namespace Azure.Storage.Blobs.Protocol;

/// <summary>One account's blob service: its pipeline, and what all its requests have in common.</summary>
internal sealed class BlobRest
{
    private readonly string version;

    private BlobRest(string accountName, HttpPipelinePolicy authentication, BlobClientOptions? options)
    {
        options ??= new BlobClientOptions();
        AccountName = accountName;
        version = options.VersionText;
        MaxResumptions = Math.Max(1, options.Retry.MaxRetries);
        HttpPipelineOptions pipeline = new(options) { RequestFailedDetailsParser = StorageError.Parser };
        pipeline.PerRetryPolicies.Add(authentication);
        Pipeline = HttpPipelineBuilder.Build(pipeline);
    }

    internal string AccountName { get; }

    internal HttpPipeline Pipeline { get; }

    /// <summary>How often a download that broke off is taken up again.</summary>
    internal int MaxResumptions { get; }

    internal static (BlobRest Service, Uri Endpoint) For(string connectionString, BlobClientOptions? options)
    {
        StorageConnectionString parsed = StorageConnectionString.Parse(connectionString, "Blob", 10000);
        StorageSharedKeyCredential credential = new(parsed.AccountName, parsed.AccountKey);
        return (For(parsed.Endpoint, credential, options), StorageAddress.Trimmed(parsed.Endpoint));
    }

    internal static BlobRest For(Uri endpoint, StorageSharedKeyCredential credential, BlobClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new(credential.AccountName, new SharedKeyPolicy(credential), options);
    }

    internal static BlobRest For(Uri endpoint, TokenCredential credential, BlobClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new(
            StorageAddress.AccountOf(endpoint),
            new BearerTokenAuthenticationPolicy(credential, "https://storage.azure.com/.default"),
            options);
    }

    internal HttpMessage Create(RequestMethod method, Uri resource)
    {
        HttpMessage message = Pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(resource);
        message.Request.Headers.SetValue("x-ms-version", version);
        message.Request.Headers.SetValue("Accept", "application/xml");
        return message;
    }

    internal async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellation, params int[] alsoFine)
    {
        await Pipeline.SendAsync(message, cancellation);
        return message.Response.Status < 400 || alsoFine.Contains(message.Response.Status)
            ? message.Response
            : throw new RequestFailedException(message.Response);
    }

    internal static void SetConditions(Request request, BlobRequestConditions? conditions)
    {
        if (conditions is null)
        {
            return;
        }

        Set("If-Match", conditions.IfMatch?.ToString("H"));
        Set("If-None-Match", conditions.IfNoneMatch?.ToString("H"));
        Set("If-Modified-Since", conditions.IfModifiedSince?.ToString("r", CultureInfo.InvariantCulture));
        Set("If-Unmodified-Since", conditions.IfUnmodifiedSince?.ToString("r", CultureInfo.InvariantCulture));
        Set("x-ms-lease-id", conditions.LeaseId);
        Set("x-ms-if-tags", conditions.TagConditions);

        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                request.Headers.SetValue(name, value);
            }
        }
    }

    internal static void SetMetadata(Request request, IDictionary<string, string>? metadata)
    {
        foreach ((string name, string value) in metadata ?? new Dictionary<string, string>())
        {
            request.Headers.SetValue("x-ms-meta-" + name, value);
        }
    }

    internal static void SetHttpHeaders(Request request, BlobHttpHeaders? headers)
    {
        if (headers is null)
        {
            return;
        }

        Set("x-ms-blob-content-type", headers.ContentType);
        Set("x-ms-blob-content-encoding", headers.ContentEncoding);
        Set("x-ms-blob-content-language", headers.ContentLanguage);
        Set("x-ms-blob-content-disposition", headers.ContentDisposition);
        Set("x-ms-blob-cache-control", headers.CacheControl);
        Set("x-ms-blob-content-md5", headers.ContentHash is null ? null : Convert.ToBase64String(headers.ContentHash));

        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                request.Headers.SetValue(name, value);
            }
        }
    }
}
