using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Plenary.Local;

/// <summary>One key for all functions, and the master key that opens everything.</summary>
internal sealed class FunctionKeys
{
    private readonly byte[] function;
    private readonly byte[] master;

    public FunctionKeys(IConfiguration settings)
    {
        string functionKey = settings["Local:FunctionKey"] ?? Make("function");
        string masterKey = settings["Local:MasterKey"] ?? Make("master");
        function = SHA256.HashData(Encoding.UTF8.GetBytes(functionKey));
        master = SHA256.HashData(Encoding.UTF8.GetBytes(masterKey));

        string Make(string name)
        {
            string key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
            Made.Add($"Key ({name}): {key}");
            return key;
        }
    }

    /// <summary>The lines to print for keys that no setting gave.</summary>
    public List<string> Made { get; } = [];

    public bool Open(AuthorizationLevel level, HttpRequest request)
    {
        if (level == AuthorizationLevel.Anonymous)
        {
            return true;
        }

        string? given = request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault();
        if (string.IsNullOrEmpty(given))
        {
            return false;
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(given));
        return CryptographicOperations.FixedTimeEquals(hash, master) ||
            (level != AuthorizationLevel.Admin && CryptographicOperations.FixedTimeEquals(hash, function));
    }
}
