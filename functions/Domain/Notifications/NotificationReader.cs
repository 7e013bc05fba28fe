using System.Globalization;
using System.Text;

namespace Plenary.Domain;

/// <summary>Turns the texts of fields into what they mean, and collects what stands in the way.</summary>
internal sealed class NotificationReader(IReadOnlyList<Economy> economies, Func<string, CleanedHtml> cleanHtml)
{
    private const int MostCharactersOneLine = 2_000;
    private const int MostCharactersLong = 100_000;
    private const int MostListItems = 200;

    private readonly EconomyNames names = new(economies);

    internal static bool IsNotApplicable(string text) =>
        PlainText.Fold(text) is "not applicable" or "n a" or "na" or "none" or "nil" || text.Trim() is "-" or "–" or "—" or "--" or "/";

    /// <summary>For a text that is not looked into.</summary>
    internal NotificationReading Refuse(string code, string reason, string remedy, int? line = null)
    {
        ReadField[] fields = [.. NotificationFields.All.Select(static field => new ReadField(field, null, null, string.Empty, null, [], [], false))];
        NotificationLayout layout = NotificationLayout.Empty with { Problems = [new ReadingProblem(new Refusal(code, reason, "text", remedy), line)] };
        return new NotificationReading(this, layout, new Dictionary<string, string>(), fields, layout.Problems, null);
    }

    internal NotificationReading Read(NotificationLayout layout, IReadOnlyDictionary<string, string> corrections)
    {
        List<ReadingProblem> whole = [];
        foreach (ReadingProblem problem in layout.Problems)
        {
            // A field that the officer has written anew no longer depends on which of two lines counts.
            if (problem.Refusal.Field is not { } name || !corrections.ContainsKey(name))
            {
                whole.Add(problem);
            }
        }

        foreach (string name in corrections.Keys.Where(static name => NotificationFields.All.All(field => field.Name != name)).Order(StringComparer.Ordinal))
        {
            whole.Add(new ReadingProblem(new Refusal("field-unknown", $"There is no field \"{PlainText.Shorten(name)}\".", "text", "Take the correction out."), null));
        }

        Dictionary<string, Work> works = new(StringComparer.Ordinal);
        foreach (NotificationField field in NotificationFields.All)
        {
            works[field.Name] = Open(field, layout, corrections);
        }

        Draft draft = ReadAll(works);
        ReadField[] fields = [.. NotificationFields.All.Select(field => works[field.Name].ToField())];
        ReadingProblem[] problems = [.. whole, .. fields.SelectMany(static field => field.Problems)];

        return new NotificationReading(this, layout, corrections, fields, problems, problems.Length == 0 ? draft.ToNotification() : null);
    }

    private static Work Open(NotificationField field, NotificationLayout layout, IReadOnlyDictionary<string, string> corrections)
    {
        if (corrections.TryGetValue(field.Name, out string? corrected))
        {
            Work work = new(field, corrected, null, null, true);
            if (corrected.Length > MostCharactersLong)
            {
                work.Refuse("field-too-long", $"The text is too long: {corrected.Length} characters, and {MostCharactersLong} are allowed.", "Shorten the text.");
            }
            else if (PlainText.FindDamage(corrected) is var (reason, _))
            {
                work.Refuse("field-not-text", $"{reason}.", "Write the text again.");
            }
            else
            {
                work.Text = PlainText.Normalize(corrected).Trim();
            }

            return work.Check();
        }

        return layout.Values.TryGetValue(field.Name, out NotificationLayout.Value? value)
            ? new Work(field, value.Raw, value.FirstLine, value.LastLine, false) { Text = value.Raw.Trim() }.Check()
            : new Work(field, string.Empty, null, null, false).Check();
    }

    private Draft ReadAll(Dictionary<string, Work> works)
    {
        Draft draft = new();
        draft.Reference = works[NotificationFields.Reference].Line();
        works[NotificationFields.IssuedOn].Read(text => DateText.Read(text, NotificationFields.IssuedOn), DateText.Display, date => draft.IssuedOn = date);
        works[NotificationFields.Code].Read(ProjectCode.Read, static code => code.ToString(), code => draft.Code = code);
        draft.Title = works[NotificationFields.Title].Line() ?? string.Empty;
        works[NotificationFields.Timing].Read(
            text => DateText.ReadRange(text, NotificationFields.Timing),
            static range => range.First == range.Last ? DateText.Display(range.First) : $"{DateText.Display(range.First)} to {DateText.Display(range.Last)}",
            range => (draft.StartsOn, draft.EndsOn) = range);
        works[NotificationFields.HostEconomies].ReadUnlessNotApplicable(
            text => names.ReadList(text, NotificationFields.HostEconomies), Names, found => draft.HostEconomies = Ids(found));
        draft.Venues = works[NotificationFields.Venues].List();
        works[NotificationFields.Modality].Read<Modality>(static text => ReadModality(text), static modality => $"{KindName(modality.Kind)} (\"{modality.AsWritten}\")", modality => draft.Modality = modality);
        draft.ImplementingOrganizations = ReadOrganizations(works[NotificationFields.ImplementingOrganizations]);
        works[NotificationFields.Participating].Read(ReadParticipating, Display, participating => draft.Participating = participating);
        works[NotificationFields.Overseas].Read(static text => PlacesText.Read(text, NotificationFields.Overseas), Display, places => draft.Overseas = places);
        works[NotificationFields.Local].Read(static text => PlacesText.Read(text, NotificationFields.Local), Display, places => draft.Local = places);
        ReadPerEconomy(works, draft);
        works[NotificationFields.ClosingOn].Read(text => DateText.Read(text, NotificationFields.ClosingOn), DateText.Display, date => draft.ClosingOn = date);
        draft.Remarks = works[NotificationFields.Remarks].Line();
        draft.Objectives = works[NotificationFields.Objectives].List();
        draft.Rationale = works[NotificationFields.Rationale].Paragraphs() ?? string.Empty;
        draft.BackgroundHtml = ReadBackground(works[NotificationFields.Background]);
        draft.Topics = works[NotificationFields.Topics].List();
        draft.Outcomes = works[NotificationFields.Outcomes].List();
        draft.Qualifications = works[NotificationFields.Qualifications].Paragraphs() ?? string.Empty;
        works[NotificationFields.Eligibility].ReadUnlessNotApplicable(
            text => EligibilityText.Read(text, names), static rules => string.Join(' ', rules.Declared.Select(static rule => rule.Text)), rules => draft.Eligibility = rules);
        draft.Signatory = works[NotificationFields.Signatory].Line();
        draft.SignatoryTitle = works[NotificationFields.SignatoryTitle].Line();

        // Whether the date of issue may come after the closing depends on what was issued before, which only publishing knows.
        foreach (Refusal refusal in ScheduleRules.Check(issuedOn: null, draft.ClosingOn, draft.StartsOn, draft.EndsOn))
        {
            works[refusal.Field ?? NotificationFields.Timing].Refuse(refusal.Code, refusal.Reason, refusal.Remedy);
        }

        return draft;
    }

    private static Outcome<Modality> ReadModality(string text)
    {
        string written = PlainText.OneLine(text);
        ModalityKind kind = PlainText.Fold(written) switch
        {
            "online" or "on line" or "virtual" or "digital" or "online session" or "online sessions" => ModalityKind.Online,
            "face to face" or "in person" or "onsite" or "on site" or "physical" or "f2f" => ModalityKind.FaceToFace,
            "hybrid" or "blended" => ModalityKind.Hybrid,
            "digital multicountry" or "digital multi country" or "dmc" => ModalityKind.DigitalMultiCountry,
            _ => ModalityKind.Other,
        };
        return new Modality(kind, written);
    }

    private static string KindName(ModalityKind kind) => kind switch
    {
        ModalityKind.Online => "Online",
        ModalityKind.FaceToFace => "Face to face",
        ModalityKind.Hybrid => "Hybrid",
        ModalityKind.DigitalMultiCountry => "Digital multi-country",
        _ => "Another modality; lead times of a project held in person",
    };

    /// <summary>"and" may belong to a ministry's name, so only a secretariat after it is taken for another organisation.</summary>
    private static List<string> ReadOrganizations(Work work)
    {
        List<string> organizations = [];
        foreach (string item in work.Items())
        {
            int and = item.LastIndexOf(" and ", StringComparison.OrdinalIgnoreCase);
            if (and > 0 && PlainText.Fold(item[(and + 5)..]).EndsWith("secretariat", StringComparison.Ordinal))
            {
                organizations.Add(item[..and].TrimEnd(' ', ','));
                organizations.Add(item[(and + 5)..].Trim());
                continue;
            }

            organizations.Add(item);
            if (and > 0)
            {
                work.Note($"\"{PlainText.Shorten(item)}\" was read as one organisation. Put a semicolon between two.");
            }
        }

        work.Understand(organizations);
        return organizations;
    }

    private Outcome<ParticipatingEconomies> ReadParticipating(string text)
    {
        string line = WithoutPerEconomy(PlainText.OneLine(text));
        (string included, string? excepted) = SplitExcept(line);
        string[] except = [];
        if (excepted is not null)
        {
            Outcome<Economy[]> read = names.ReadList(excepted, NotificationFields.Participating);
            if (!read.TryGet(out Economy[]? found))
            {
                return Outcome<ParticipatingEconomies>.Refused(read.Refusals);
            }

            except = Ids(found);
        }

        string[] words = PlainText.Fold(included).Split(' ');
        bool isAll = words[0] == "all" && words.Skip(1).All(static word =>
            word is "apo" or "member" or "members" or "country" or "countries" or "economy" or "economies" or "participating" or "eligible" or "the" or "of" or "other");
        if (isAll)
        {
            return new ParticipatingEconomies(true, [], except);
        }

        Outcome<Economy[]> named = names.ReadList(included, NotificationFields.Participating);
        return named.TryGet(out Economy[]? economies)
            ? new ParticipatingEconomies(false, Ids(economies), except)
            : Outcome<ParticipatingEconomies>.Refused(named.Refusals);
    }

    /// <summary>Takes out a remark in brackets such as "(two per economy)", which is read on its own.</summary>
    private static string WithoutPerEconomy(string line)
    {
        int open = line.IndexOf('(', StringComparison.Ordinal);
        int close = open < 0 ? -1 : line.IndexOf(')', open);
        return close > open && PlacesText.PerEconomy(line[open..close]) is not null ? $"{line[..open]} {line[(close + 1)..]}".Trim() : line;
    }

    private static (string Included, string? Excepted) SplitExcept(string line)
    {
        string[] phrases = ["with the exception of", "except for", "except", "excluding", "other than", "apart from"];
        foreach (string phrase in phrases)
        {
            int at = line.IndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                return (line[..at].TrimEnd(' ', ',', ';', '('), line[(at + phrase.Length)..].Trim(' ', ':', ')', '.'));
            }
        }

        return (line, null);
    }

    private static void ReadPerEconomy(Dictionary<string, Work> works, Draft draft)
    {
        Work own = works[NotificationFields.PerEconomyMaximum];
        if (own.Text.Length > 0)
        {
            own.ReadUnlessNotApplicable(ReadOwn, static places => Display(places), places => draft.PerEconomyMaximum = places.Count);
            return;
        }

        string[] places = [NotificationFields.Overseas, NotificationFields.Participating, NotificationFields.Remarks, NotificationFields.Qualifications];
        (string Name, int Number)[] hints = [.. places
            .Select(name => (Name: name, Number: works[name].IsSound ? PlacesText.PerEconomy(works[name].Text) : null))
            .Where(static hint => hint.Number is not null)
            .Select(static hint => (hint.Name, hint.Number ?? 0))];
        if (hints.Select(static hint => hint.Number).Distinct().Count() > 1)
        {
            string said = string.Join(", ", hints.Select(hint => $"{hint.Number} under {NotificationFields.Named(hint.Name).Label}"));
            own.Refuse("places-unclear", $"The places per economy disagree: {said}.", "Write the right number here.");
        }
        else if (hints.Length > 0)
        {
            draft.PerEconomyMaximum = hints[0].Number;
            own.Understood = hints[0].Number.ToString(CultureInfo.InvariantCulture);
            own.Note($"Taken from {NotificationFields.Named(hints[0].Name).Label}.");
        }
    }

    private static Outcome<Places> ReadOwn(string text) =>
        PlacesText.PerEconomy(text) is { } number ? new Places(number, true, text) : PlacesText.Read(text, NotificationFields.PerEconomyMaximum);

    private string ReadBackground(Work work)
    {
        if (!work.IsSound || work.Text.Length == 0)
        {
            return string.Empty;
        }

        CleanedHtml cleaned = cleanHtml(FindMarkup(work.Text) is null ? ToHtml(work.Text) : work.Text);
        foreach (string removed in cleaned.Removed)
        {
            work.Note($"Taken out of the HTML: {removed}.");
        }

        if (IsBlank(cleaned.Html))
        {
            work.Refuse("field-missing", "Nothing is left of the text after unsafe HTML was taken out.", "Write the text without HTML.");
            return string.Empty;
        }

        work.Understood = cleaned.Html;
        return cleaned.Html;
    }

    private static string ToHtml(string text)
    {
        StringBuilder html = new(text.Length + 64);
        foreach (string paragraph in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string escaped = PlainText.OneLine(paragraph)
                .Replace("<", "&lt;", StringComparison.Ordinal)
                .Replace(">", "&gt;", StringComparison.Ordinal);
            html.Append("<p>").Append(escaped).Append("</p>\n");
        }

        return html.ToString().TrimEnd();
    }

    private static bool IsBlank(string html)
    {
        bool isInTag = false;
        foreach (char c in html)
        {
            isInTag = c == '<' || (isInTag && c != '>');
            if (!isInTag && c != '>' && !char.IsWhiteSpace(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where a tag or comment begins; a lone "less than" is none.</summary>
    private static int? FindMarkup(string text)
    {
        for (int i = text.IndexOf('<', StringComparison.Ordinal); i >= 0 && i + 1 < text.Length; i = text.IndexOf('<', i + 1))
        {
            if (char.IsAsciiLetter(text[i + 1]) || text[i + 1] is '/' or '!' or '?')
            {
                return i;
            }
        }

        return null;
    }

    private static string[] Ids(IEnumerable<Economy> found) => [.. found.Select(static economy => economy.Id)];

    private static string Names(Economy[] found) => string.Join("; ", found.Select(static economy => economy.Name));

    private string Display(ParticipatingEconomies participating)
    {
        string Name(string id) => economies.First(economy => economy.Id == id).Name;
        string who = participating.All ? "All member economies" : string.Join("; ", participating.Named.Select(Name));
        return participating.Except.Count == 0 ? who : $"{who}, except {string.Join("; ", participating.Except.Select(Name))}";
    }

    private static string Display(Places places) => (places.IsUpTo ? "up to " : string.Empty) + places.Count.ToString(CultureInfo.InvariantCulture);

    /// <summary>One field while it is read.</summary>
    private sealed class Work(NotificationField field, string raw, int? firstLine, int? lastLine, bool isCorrected)
    {
        private readonly List<ReadingProblem> problems = [];
        private readonly List<string> notes = [];

        /// <summary>Normalised; empty when missing or when it may not be read.</summary>
        public string Text { get; set; } = string.Empty;

        public string? Understood { get; set; }

        /// <summary>Nothing is wrong so far, so its text may be looked into.</summary>
        public bool IsSound => problems.Count == 0;

        public void Note(string note) => notes.Add(note);

        public void Refuse(string code, string reason, string? remedy, int lineInField = 0) =>
            problems.Add(new ReadingProblem(new Refusal(code, reason, field.Name, remedy), firstLine + lineInField));

        /// <summary>What holds for every field: it is there if it must be, not too long, free of forbidden characters and stray markup.</summary>
        public Work Check()
        {
            if (!IsSound)
            {
                return this;
            }

            Text = Text.StartsWith("**", StringComparison.Ordinal) && Text.EndsWith("**", StringComparison.Ordinal) && Text.Length > 4 ? Text[2..^2].Trim() : Text;
            if (Text.Length == 0 && field.IsRequired)
            {
                Refuse("field-missing", $"\"{field.Label}\" is missing.", "Add the line to the text, or fill the field in here.");
            }

            int most = field.IsLong ? MostCharactersLong : MostCharactersOneLine;
            if (Text.Length > most)
            {
                Refuse("field-too-long", $"\"{field.Label}\" is too long: {Text.Length} characters, and {most} are allowed.", "Shorten the text.");
            }

            if (PlainText.FindForbidden(Text, !field.IsLong) is { } forbidden)
            {
                int line = Text.AsSpan(0, forbidden).Count('\n');
                int position = forbidden - (forbidden == 0 ? -1 : Text.LastIndexOf('\n', forbidden - 1));
                string where = line == 0 ? $"character {position}" : $"character {position} of its line {line + 1}";
                Refuse(
                    "character-refused",
                    $"\"{field.Label}\" holds the invisible character U+{(int)Text[forbidden]:X4} at {where}.",
                    "Take the character out; writing the field again by hand is the surest way.",
                    line);
            }

            if (field.Name != NotificationFields.Background && FindMarkup(Text) is { } markup)
            {
                Refuse(
                    "markup-refused",
                    $"\"{field.Label}\" holds HTML: \"{PlainText.Shorten(Text[markup..Math.Min(Text.Length, markup + 80)], 40)}\". Only the background may.",
                    "Take the tags out.",
                    Text.AsSpan(0, markup).Count('\n'));
            }

            return this;
        }

        public void Read<T>(Func<string, Outcome<T>> read, Func<T, string> display, Action<T> take)
        {
            if (!IsSound || Text.Length == 0)
            {
                return;
            }

            Outcome<T> outcome = read(Text);
            if (outcome.TryGet(out T? value))
            {
                Understood = display(value);
                take(value);
            }
            else
            {
                problems.AddRange(outcome.Refusals.Select(refusal => new ReadingProblem(refusal with { Field = field.Name }, firstLine)));
            }
        }

        public void ReadUnlessNotApplicable<T>(Func<string, Outcome<T>> read, Func<T, string> display, Action<T> take)
        {
            if (IsSound && IsNotApplicable(Text))
            {
                Understood = "None";
                return;
            }

            Read(read, display, take);
        }

        /// <summary>One line, or null when there is none or it is not applicable.</summary>
        public string? Line() => Take(PlainText.OneLine);

        /// <summary>Paragraphs with one blank line between them.</summary>
        public string? Paragraphs() => Take(static text =>
            string.Join("\n\n", text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(PlainText.OneLine).Where(static line => line.Length > 0)));

        public List<string> List()
        {
            List<string> items = Items();
            if (items.Count > MostListItems)
            {
                Refuse("list-too-long", $"\"{field.Label}\" has {items.Count} items, and {MostListItems} are allowed.", "Bring items together.");
                return [];
            }

            Understand(items);
            return items;
        }

        public void Understand(List<string> items)
        {
            if (items.Count > 0)
            {
                Understood = items.Count == 1 ? items[0] : string.Join("\n", items.Select(static (item, i) => $"{i + 1}. {item}"));
            }
        }

        /// <summary>Bulleted or numbered lines, otherwise what semicolons part.</summary>
        public List<string> Items()
        {
            if (!IsSound || Text.Length == 0)
            {
                return [];
            }

            if (IsNotApplicable(Text))
            {
                RefuseNotApplicable();
                return [];
            }

            string[] lines = Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            bool isBulleted = lines.Length > 1 && lines.All(static line => AfterBullet(line) is not null);
            IEnumerable<string> parts = isBulleted ? lines.Select(static line => AfterBullet(line) ?? line) : SplitAtSemicolons(PlainText.OneLine(Text));
            List<string> items = [.. parts.Select(static part => part.Trim().TrimEnd(';', '；').TrimEnd()).Where(static part => part.Length > 0)];
            if (items.Count > 1 && items[^1].StartsWith("and ", StringComparison.OrdinalIgnoreCase))
            {
                items[^1] = items[^1][4..].TrimStart();
            }

            if (items.Count > 0)
            {
                items[^1] = WithoutFullStop(items[^1]);
            }

            items.RemoveAll(static item => item.Length == 0);
            if (items.Count == 0 && field.IsRequired)
            {
                Refuse("field-missing", $"\"{field.Label}\" holds separators only.", "Fill the field in here.");
            }

            return items;
        }

        /// <summary>One line stays one in the form: browsers drop line breaks from a one-line input, and words would run together.</summary>
        public ReadField ToField() => new(field, firstLine, lastLine, field.IsLong ? raw : raw.ReplaceLineEndings(" "), IsSound ? Understood : null, notes, problems, isCorrected);

        private string? Take(Func<string, string> shape)
        {
            if (!IsSound || Text.Length == 0)
            {
                return null;
            }

            if (IsNotApplicable(Text))
            {
                RefuseNotApplicable();
                return null;
            }

            Understood = shape(Text);
            return Understood;
        }

        private void RefuseNotApplicable()
        {
            if (field.IsRequired)
            {
                Refuse("field-missing", $"\"{field.Label}\" must say something.", "Fill the field in here.");
            }
            else
            {
                Understood = "None";
            }
        }

        /// <summary>The rest after a bullet, a number or a letter in front; null when there is none.</summary>
        private static string? AfterBullet(string line)
        {
            if (line[0] is '-' or '•' or '*' or '·' or '–' or '▪' or '◦')
            {
                return line[1..].TrimStart();
            }

            int end = line.StartsWith('(') ? 1 : 0;
            int start = end;
            while (end < line.Length && end - start < 3 && (char.IsAsciiDigit(line[end]) || (end == start && char.IsAsciiLetter(line[end]))))
            {
                end++;
            }

            return end > start && end + 1 < line.Length && line[end] is '.' or ')' && char.IsWhiteSpace(line[end + 1]) ? line[(end + 1)..].TrimStart() : null;
        }

        /// <summary>A semicolon that ends a character reference such as <c>&amp;amp;</c> parts nothing.</summary>
        private static IEnumerable<string> SplitAtSemicolons(string text)
        {
            int start = 0;
            int ampersand = -1;
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] == '&')
                {
                    ampersand = i;
                }
                else if (text[i] is ' ')
                {
                    ampersand = -1;
                }
                else if (text[i] is ';' or '；' && (ampersand < 0 || i - ampersand is 1 or > 9))
                {
                    yield return text[start..i];
                    start = i + 1;
                    ampersand = -1;
                }
            }

            yield return text[start..];
        }

        private static string WithoutFullStop(string item) =>
            item.EndsWith('.') && item.IndexOf(". ", StringComparison.Ordinal) < 0 ? item[..^1].TrimEnd() : item;
    }

    /// <summary>The notification while it is read; whole once there is no problem.</summary>
    private sealed class Draft
    {
        public ProjectCode Code { get; set; }

        public string? Reference { get; set; }

        public DateOnly? IssuedOn { get; set; }

        public string Title { get; set; } = string.Empty;

        public DateOnly? StartsOn { get; set; }

        public DateOnly? EndsOn { get; set; }

        public IReadOnlyList<string> HostEconomies { get; set; } = [];

        public IReadOnlyList<string> Venues { get; set; } = [];

        public Modality? Modality { get; set; }

        public IReadOnlyList<string> ImplementingOrganizations { get; set; } = [];

        public ParticipatingEconomies? Participating { get; set; }

        public Places Overseas { get; set; }

        public Places Local { get; set; }

        public int? PerEconomyMaximum { get; set; }

        public DateOnly? ClosingOn { get; set; }

        public string? Remarks { get; set; }

        public IReadOnlyList<string> Objectives { get; set; } = [];

        public string Rationale { get; set; } = string.Empty;

        public string BackgroundHtml { get; set; } = string.Empty;

        public IReadOnlyList<string> Topics { get; set; } = [];

        public IReadOnlyList<string> Outcomes { get; set; } = [];

        public string Qualifications { get; set; } = string.Empty;

        public EligibilityRules Eligibility { get; set; } = EligibilityRules.None;

        public string? Signatory { get; set; }

        public string? SignatoryTitle { get; set; }

        public ProjectNotification ToNotification() =>
            StartsOn is not { } startsOn || EndsOn is not { } endsOn || ClosingOn is not { } closingOn || Modality is null || Participating is null
                ? throw new InvalidOperationException("A required field was neither read nor refused.")
                : new ProjectNotification
                {
                    Code = Code,
                    Reference = Reference,
                    IssuedOn = IssuedOn,
                    Title = Title,
                    StartsOn = startsOn,
                    EndsOn = endsOn,
                    HostEconomies = HostEconomies,
                    Venues = Venues,
                    Modality = Modality,
                    ImplementingOrganizations = ImplementingOrganizations,
                    Participating = Participating,
                    Overseas = Overseas,
                    Local = Local,
                    PerEconomyMaximum = PerEconomyMaximum,
                    ClosingOn = closingOn,
                    Remarks = Remarks,
                    Objectives = Objectives,
                    Rationale = Rationale,
                    BackgroundHtml = BackgroundHtml,
                    Topics = Topics,
                    Outcomes = Outcomes,
                    Qualifications = Qualifications,
                    Eligibility = Eligibility,
                    Signatory = Signatory,
                    SignatoryTitle = SignatoryTitle,
                };
    }
}
