using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Plenary.Domain;

/// <summary>One row of a sheet, with the texts of its cells by column, 0 for A.</summary>
/// <param name="Number">As a spreadsheet counts: 1 is the first.</param>
public sealed record SheetRow(int Number, IReadOnlyDictionary<int, string> Cells)
{
    public bool IsBlank => Cells.Values.All(string.IsNullOrWhiteSpace);
}

/// <summary>A sheet as it was read: its rows from the top, and the cells that no reader should trust, such as formulas.</summary>
public sealed record TypedSheet(IReadOnlyList<SheetRow> Rows, IReadOnlyList<Refusal> Problems);

/// <summary>A nominee in a row of a sheet.</summary>
public sealed record SheetNominee(int Row, NomineeEntry Entry);

/// <summary>
/// Nominees as a sheet names them, a row each, in order of priority, and everything in it that cannot be used. Columns are told by their
/// headings, so their order does not matter.
/// </summary>
public sealed record NomineeSheet
{
    /// <summary>Two rows for each in one transaction, with what it is booked by, stay under what the store takes.</summary>
    public const int MostNominees = 48;

    private readonly IReadOnlyDictionary<string, int> columns;

    private NomineeSheet(IReadOnlyList<SheetNominee> nominees, IReadOnlyDictionary<string, int> columns, IReadOnlyList<Refusal> problems)
    {
        Nominees = nominees;
        this.columns = columns;
        Problems = problems;
    }

    /// <summary>Fields of a nominee with the headings of a template, in its order; the last are there where the project's rules ask for them.</summary>
    public static IReadOnlyList<(string Field, string Heading)> ColumnsFor(EligibilityRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return
        [
            .. Always,
            .. rules.Age is null ? Array.Empty<(string, string)>() : [("birthDate", "Date of birth")],
            .. rules.LeastQualification is null ? Array.Empty<(string, string)>() : [("qualification", "Highest qualification")],
            .. rules.Course is null ? Array.Empty<(string, string)>() : [("courseCompleted", "Course completed")],
            .. rules.Participation is null ? Array.Empty<(string, string)>() : [("tookPart", "Took part before")],
            ("gender", "Gender"),
        ];
    }

    private static readonly (string Field, string Heading)[] Always =
    [
        ("name", "Name"),
        ("email", "E-mail address"),
        ("nationality", "Nationality"),
        ("position", "Position"),
        ("organisation", "Organisation"),
        ("sector", "Sector"),
        ("yearsOfExperience", "Years of experience"),
        ("statement", "Statement of relevance"),
        ("wishes", "Wishes"),
    ];

    public IReadOnlyList<SheetNominee> Nominees { get; }

    /// <summary>All at once; the field of each is the address of its cell, such as <c>B7</c>.</summary>
    public IReadOnlyList<Refusal> Problems { get; }

    /// <summary>Equal for sheets that say the same of the same people in the same order.</summary>
    public string ContentHash
    {
        get
        {
            string entries = string.Join('|', Nominees.Select(nominee => nominee.Entry.ComputeHash([])));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(entries)).AsSpan(0, 16));
        }
    }

    /// <summary>Such as <c>AB</c> for 27.</summary>
    public static string LettersOf(int column)
    {
        string letters = "";
        for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        {
            letters = (char)('A' + ((rest - 1) % 26)) + letters;
        }

        return letters;
    }

    public static string AddressOf(int column, int row) => string.Create(CultureInfo.InvariantCulture, $"{LettersOf(column)}{row}");

    /// <param name="rules">What the project asks of its nominees; null for nothing.</param>
    public static NomineeSheet Read(TypedSheet sheet, EligibilityRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        rules ??= EligibilityRules.None;
        List<Refusal> problems = [.. sheet.Problems];
        if (sheet.Rows.FirstOrDefault(row => !row.IsBlank) is not { } header)
        {
            problems.Add(new Refusal("sheet-empty", "The sheet is empty.", "A1", "Start from the template: a row of headings, then a row for each nominee."));
            return new NomineeSheet([], new Dictionary<string, int>(), problems);
        }

        Dictionary<string, int> columns = ReadHeader(header, rules, problems);
        SheetRow[] rows = [.. sheet.Rows.Where(row => row.Number > header.Number && !row.IsBlank)];
        if (rows.Length == 0)
        {
            problems.Add(new Refusal("sheet-empty", "There is no nominee below the headings.", AddressOf(0, header.Number + 1), "Add a row for each nominee."));
        }

        if (rows.Length > MostNominees)
        {
            problems.Add(new Refusal(
                "sheet-too-long", $"The sheet has {rows.Length} nominees; one file takes {MostNominees}.", AddressOf(0, rows[MostNominees].Number), "Send the others in a second file, afterwards."));
        }

        // Where a heading is missing, every row would lack the same: once is enough.
        NomineeSheet read = new([.. rows.Take(MostNominees).Select(row => ReadRow(row, columns, rules, problems))], columns, problems);
        read.AddTwins(problems);
        return read;
    }

    /// <summary>A refusal of one nominee's field, as one of the cell it came from.</summary>
    public Refusal At(SheetNominee nominee, Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(nominee);
        ArgumentNullException.ThrowIfNull(refusal);
        return At(AddressOf(columns.GetValueOrDefault(refusal.Field ?? ""), nominee.Row), refusal);
    }

    private static Refusal At(string address, Refusal refusal) => refusal with { Field = address, Reason = $"Cell {address}: {refusal.Reason}" };

    private static Dictionary<string, int> ReadHeader(SheetRow header, EligibilityRules rules, List<Refusal> problems)
    {
        IReadOnlyList<(string Field, string Heading)> known = ColumnsFor(rules);
        Dictionary<string, int> columns = new(StringComparer.Ordinal);
        foreach ((int column, string text) in header.Cells.OrderBy(cell => cell.Key).Where(cell => !string.IsNullOrWhiteSpace(cell.Value)))
        {
            string address = AddressOf(column, header.Number);
            if (known.FirstOrDefault(one => Simplify(one.Heading) == Simplify(text) || Simplify(one.Field) == Simplify(text)).Field is not { } field)
            {
                problems.Add(At(address, new Refusal(
                    "heading-unknown", $"\u201C{Shorten(text)}\u201D is none of the headings.", Remedy: $"Use these: {string.Join(", ", known.Select(one => one.Heading))}.")));
            }
            else if (!columns.TryAdd(field, column))
            {
                problems.Add(At(address, new Refusal("heading-twice", $"The heading \u201C{Shorten(text)}\u201D stands there twice.", Remedy: "Keep one of the two columns.")));
            }
        }

        foreach ((string field, string heading) in known.Where(one => !columns.ContainsKey(one.Field) && one.Field is not ("wishes" or "gender") && (one.Field != "yearsOfExperience" || rules.LeastYears is not null)))
        {
            problems.Add(At(AddressOf(0, header.Number), new Refusal("heading-missing", $"There is no column \u201C{heading}\u201D in this row.", Remedy: "Add it.")));
        }

        return columns;
    }

    private static SheetNominee ReadRow(SheetRow row, Dictionary<string, int> columns, EligibilityRules rules, List<Refusal> problems)
    {
        TypedNominee typed = new()
        {
            Name = Text("name"),
            Email = Text("email"),
            Nationality = Text("nationality"),
            Position = Text("position"),
            Organisation = Text("organisation"),
            Sector = Sectors.All.FirstOrDefault(sector => sector.Words.Equals(Text("sector").Trim(), StringComparison.OrdinalIgnoreCase)).Value ?? Text("sector"),
            YearsOfExperience = Text("yearsOfExperience"),
            BirthDate = Text("birthDate"),
            Qualification = Text("qualification"),
            CourseCompleted = Text("courseCompleted"),
            TookPart = Text("tookPart"),
            Statement = Text("statement"),
            Wishes = Text("wishes"),
            Gender = Genders.All.FirstOrDefault(gender => gender.Words.Equals(Text("gender").Trim(), StringComparison.OrdinalIgnoreCase)).Value ?? Text("gender"),
        };
        (NomineeEntry entry, IReadOnlyList<Refusal> wrong) = typed.Read();
        IEnumerable<Refusal> missing = TypedNominee.FindMissing(entry).Concat(rules.FindMissing(entry)).Where(lack => wrong.All(problem => problem.Field != lack.Field));
        problems.AddRange(wrong.Concat(missing)
            .Where(problem => columns.ContainsKey(problem.Field ?? ""))
            .Select(problem => (Problem: problem, Address: AddressOf(columns[problem.Field ?? ""], row.Number)))
            .Where(found => problems.All(known => known.Field != found.Address || known.Code is not ("cell-formula" or "cell-unreadable")))
            .Select(found => At(found.Address, found.Problem))
            .ToArray());
        return new SheetNominee(row.Number, entry);

        string Text(string field) => columns.TryGetValue(field, out int column) ? row.Cells.GetValueOrDefault(column, "") : "";
    }

    /// <summary>Letters alone, so that <c>E-Mail Address</c> and <c>e-mail address*</c> are the same heading.</summary>
    private static string Simplify(string heading) => string.Concat(heading.Where(char.IsLetter)).ToUpperInvariant();

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "\u2026";

    private void AddTwins(List<Refusal> problems)
    {
        Dictionary<string, int> rows = new(StringComparer.Ordinal);
        foreach (SheetNominee nominee in Nominees.Where(nominee => nominee.Entry.Email.Length > 0))
        {
            string normal = EmailAddress.Parse(nominee.Entry.Email).TryGet(out EmailAddress? address) ? address.Normal : nominee.Entry.Email;
            if (!rows.TryAdd(normal, nominee.Row))
            {
                problems.Add(At(nominee, new Refusal("email-twice", $"Row {rows[normal]} has this e-mail address too.", "email", "Give each nominee an address of their own.")));
            }
        }
    }
}
