using System.ComponentModel.DataAnnotations;

namespace Plenary.Shared;

/// <summary>Whose workshop it is.</summary>
public sealed class OrganisationOptions
{
    public const string Section = "Organisation";

    /// <summary>Short, for headers and titles.</summary>
    [Required]
    public required string Name { get; init; }

    [Required]
    public required string FullName { get; init; }

    [Required, EmailAddress]
    public required string ContactAddress { get; init; }

    /// <summary>IANA zone of the secretariat; its pages show times in it.</summary>
    [Required]
    public required string Zone { get; init; }
}
