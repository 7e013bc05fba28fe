namespace Plenary;

internal static class Program
{
    private static void Main()
    {
    }
}
