using System.Globalization;
using System.Text;

namespace Plenary.Browser.Tests;

/// <summary>Files to upload.</summary>
public static class Papers
{
    /// <summary>A whole PDF of one empty page, with a cross-reference table that is right.</summary>
    public static byte[] Pdf
    {
        get
        {
            string[] objects =
            [
                "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
            ];
            StringBuilder file = new("%PDF-1.4\n");
            List<int> starts = [];
            for (int number = 1; number <= objects.Length; number++)
            {
                starts.Add(file.Length);
                file.Append(CultureInfo.InvariantCulture, $"{number} 0 obj\n{objects[number - 1]}\nendobj\n");
            }

            int table = file.Length;
            file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
            starts.ForEach(start => file.Append(CultureInfo.InvariantCulture, $"{start:D10} 00000 n \n"));
            file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
            return Encoding.ASCII.GetBytes(file.ToString());
        }
    }

    /// <summary>A program that calls itself a PDF.</summary>
    public static byte[] RenamedProgram { get; } = [.. "MZ"u8, .. new byte[200]];
}
