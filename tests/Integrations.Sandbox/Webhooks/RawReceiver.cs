using System.Net;
using System.Net.Sockets;

namespace Integrations.Sandbox.Webhooks;

/// <summary>Answers every connection with the same bytes, which no HTTP server would let through, and closes it.</summary>
public sealed class RawReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly byte[] _answer;
    private readonly bool _isEndless;
    private readonly Task _accepting;

    private RawReceiver(byte[] answer, bool isEndless)
    {
        _answer = answer;
        _isEndless = isEndless;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}/";

    /// <param name="isEndless">Sends the answer again and again until the other side goes.</param>
    public static RawReceiver Start(byte[] answer, bool isEndless = false) => new(answer, isEndless);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> answering = [];
        try
        {
            while (true)
            {
                answering.Add(AnswerAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answering);
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await ReadRequestAsync(socket);
                do
                {
                    await socket.SendAsync(_answer, _stopping.Token);
                }
                while (_isEndless);

                // Reading to the end lets the other side have all of it, and not a reset.
                socket.Shutdown(SocketShutdown.Send);
                await socket.ReceiveAsync(new byte[1024], _stopping.Token);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The sender has seen enough, or the test is over.
            }
        }
    }

    // The head, and a body as long as it says.
    private async Task ReadRequestAsync(Socket socket)
    {
        var (buffer, read) = (new byte[64 * 1024], 0);
        while (!IsWhole(buffer.AsSpan(0, read)))
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read), _stopping.Token);
            if (more == 0)
            {
                return;
            }

            read += more;
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> request)
    {
        var end = request.IndexOf("\r\n\r\n"u8);
        var length = request.IndexOf("Content-Length: "u8);
        if (end < 0 || length < 0 || length > end)
        {
            return false;
        }

        var digits = request[(length + "Content-Length: ".Length)..];
        return System.Buffers.Text.Utf8Parser.TryParse(digits, out int bytes, out _) && request.Length >= end + 4 + bytes;
    }
}
