using System.Globalization;
using Plenary.Support.Drivers;

namespace Plenary.Support.Replay;

/// <summary>The made-up nominees of the replay, by economy in order of rank; names in the scripts people write them in.</summary>
internal static class Cast
{
    /// <summary>These nominate nobody; the second leaves a draft behind.</summary>
    public static IReadOnlyList<string> Silent { get; } = ["fiji", "mongolia"];

    /// <summary>They nominate and confirm, and then nobody of theirs comes.</summary>
    public static IReadOnlyList<string> Absent { get; } = ["ir-iran", "republic-of-korea", "singapore", "turkiye"];

    public const string Host = "indonesia";

    public static IReadOnlyDictionary<string, string[]> Names { get; } = new Dictionary<string, string[]>
    {
        ["bangladesh"] = ["রফিকুল ইসলাম", "Nasrin Akter", "মাহমুদা খাতুন"],
        ["cambodia"] = ["ស៊ន សុភា", "Chea Rithy", "ហេង ស្រីមុំ"],
        ["republic-of-china"] = ["林志豪", "Wang Shu-fen"],
        ["india"] = ["राजेश कुमार", "கவிதா சுப்பிரமணியன்", "Arjun Mehta", "ప్రియాంక రెడ్డి"],
        [Host] =
        [
            "Siti Nurhaliza Wulandari", "Agus Santoso", "I Gusti Ayu Pratiwi", "Budi Hartono", "Rina Marlina", "Yohanes Tampubolon", "Fitri Handayani", "Suharto",
            "Maria Goreti Tukan", "Ahmad Fauzi", "Dian Permata Sari", "Joko Nugroho", "Lestari Wahyuningsih", "Eko Prasetyo", "Nurul Hidayah",
        ],
        ["ir-iran"] = ["مهدی رضایی", "Zahra Karimi", "سارا موسوی"],
        ["japan"] = ["佐藤 健太", "鈴木 陽子"],
        ["republic-of-korea"] = ["김민준", "Lee Ji-woo", "정하은"],
        ["lao-pdr"] = ["ສົມພອນ ວົງສາ", "Vilayphone Keomany"],
        ["malaysia"] = ["Muhammad Hafiz bin Ismail", "Lee Mei Ling", "கமலா நாயர்", "Siti Zubaidah binti Omar"],
        ["nepal"] = ["विष्णु प्रसाद शर्मा", "Anjali Tamang", "दीपा राई"],
        ["pakistan"] = ["فاطمہ زہرا", "Usman Tariq", "بلال احمد"],
        ["philippines"] = ["Juan Miguel dela Cruz", "Niña Concepción Peñaflor", "Rosario Bautista", "Emmanuel Ocampo"],
        ["singapore"] = ["陈伟明", "Siti Aminah binte Yusof", "முருகன் செல்வம்"],
        ["sri-lanka"] = ["නිමල් පෙරේරා", "தர்ஷினி சிவராஜா", "Anoma Wickramasinghe"],
        ["thailand"] = ["สมชาย ใจดี", "กัลยาณี พงษ์ศรี", "Pimchanok Rattana", "วีรพงศ์ แก้วมณี"],
        ["turkiye"] = ["Şükrü Çağlayan", "İpek Güneş"],
        ["vietnam"] = ["Nguyễn Văn Đức", "Trần Thị Ngọc Ánh", "Lê Quỳnh Hương"],
    };

    private static readonly string[] Positions = ["Head of service design", "Director of administration", "Senior planner", "Productivity adviser", "Chief of district services"];
    private static readonly string[] Sectors = ["government", "public-body", "productivity-organisation", "academia"];

    private static readonly Lazy<IReadOnlyDictionary<string, string>> DisplayNames = new(() => File
        .ReadLines(Path.Combine(Repository.Root, "samples", "economies.csv"))
        .Skip(1)
        .Select(line => line.Split(','))
        .ToDictionary(cells => cells[0], cells => cells[1]));

    /// <summary>As the registry shows the economy.</summary>
    public static string NameOf(string economy) => DisplayNames.Value[economy];

    /// <param name="rank">1 for the first.</param>
    public static string AddressOf(string economy, int rank) => string.Create(CultureInfo.InvariantCulture, $"nominee{rank}@{economy}.example.org");

    public static NomineeFacts FactsOf(string economy, int rank, string name) => new(name, AddressOf(economy, rank), NameOf(economy))
    {
        Position = Positions[(rank + economy.Length) % Positions.Length],
        Sector = Sectors[(rank * 3 + economy.Length) % Sectors.Length],
        YearsOfExperience = (3 + ((rank * 5 + economy.Length) % 20)).ToString(CultureInfo.InvariantCulture),
    };
}
