#nullable enable

using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Azure.Core;
using Azure.Storage.Blobs.Models;

namespace Azure.Storage.Blobs.Protocol;

/// <summary>
/// Sends a stream in blocks, a few at a time, and makes them the blob in one step. Block names are this upload's own:
/// of two uploads to one name one wins whole, and never a mixture of both.
/// </summary>
internal sealed class BlockUpload(BlobRest rest, Uri blob, BlobUploadOptions? options)
{
    private const int DefaultBlockSize = 4 * 1024 * 1024;
    private const int DefaultConcurrency = 3;
    private const long DefaultInitialSize = 8 * 1024 * 1024;
    private const int MaximumBlocks = 50_000;

    private readonly Guid upload = Guid.NewGuid();
    private readonly List<string> blocks = [];
    private long sent;

    /// <summary>Set, it is the only condition of the commit; each commit renews it, so that nobody else's version is overwritten.</summary>
    internal ETag? CommitTag { get; set; }

    internal async Task<Response> SendAsync(Stream content, CancellationToken cancellation)
    {
        StorageTransferOptions transfer = options?.TransferOptions ?? default;
        int blockSize = (int)Math.Min(transfer.MaximumTransferSize ?? DefaultBlockSize, int.MaxValue / 2);
        if (content.CanSeek && content.Length - content.Position <= (transfer.InitialTransferSize ?? DefaultInitialSize))
        {
            return await PutAsync(new SeekableContent(content, options?.ProgressHandler), cancellation);
        }

        // After a failure something may still be looking at a rented array, so then it is left to the collector.
        byte[] first = ArrayPool<byte>.Shared.Rent(blockSize);
        int length = await content.ReadAtLeastAsync(first.AsMemory(0, blockSize), blockSize, throwOnEndOfStream: false, cancellation);
        if (length < blockSize)
        {
            Response response = await PutAsync(RequestContent.Create(first.AsMemory(0, length)), cancellation);
            options?.ProgressHandler?.Report(length);
            ArrayPool<byte>.Shared.Return(first);
            return response;
        }

        await StageAllAsync(content, first, blockSize, transfer.MaximumConcurrency ?? DefaultConcurrency, cancellation);
        return await CommitAsync(cancellation);
    }

    internal async Task StageAsync(ReadOnlyMemory<byte> content, string block, CancellationToken cancellation)
    {
        using HttpMessage message = rest.Create(RequestMethod.Put, blob);
        message.Request.Uri.AppendQuery("comp", "block", escapeValue: false);
        message.Request.Uri.AppendQuery("blockid", block, escapeValue: true);
        if (options?.Conditions?.LeaseId is { } lease)
        {
            message.Request.Headers.SetValue("x-ms-lease-id", lease);
        }

        message.Request.Content = RequestContent.Create(content);
        await rest.SendAsync(message, cancellation);
        options?.ProgressHandler?.Report(Interlocked.Add(ref sent, content.Length));
    }

    internal string NextBlock()
    {
        if (blocks.Count == MaximumBlocks)
        {
            throw new RequestFailedException(409, "The block list may not contain more than 50,000 blocks.", "BlockCountExceedsLimit", null);
        }

        Span<byte> name = stackalloc byte[20];
        upload.TryWriteBytes(name);
        BinaryPrimitives.WriteInt32BigEndian(name[16..], blocks.Count);
        string block = Convert.ToBase64String(name);
        blocks.Add(block);
        return block;
    }

    internal async Task<Response> CommitAsync(CancellationToken cancellation)
    {
        StringBuilder list = new("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        foreach (string block in blocks)
        {
            list.Append("<Latest>").Append(block).Append("</Latest>");
        }

        using HttpMessage message = rest.Create(RequestMethod.Put, blob);
        message.Request.Uri.AppendQuery("comp", "blocklist", escapeValue: false);
        message.Request.Headers.SetValue("Content-Type", "application/xml");
        SetProperties(message.Request);
        message.Request.Content = RequestContent.Create(Encoding.UTF8.GetBytes(list.Append("</BlockList>").ToString()));
        Response response = await rest.SendAsync(message, cancellation);
        CommitTag = CommitTag is null ? null : response.Headers.ETag;
        return response;
    }

    private async Task<Response> PutAsync(RequestContent content, CancellationToken cancellation)
    {
        using HttpMessage message = rest.Create(RequestMethod.Put, blob);
        message.Request.Headers.SetValue("x-ms-blob-type", "BlockBlob");
        message.Request.Headers.SetValue("Content-Type", "application/octet-stream");
        SetProperties(message.Request);
        message.Request.Content = content;
        return await rest.SendAsync(message, cancellation);
    }

    private void SetProperties(Request request)
    {
        BlobRest.SetHttpHeaders(request, options?.HttpHeaders);
        BlobRest.SetMetadata(request, options?.Metadata);
        BlobRest.SetConditions(
            request,
            CommitTag is null
                ? options?.Conditions
                : new BlobRequestConditions { IfMatch = CommitTag, LeaseId = options?.Conditions?.LeaseId });
    }

    private async Task StageAllAsync(Stream content, byte[] first, int blockSize, int concurrency, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        List<Task> running = new(concurrency);
        byte[]? buffer = first;
        int length = blockSize;
        try
        {
            while (length > 0)
            {
                running.Add(StageAndReturnAsync(buffer, length, NextBlock(), stop.Token));
                buffer = null;
                if (running.Count >= concurrency)
                {
                    Task done = await Task.WhenAny(running);
                    running.Remove(done);
                    await done;
                }

                buffer = ArrayPool<byte>.Shared.Rent(blockSize);
                length = await content.ReadAtLeastAsync(buffer.AsMemory(0, blockSize), blockSize, throwOnEndOfStream: false, cancellation);
            }

            await Task.WhenAll(running);
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }

        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task StageAndReturnAsync(byte[] buffer, int length, string block, CancellationToken cancellation)
    {
        await StageAsync(buffer.AsMemory(0, length), block, cancellation);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
