using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Microsoft.IdentityModel.Tokens;

namespace Plenary.Local;

/// <summary>Signs the sign-in's tokens. Kept in storage when there is any, so that all processes on it agree; made when first asked for.</summary>
internal sealed class SigningKey(HostStorage storage) : IDisposable
{
    private const string Partition = "key";
    private const string Name = "signing";

    private readonly SemaphoreSlim gate = new(1, 1);
    private RsaSecurityKey? key;

    public async ValueTask<RsaSecurityKey> GetAsync(CancellationToken cancellation)
    {
        if (key is not null)
        {
            return key;
        }

        await gate.WaitAsync(cancellation);
        try
        {
            return key ??= await LoadAsync(cancellation);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        gate.Dispose();
        key?.Rsa.Dispose();
    }

    private async Task<RsaSecurityKey> LoadAsync(CancellationToken cancellation)
    {
        RSA rsa = RSA.Create(2048);
        if (storage.Table is not null)
        {
            TableClient table = await storage.Table.OpenAsync(cancellation);
            try
            {
                TableEntity row = new(Partition, Name) { ["Key"] = rsa.ExportPkcs8PrivateKey() };
                await table.AddEntityAsync(row, cancellation);
            }
            catch (RequestFailedException conflict) when (conflict.Status == 409)
            {
                TableEntity stored = await table.GetEntityAsync<TableEntity>(Partition, Name, cancellationToken: cancellation);
                rsa.ImportPkcs8PrivateKey(stored.GetBinary("Key"), out _);
            }
        }

        return new RsaSecurityKey(rsa)
        {
            KeyId = Convert.ToHexStringLower(SHA256.HashData(rsa.ExportRSAPublicKey()))[..16],
        };
    }
}
