namespace Integrations.Core.Storage;

/// <summary>Binds parameters by position.</summary>
public abstract class ParameterBinder
{
    public abstract ParameterBinder Add(Guid value);

    public abstract ParameterBinder Add(long value);

    public abstract ParameterBinder Add(long? value);

    public abstract ParameterBinder Add(string? value);

    public abstract ParameterBinder Add(byte[]? value);

    public abstract ParameterBinder Add(Guid? value);

    public ParameterBinder Add(DateTimeOffset value) => Add(value.ToUnixTimeMilliseconds());

    public ParameterBinder Add(DateTimeOffset? value) => Add(value?.ToUnixTimeMilliseconds());
}
