namespace Integrations.Core.Storage;

/// <summary>Reads a row's columns in the order of the SELECT.</summary>
public abstract class RowReader
{
    private int _column;

    internal void Rewind() => _column = 0;

    public Guid Guid() => GuidAt(_column++);

    public Guid? NullableGuid()
    {
        var column = _column++;
        return IsNull(column) ? null : GuidAt(column);
    }

    public long Int64() => Int64At(_column++);

    public int Int32() => checked((int)Int64());

    public int? NullableInt32() => (int?)NullableInt64();

    public long? NullableInt64()
    {
        var column = _column++;
        return IsNull(column) ? null : Int64At(column);
    }

    public string Text() => TextAt(_column++);

    public string? NullableText()
    {
        var column = _column++;
        return IsNull(column) ? null : TextAt(column);
    }

    public byte[] Bytes() => BytesAt(_column++);

    public byte[]? NullableBytes()
    {
        var column = _column++;
        return IsNull(column) ? null : BytesAt(column);
    }

    public DateTimeOffset Time() => DateTimeOffset.FromUnixTimeMilliseconds(Int64());

    public DateTimeOffset? NullableTime() => NullableInt64() is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    protected abstract bool IsNull(int column);

    protected abstract long Int64At(int column);

    protected abstract Guid GuidAt(int column);

    protected abstract string TextAt(int column);

    protected abstract byte[] BytesAt(int column);
}
