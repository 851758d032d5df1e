using System.IO.MemoryMappedFiles;

namespace Percheron.Formats;

/// <summary>A whole file mapped read-only: bytes are paged in when they are touched and never copied.</summary>
/// <remarks>A file that another process shortens while it is mapped ends the process, as with any memory map; writers here replace files by rename.</remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    private MappedFile(string path, long length, MemoryMappedFile map, MemoryMappedViewAccessor view)
    {
        (Path, Length, _map, _view) = (path, length, map, view);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + view.PointerOffset;
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>First byte of the file; valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ObjectDisposedException">The map is closed.</exception>
    public byte* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start == null, this);
            return _start;
        }
    }

    /// <exception cref="ModelFormatException">The path is a folder, an empty file or something that has no length.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) throw new ModelFormatException(path, 0, "this is a folder; name the model file inside it");
        // Before the file is opened: opening a pipe would wait for a writer. Pipes and devices have no length either.
        if (new FileInfo(path).Length == 0) throw new ModelFormatException(path, 0, "the file is empty, or not a regular file");
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        MemoryMappedFile? map = null;
        try
        {
            long length = stream.CanSeek ? stream.Length : 0;
            if (length == 0) throw new ModelFormatException(path, 0, "the file is empty, or not a regular file");
            map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new MappedFile(path, length, map, map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read));
        }
        catch
        {
            map?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>A file that exists in memory only.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="length">Bytes; what is not written is zero.</param>
    /// <param name="write">Writes it; given a stream of that length.</param>
    public static MappedFile InMemory(string path, long length, Action<Stream> write)
    {
        MemoryMappedFile map = MemoryMappedFile.CreateNew(null, length);
        try
        {
            using (MemoryMappedViewStream stream = map.CreateViewStream(0, length)) write(stream);
            return new MappedFile(path, length, map, map.CreateViewAccessor(0, length));
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_start == null) return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }
}
