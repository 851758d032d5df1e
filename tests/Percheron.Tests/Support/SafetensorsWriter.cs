using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Percheron.Tests.Support;

/// <summary>Writes small safetensors files for tests.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Writes tensors as F32, or rounded to F16.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, (int[] Shape, float[] Values)> tensors, bool half = false)
    {
        Dictionary<string, object> header = [];
        using MemoryStream data = new();
        foreach ((string name, (int[] shape, float[] values)) in tensors)
        {
            long start = data.Length;
            if (half) data.Write(MemoryMarshal.AsBytes(values.Select(value => (Half)value).ToArray().AsSpan()));
            else data.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            header.Add(name, new { dtype = half ? "F16" : "F32", shape, data_offsets = new[] { start, data.Length } });
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        using FileStream file = File.Create(path);
        file.Write(length);
        file.Write(json);
        data.WriteTo(file);
    }
}
