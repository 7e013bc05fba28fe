using System.Text;
using Plenary.Domain;

namespace Plenary.Functions.Tests.Domain.People;

public sealed class PersonLikenessTests
{
    [Theory]
    [InlineData("Đặng Thị Huệ", "DANG THI HUE")]
    [InlineData("Nguyễn Văn An", "An, Nguyen Van")]
    [InlineData("Ayşe Işık-Öztürk", "ayse isik ozturk")]
    [InlineData("Søren Ångström", "Soren Angstrom")]
    [InlineData("Łukasz Weiß", "LUKASZ WEISS")]
    [InlineData("Siti  O’Neil", "Siti O'Neil")]
    [InlineData("Ａｎｎ Lee", "Ann Lee")]
    [InlineData("佐藤 健司", "健司　佐藤")]
    public void Spellings_of_one_name_are_alike(string one, string other) => Assert.Equal(PersonLikeness.OfName(one), PersonLikeness.OfName(other));

    [Theory]
    [InlineData("José Ñandú")]
    [InlineData("สมชาย ใจดี")]
    [InlineData("கமலா தேவி")]
    [InlineData("Đỗ Mỹ Linh")]
    public void Composed_and_decomposed_text_is_alike(string name) =>
        Assert.Equal(PersonLikeness.OfName(name.Normalize(NormalizationForm.FormC)), PersonLikeness.OfName(name.Normalize(NormalizationForm.FormD)));

    [Theory]
    [InlineData("Ann Lee", "Anne Lee")]
    [InlineData("กา", "กี")]
    [InlineData("कमल", "कमला")]
    [InlineData("佐藤 健司", "佐藤 健二")]
    public void Other_names_are_not(string one, string other) => Assert.NotEqual(PersonLikeness.OfName(one), PersonLikeness.OfName(other));

    [Fact]
    public void Addresses_differ_by_dots_and_plus_signs_and_not_by_case()
    {
        Assert.Equal(PersonLikeness.OfAddress("Ann@Agency.Example"), PersonLikeness.OfAddress("ann@agency.example"));
        Assert.NotEqual(PersonLikeness.OfAddress("a.nn@agency.example"), PersonLikeness.OfAddress("ann@agency.example"));
        Assert.NotEqual(PersonLikeness.OfAddress("ann+1@agency.example"), PersonLikeness.OfAddress("ann@agency.example"));
        Assert.Equal("", PersonLikeness.OfAddress("nobody"));
    }
}
