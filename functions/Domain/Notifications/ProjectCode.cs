using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plenary.Domain;

/// <summary>
/// The code of a project, such as <c>23-IP-10-GE-WSP-A</c>: year, programme, number, scope, kind of project, edition.
/// Always upper-case ASCII letters, digits and dashes, so it is safe in URLs, keys and file names.
/// </summary>
[JsonConverter(typeof(ProjectCodeJsonConverter))]
public readonly record struct ProjectCode
{
    /// <summary>The parts in order: what a reader calls them, letters or digits, fewest and most characters.</summary>
    private static readonly (string Name, bool Digits, int Least, int Most)[] Parts =
    [
        ("year", true, 2, 2),
        ("programme", false, 2, 3),
        ("number", true, 2, 3),
        ("scope", false, 2, 4),
        ("kind of project", false, 2, 4),
        ("edition", false, 1, 2),
    ];

    private readonly string? text;

    private ProjectCode(string text) => this.text = text;

    /// <summary>For code that already knows the text is a code: a key read back, a constant.</summary>
    /// <exception cref="FormatException">The text is no project code.</exception>
    public static ProjectCode Parse(string text) =>
        Read(text).TryGet(out ProjectCode code) ? code : throw new FormatException("Not a project code.");

    public static bool TryParse([NotNullWhen(true)] string? text, out ProjectCode code) => Read(text ?? string.Empty).TryGet(out code);

    /// <summary>Accepts lower case and spaces around; refuses with the part that is wrong.</summary>
    public static Outcome<ProjectCode> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();

        // Upper-casing only after the ASCII check below would be the same; the length goes first so that hostile text stays cheap.
        if (trimmed.Length > 40)
        {
            return Refuse("The project code is too long.");
        }

        string[] parts = trimmed.Split('-');
        if (parts.Length != Parts.Length)
        {
            return Refuse($"A project code has {Parts.Length} parts joined by dashes; this has {parts.Length}.");
        }

        for (int i = 0; i < Parts.Length; i++)
        {
            (string name, bool digits, int least, int most) = Parts[i];
            string part = parts[i];
            bool rightCharacters = digits ? part.All(char.IsAsciiDigit) : part.All(char.IsAsciiLetter);
            if (!rightCharacters || part.Length < least || part.Length > most)
            {
                string length = least == most ? $"{least}" : $"{least} to {most}";
                return Refuse($"Part {i + 1} of the project code, the {name}, must be {length} {(digits ? "digits" : "letters from A to Z")}.");
            }
        }

        return new ProjectCode(trimmed.ToUpperInvariant());
    }

    public override string ToString() => text ?? string.Empty;

    private static Refusal Refuse(string reason) =>
        new("project-code-invalid", reason, "code", "Write the code as in 23-IP-10-GE-WSP-A.");

    private sealed class ProjectCodeJsonConverter : JsonConverter<ProjectCode>
    {
        public override ProjectCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString(), out ProjectCode code) ? code : throw new JsonException("Not a project code.");

        public override void Write(Utf8JsonWriter writer, ProjectCode value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
