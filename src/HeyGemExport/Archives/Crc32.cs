using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace HeyGemExport.Archives;

/// <summary>CRC-32 as ZIP keeps it (APPNOTE.TXT 4.4.7): polynomial 0x04C11DB7, reflected, inverted before and after.</summary>
/// <remarks>
/// The framework computes it while it writes an entry, but neither checks it when it reads one nor offers it by itself.
/// On x86 the bytes are folded by carry-less multiplication, as in Gopal et al., "Fast CRC Computation for Generic
/// Polynomials Using PCLMULQDQ Instruction" (Intel, 2009); the constants are x^n mod P for the distances folded over.
/// </remarks>
internal struct Crc32
{
    private const int VectorBytes = 16;
    private const int FoldBytes = 4 * VectorBytes;

    private static readonly uint[] Table = MakeTable();

    /// <summary>CRC-32 of all that has been appended.</summary>
    public uint Value { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var state = ~Value;
        if (Pclmulqdq.IsSupported && bytes.Length >= FoldBytes)
        {
            var whole = bytes.Length / VectorBytes * VectorBytes;
            state = Fold(state, MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes[..whole]));
            bytes = bytes[whole..];
        }
        else if (ArmCrc32.Arm64.IsSupported)
        {
            foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes))
            {
                state = ArmCrc32.Arm64.ComputeCrc32(state, eight);
            }

            bytes = bytes[(bytes.Length / sizeof(ulong) * sizeof(ulong))..];
        }

        Value = ~ByTable(state, bytes);
    }

    private static uint Fold(uint state, ReadOnlySpan<Vector128<ulong>> vectors)
    {
        var over64Bytes = Vector128.Create(0x1_5444_2BD4UL, 0x1_C6E4_1596UL);
        var over16Bytes = Vector128.Create(0x1_7519_97D0UL, 0x0_CCAA_009EUL);
        var (a, b, c, d) = (vectors[0] ^ Vector128.CreateScalar((ulong)state), vectors[1], vectors[2], vectors[3]);
        var next = 4;
        for (; next + 4 <= vectors.Length; next += 4)
        {
            a = Over(a, over64Bytes) ^ vectors[next];
            b = Over(b, over64Bytes) ^ vectors[next + 1];
            c = Over(c, over64Bytes) ^ vectors[next + 2];
            d = Over(d, over64Bytes) ^ vectors[next + 3];
        }

        b ^= Over(a, over16Bytes);
        c ^= Over(b, over16Bytes);
        d ^= Over(c, over16Bytes);
        for (; next < vectors.Length; next++)
        {
            d = Over(d, over16Bytes) ^ vectors[next];
        }

        // What is left has the same remainder as all of the bytes, so the table may finish it.
        return ByTable(0, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref d, 1)));
    }

    private static Vector128<ulong> Over(Vector128<ulong> value, Vector128<ulong> distance) =>
        Pclmulqdq.CarrylessMultiply(value, distance, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, distance, 0x11);

    private static uint ByTable(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        }

        return state;
    }

    private static uint[] MakeTable()
    {
        const uint reflected = 0xEDB8_8320;
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var remainder = i;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) == 0 ? remainder >> 1 : (remainder >> 1) ^ reflected;
            }

            table[i] = remainder;
        }

        return table;
    }
}
