using Npgsql;
using NpgsqlTypes;

namespace Integrations.Core.Storage;

/// <summary>Binds the parameters of one statement on PostgreSQL.</summary>
internal sealed class PostgresBinder(NpgsqlParameterCollection parameters) : ParameterBinder
{
    public override ParameterBinder Add(Guid value) => Add(new NpgsqlParameter<Guid> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Uuid });

    public override ParameterBinder Add(Guid? value) => AddNullable(NpgsqlDbType.Uuid, value);

    public override ParameterBinder Add(long value) => Add(new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint });

    public override ParameterBinder Add(long? value) => AddNullable(NpgsqlDbType.Bigint, value);

    public override ParameterBinder Add(string? value) => AddNullable(NpgsqlDbType.Text, value);

    public override ParameterBinder Add(byte[]? value) => AddNullable(NpgsqlDbType.Bytea, value);

    private PostgresBinder AddNullable(NpgsqlDbType type, object? value) => Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });

    private PostgresBinder Add(NpgsqlParameter parameter)
    {
        parameters.Add(parameter);
        return this;
    }
}
