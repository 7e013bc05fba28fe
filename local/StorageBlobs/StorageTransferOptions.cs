namespace Azure.Storage;

public struct StorageTransferOptions : IEquatable<StorageTransferOptions>
{
    public long? MaximumTransferSize { get; set; }

    public int? MaximumConcurrency { get; set; }

    public long? InitialTransferSize { get; set; }

    public static bool operator ==(StorageTransferOptions left, StorageTransferOptions right) => left.Equals(right);

    public static bool operator !=(StorageTransferOptions left, StorageTransferOptions right) => !left.Equals(right);

    public readonly bool Equals(StorageTransferOptions obj) =>
        MaximumTransferSize == obj.MaximumTransferSize &&
        MaximumConcurrency == obj.MaximumConcurrency &&
        InitialTransferSize == obj.InitialTransferSize;

    public override readonly bool Equals(object obj) => obj is StorageTransferOptions other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(MaximumTransferSize, MaximumConcurrency, InitialTransferSize);
}
