using System.Globalization;
using System.Text;

namespace Plenary.Browser.Tests;

/// <summary>
/// Reads the text of a QR code of level M and a version up to 6 out of its modules, as a camera would after straightening the picture.
/// Corrects no errors: a drawn code has none.
/// </summary>
internal static class QrReader
{
    // By version: blocks, and data codewords in each.
    private static readonly (int Blocks, int Length)[] Layouts = [(1, 16), (1, 28), (1, 44), (2, 32), (2, 43), (4, 27)];

    /// <param name="modules">Rows of dark (true) and light modules, without the quiet zone.</param>
    public static string Read(bool[][] modules)
    {
        int size = modules.Length;
        int version = (size - 17) / 4;
        if (size != 17 + (4 * version) || version is < 1 or > 6)
        {
            throw new InvalidOperationException($"{size} modules are no code of version 1 to 6.");
        }

        int format = ReadFormat(modules) ^ 0x5412;
        if (format >> 13 != 0)
        {
            throw new InvalidOperationException("The level of correction is not M.");
        }

        byte[] codewords = ReadCodewords(modules, format >> 10 & 7);
        (int blocks, int length) = Layouts[version - 1];
        byte[] data = [.. Enumerable.Range(0, blocks).SelectMany(block => Enumerable.Range(0, length).Select(index => codewords[block + (blocks * index)]))];
        return ReadSegments(data);
    }

    /// <summary>A text may change between bytes, capitals and digits, each packed in its own way.</summary>
    private static string ReadSegments(byte[] data)
    {
        const string Capitals = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
        StringBuilder text = new();
        int position = 0;
        for (int mode = Take(4); mode != 0; mode = position + 4 <= data.Length * 8 ? Take(4) : 0)
        {
            switch (mode)
            {
                case 1:
                    for (int left = Take(10); left > 0; left -= 3)
                    {
                        int digits = Math.Min(left, 3);
                        text.Append(Take((digits * 3) + 1).ToString($"D{digits}", CultureInfo.InvariantCulture));
                    }

                    break;
                case 2:
                    for (int left = Take(9); left > 0; left -= 2)
                    {
                        int pair = Take(left > 1 ? 11 : 6);
                        text.Append(left > 1 ? $"{Capitals[pair / 45]}{Capitals[pair % 45]}" : $"{Capitals[pair]}");
                    }

                    break;
                case 4:
                    byte[] bytes = new byte[Take(8)];
                    for (int index = 0; index < bytes.Length; index++)
                    {
                        bytes[index] = (byte)Take(8);
                    }

                    text.Append(Encoding.UTF8.GetString(bytes));
                    break;
                default:
                    throw new InvalidOperationException($"Mode {mode} is not known here.");
            }
        }

        return text.ToString();

        int Take(int bits)
        {
            int value = 0;
            for (; bits > 0; bits--, position++)
            {
                value = (value << 1) | ((data[position / 8] >> (7 - (position % 8))) & 1);
            }

            return value;
        }
    }

    private static int ReadFormat(bool[][] modules)
    {
        (int Row, int Column)[] places =
        [
            (8, 0), (8, 1), (8, 2), (8, 3), (8, 4), (8, 5), (8, 7), (8, 8), (7, 8), (5, 8), (4, 8), (3, 8), (2, 8), (1, 8), (0, 8),
        ];
        return places.Aggregate(0, (bits, place) => (bits << 1) | (modules[place.Row][place.Column] ? 1 : 0));
    }

    private static byte[] ReadCodewords(bool[][] modules, int mask)
    {
        int size = modules.Length;
        List<byte> codewords = [];
        int bits = 0;
        int value = 0;
        for (int right = size - 1; right >= 1; right -= 2)
        {
            right = right == 6 ? 5 : right;
            bool isUpward = ((right + 1) & 2) == 0;
            for (int step = 0; step < size * 2; step++)
            {
                int column = right - (step % 2);
                int row = isUpward ? size - 1 - (step / 2) : step / 2;
                if (IsFunction(row, column, size))
                {
                    continue;
                }

                value = (value << 1) | (modules[row][column] ^ IsInverted(mask, row, column) ? 1 : 0);
                if (++bits == 8)
                {
                    codewords.Add((byte)value);
                    (bits, value) = (0, 0);
                }
            }
        }

        return [.. codewords];
    }

    private static bool IsFunction(int row, int column, int size) =>
        (row < 9 && column < 9) || (row < 9 && column >= size - 8) || (row >= size - 8 && column < 9) || row == 6 || column == 6 ||
        (size > 21 && Math.Abs(row - (size - 7)) <= 2 && Math.Abs(column - (size - 7)) <= 2);

    private static bool IsInverted(int mask, int row, int column) => mask switch
    {
        0 => (row + column) % 2 == 0,
        1 => row % 2 == 0,
        2 => column % 3 == 0,
        3 => (row + column) % 3 == 0,
        4 => ((row / 2) + (column / 3)) % 2 == 0,
        5 => (row * column % 2) + (row * column % 3) == 0,
        6 => ((row * column % 2) + (row * column % 3)) % 2 == 0,
        _ => (((row + column) % 2) + (row * column % 3)) % 2 == 0,
    };
}
