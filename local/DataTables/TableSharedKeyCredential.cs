namespace Azure.Data.Tables;

public class TableSharedKeyCredential
{
    private volatile byte[] key;

    public TableSharedKeyCredential(string accountName, string accountKey)
    {
        ArgumentNullException.ThrowIfNull(accountName);
        AccountName = accountName;
        SetAccountKey(accountKey);
    }

    public string AccountName { get; }

    internal byte[] Key => key;

    public void SetAccountKey(string accountKey)
    {
        ArgumentNullException.ThrowIfNull(accountKey);
        key = Convert.FromBase64String(accountKey);
    }
}
