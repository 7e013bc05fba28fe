namespace Azure.Storage.Blobs.Models;

public readonly struct BlobErrorCode : IEquatable<BlobErrorCode>
{
    private readonly string code;

    public BlobErrorCode(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        code = value;
    }

    public static BlobErrorCode AccountAlreadyExists { get; } = new(nameof(AccountAlreadyExists));

    public static BlobErrorCode AccountBeingCreated { get; } = new(nameof(AccountBeingCreated));

    public static BlobErrorCode AccountIsDisabled { get; } = new(nameof(AccountIsDisabled));

    public static BlobErrorCode AppendPositionConditionNotMet { get; } = new(nameof(AppendPositionConditionNotMet));

    public static BlobErrorCode AuthenticationFailed { get; } = new(nameof(AuthenticationFailed));

    public static BlobErrorCode AuthorizationFailure { get; } = new(nameof(AuthorizationFailure));

    public static BlobErrorCode AuthorizationPermissionMismatch { get; } = new(nameof(AuthorizationPermissionMismatch));

    public static BlobErrorCode AuthorizationProtocolMismatch { get; } = new(nameof(AuthorizationProtocolMismatch));

    public static BlobErrorCode AuthorizationResourceTypeMismatch { get; } = new(nameof(AuthorizationResourceTypeMismatch));

    public static BlobErrorCode AuthorizationServiceMismatch { get; } = new(nameof(AuthorizationServiceMismatch));

    public static BlobErrorCode AuthorizationSourceIPMismatch { get; } = new(nameof(AuthorizationSourceIPMismatch));

    public static BlobErrorCode BlobAlreadyExists { get; } = new(nameof(BlobAlreadyExists));

    public static BlobErrorCode BlobArchived { get; } = new(nameof(BlobArchived));

    public static BlobErrorCode BlobBeingRehydrated { get; } = new(nameof(BlobBeingRehydrated));

    public static BlobErrorCode BlobImmutableDueToPolicy { get; } = new(nameof(BlobImmutableDueToPolicy));

    public static BlobErrorCode BlobNotArchived { get; } = new(nameof(BlobNotArchived));

    public static BlobErrorCode BlobNotFound { get; } = new(nameof(BlobNotFound));

    public static BlobErrorCode BlobOverwritten { get; } = new(nameof(BlobOverwritten));

    public static BlobErrorCode BlobTierInadequateForContentLength { get; } = new(nameof(BlobTierInadequateForContentLength));

    public static BlobErrorCode BlobUsesCustomerSpecifiedEncryption { get; } = new(nameof(BlobUsesCustomerSpecifiedEncryption));

    public static BlobErrorCode BlockCountExceedsLimit { get; } = new(nameof(BlockCountExceedsLimit));

    public static BlobErrorCode BlockListTooLong { get; } = new(nameof(BlockListTooLong));

    public static BlobErrorCode CannotChangeToLowerTier { get; } = new(nameof(CannotChangeToLowerTier));

    public static BlobErrorCode CannotVerifyCopySource { get; } = new(nameof(CannotVerifyCopySource));

    public static BlobErrorCode ConditionHeadersNotSupported { get; } = new(nameof(ConditionHeadersNotSupported));

    public static BlobErrorCode ConditionNotMet { get; } = new(nameof(ConditionNotMet));

    public static BlobErrorCode ContainerAlreadyExists { get; } = new(nameof(ContainerAlreadyExists));

    public static BlobErrorCode ContainerBeingDeleted { get; } = new(nameof(ContainerBeingDeleted));

    public static BlobErrorCode ContainerDisabled { get; } = new(nameof(ContainerDisabled));

    public static BlobErrorCode ContainerNotFound { get; } = new(nameof(ContainerNotFound));

    public static BlobErrorCode ContentLengthLargerThanTierLimit { get; } = new(nameof(ContentLengthLargerThanTierLimit));

    public static BlobErrorCode InsufficientAccountPermissions { get; } = new(nameof(InsufficientAccountPermissions));

    public static BlobErrorCode InternalError { get; } = new(nameof(InternalError));

    public static BlobErrorCode InvalidAuthenticationInfo { get; } = new(nameof(InvalidAuthenticationInfo));

    public static BlobErrorCode InvalidBlobOrBlock { get; } = new(nameof(InvalidBlobOrBlock));

    public static BlobErrorCode InvalidBlobType { get; } = new(nameof(InvalidBlobType));

    public static BlobErrorCode InvalidBlockId { get; } = new(nameof(InvalidBlockId));

    public static BlobErrorCode InvalidBlockList { get; } = new(nameof(InvalidBlockList));

    public static BlobErrorCode InvalidHeaderValue { get; } = new(nameof(InvalidHeaderValue));

    public static BlobErrorCode InvalidHttpVerb { get; } = new(nameof(InvalidHttpVerb));

    public static BlobErrorCode InvalidInput { get; } = new(nameof(InvalidInput));

    public static BlobErrorCode InvalidMd5 { get; } = new(nameof(InvalidMd5));

    public static BlobErrorCode InvalidMetadata { get; } = new(nameof(InvalidMetadata));

    public static BlobErrorCode InvalidOperation { get; } = new(nameof(InvalidOperation));

    public static BlobErrorCode InvalidQueryParameterValue { get; } = new(nameof(InvalidQueryParameterValue));

    public static BlobErrorCode InvalidRange { get; } = new(nameof(InvalidRange));

    public static BlobErrorCode InvalidResourceName { get; } = new(nameof(InvalidResourceName));

    public static BlobErrorCode InvalidUri { get; } = new(nameof(InvalidUri));

    public static BlobErrorCode InvalidXmlDocument { get; } = new(nameof(InvalidXmlDocument));

    public static BlobErrorCode InvalidXmlNodeValue { get; } = new(nameof(InvalidXmlNodeValue));

    public static BlobErrorCode LeaseAlreadyPresent { get; } = new(nameof(LeaseAlreadyPresent));

    public static BlobErrorCode LeaseIdMissing { get; } = new(nameof(LeaseIdMissing));

    public static BlobErrorCode LeaseLost { get; } = new(nameof(LeaseLost));

    public static BlobErrorCode Md5Mismatch { get; } = new(nameof(Md5Mismatch));

    public static BlobErrorCode MetadataTooLarge { get; } = new(nameof(MetadataTooLarge));

    public static BlobErrorCode MissingContentLengthHeader { get; } = new(nameof(MissingContentLengthHeader));

    public static BlobErrorCode MissingRequiredHeader { get; } = new(nameof(MissingRequiredHeader));

    public static BlobErrorCode MissingRequiredQueryParameter { get; } = new(nameof(MissingRequiredQueryParameter));

    public static BlobErrorCode MissingRequiredXmlNode { get; } = new(nameof(MissingRequiredXmlNode));

    public static BlobErrorCode MultipleConditionHeadersNotSupported { get; } = new(nameof(MultipleConditionHeadersNotSupported));

    public static BlobErrorCode NoAuthenticationInformation { get; } = new(nameof(NoAuthenticationInformation));

    public static BlobErrorCode OperationTimedOut { get; } = new(nameof(OperationTimedOut));

    public static BlobErrorCode OutOfRangeInput { get; } = new(nameof(OutOfRangeInput));

    public static BlobErrorCode OutOfRangeQueryParameterValue { get; } = new(nameof(OutOfRangeQueryParameterValue));

    public static BlobErrorCode RequestBodyTooLarge { get; } = new(nameof(RequestBodyTooLarge));

    public static BlobErrorCode RequestUrlFailedToParse { get; } = new(nameof(RequestUrlFailedToParse));

    public static BlobErrorCode ResourceAlreadyExists { get; } = new(nameof(ResourceAlreadyExists));

    public static BlobErrorCode ResourceNotFound { get; } = new(nameof(ResourceNotFound));

    public static BlobErrorCode ResourceTypeMismatch { get; } = new(nameof(ResourceTypeMismatch));

    public static BlobErrorCode ServerBusy { get; } = new(nameof(ServerBusy));

    public static BlobErrorCode SnapshotsPresent { get; } = new(nameof(SnapshotsPresent));

    public static BlobErrorCode SourceConditionNotMet { get; } = new(nameof(SourceConditionNotMet));

    public static BlobErrorCode SystemInUse { get; } = new(nameof(SystemInUse));

    public static BlobErrorCode TargetConditionNotMet { get; } = new(nameof(TargetConditionNotMet));

    public static BlobErrorCode UnauthorizedBlobOverwrite { get; } = new(nameof(UnauthorizedBlobOverwrite));

    public static BlobErrorCode UnsupportedHeader { get; } = new(nameof(UnsupportedHeader));

    public static BlobErrorCode UnsupportedHttpVerb { get; } = new(nameof(UnsupportedHttpVerb));

    public static BlobErrorCode UnsupportedQueryParameter { get; } = new(nameof(UnsupportedQueryParameter));

    public static BlobErrorCode UnsupportedXmlNode { get; } = new(nameof(UnsupportedXmlNode));

    public static bool operator ==(BlobErrorCode left, BlobErrorCode right) => left.Equals(right);

    public static bool operator !=(BlobErrorCode left, BlobErrorCode right) => !left.Equals(right);

    public static bool operator ==(BlobErrorCode code, string value) => value != null && code.Equals(value);

    public static bool operator !=(BlobErrorCode code, string value) => !(code == value);

    public static bool operator ==(string value, BlobErrorCode code) => code == value;

    public static bool operator !=(string value, BlobErrorCode code) => !(code == value);

    public static implicit operator BlobErrorCode(string value) => new(value);

    public bool Equals(BlobErrorCode other) => string.Equals(code, other.code, StringComparison.OrdinalIgnoreCase);

    public bool Equals(string value) => value is not null && string.Equals(code, value, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object obj) => obj is BlobErrorCode other && Equals(other);

    public override int GetHashCode() => code is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(code);

    public override string ToString() => code;
}
