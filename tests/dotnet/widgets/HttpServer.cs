// Copyright (c) 2026, groundwork.aws contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace Widgets
{
    public sealed class Request
    {
        public string Method;
        public string Path;
        public string Body;
    }

    public sealed class Response
    {
        public int Status = 200;
        public string Body = "";
        public string Type = "application/json";
    }

    /// <summary>
    /// As much of HTTP/1.1 as a reverse proxy needs: one request for each connection. On a TcpListener, because
    /// HttpListener and Kestrel are not part of the runtime that the tests can have, or need its TLS.
    /// </summary>
    public sealed class HttpServer
    {
        private const int LongestBody = 400 * 1024; // bytes: the largest item of DynamoDB
        private const int Patience = 10000; // milliseconds
        private readonly TcpListener listener;
        private readonly Func<Request, Task<Response>> answer;

        public HttpServer(Uri url, Func<Request, Task<Response>> answer)
        {
            var address = IPAddress.TryParse(url.Host, out var parsed) ? parsed : IPAddress.Any;
            listener = new TcpListener(address, url.Port);
            this.answer = answer;
        }

        public void Run()
        {
            listener.Start();
            Console.WriteLine($"Listening on {listener.LocalEndpoint}");
            while (true)
            {
                var client = listener.AcceptTcpClient();
                Task.Run(() => Serve(client));
            }
        }

        private async Task Serve(TcpClient client)
        {
            using (client)
            {
                try
                {
                    client.ReceiveTimeout = client.SendTimeout = Patience;
                    var stream = client.GetStream();
                    var request = Read(stream);
                    var response = request == null ? new Response { Status = 400 } : await Answer(request);
                    Write(stream, response);
                }
                catch (IOException)
                {
                    // The client has gone away.
                }
            }
        }

        private async Task<Response> Answer(Request request)
        {
            try
            {
                return await answer(request);
            }
            catch (Exception error)
            {
                Console.Error.WriteLine(error);
                return new Response { Status = 502, Body = Json.Object("error", error.Message) };
            }
        }

        /// <summary>null if it is no request that can be understood.</summary>
        private static Request Read(Stream stream)
        {
            var first = (ReadLine(stream) ?? "").Split(' ');
            var length = 0;
            for (var line = ReadLine(stream); !string.IsNullOrEmpty(line); line = ReadLine(stream))
            {
                var header = line.Split(new[] { ':' }, 2);
                if (header.Length == 2 && header[0].Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                {
                    int.TryParse(header[1], out length);
                }
            }
            if (first.Length != 3 || length < 0 || length > LongestBody)
            {
                return null;
            }
            var body = new byte[length];
            for (var done = 0; done < length;)
            {
                var count = stream.Read(body, done, length - done);
                if (count == 0)
                {
                    return null;
                }
                done += count;
            }
            return new Request { Method = first[0], Path = first[1], Body = Encoding.UTF8.GetString(body) };
        }

        private static string ReadLine(Stream stream)
        {
            var line = new List<byte>();
            for (var next = stream.ReadByte(); next != '\n'; next = stream.ReadByte())
            {
                if (next < 0 || line.Count > 8192)
                {
                    return null;
                }
                line.Add((byte)next);
            }
            return Encoding.ASCII.GetString(line.ToArray()).TrimEnd('\r');
        }

        private static void Write(Stream stream, Response response)
        {
            var body = Encoding.UTF8.GetBytes(response.Body);
            var head = $"HTTP/1.1 {response.Status} {(HttpStatusCode)response.Status}\r\nContent-Type: {response.Type}\r\n"
                + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n";
            var start = Encoding.ASCII.GetBytes(head);
            stream.Write(start, 0, start.Length);
            stream.Write(body, 0, body.Length);
        }
    }
}
