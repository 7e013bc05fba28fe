namespace Azure.Messaging.ServiceBus;

public class ServiceBusConnectionStringProperties
{
    public Uri Endpoint { get; private set; }

    public string EntityPath { get; private set; }

    public string FullyQualifiedNamespace => Endpoint?.Host ?? string.Empty;

    public string SharedAccessKey { get; private set; }

    public string SharedAccessKeyName { get; private set; }

    public string SharedAccessSignature { get; private set; }

    public static ServiceBusConnectionStringProperties Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        ServiceBusConnectionStringProperties result = new();
        foreach (string part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A key is base64 and may itself hold equals signs, so only the first one divides.
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException("The connection string could not be parsed; either it was malformed or contains no well-known tokens.");
            }

            string value = part[(equals + 1)..].Trim();
            switch (part[..equals].Trim().ToUpperInvariant())
            {
                case "ENDPOINT":
                    result.Endpoint = Uri.TryCreate(value, UriKind.Absolute, out Uri endpoint)
                        ? endpoint
                        : throw new FormatException("The endpoint of the connection string is not an absolute address.");
                    break;
                case "ENTITYPATH":
                    result.EntityPath = value;
                    break;
                case "SHAREDACCESSKEYNAME":
                    result.SharedAccessKeyName = value;
                    break;
                case "SHAREDACCESSKEY":
                    result.SharedAccessKey = value;
                    break;
                case "SHAREDACCESSSIGNATURE":
                    result.SharedAccessSignature = value;
                    break;
                default:
                    break;
            }
        }

        return result.Endpoint is null
            ? throw new ArgumentException("The connection string names no endpoint.", nameof(connectionString))
            : result;
    }
}
