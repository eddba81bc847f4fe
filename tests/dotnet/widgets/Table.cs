// Copyright (c) 2026, groundwork.aws contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

namespace Widgets
{
    /// <summary>The table of widgets, by DynamoDB's own HTTP API: the keys pk and sk, and the attribute data.</summary>
    public sealed class Table
    {
        private static readonly HttpClient Client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        private readonly string name;
        private readonly Uri endpoint;
        private readonly string region;
        private readonly InstanceCredentials credentials;

        public Table(string name, Uri endpoint, string region, InstanceCredentials credentials)
        {
            this.name = name;
            this.endpoint = endpoint;
            this.region = region;
            this.credentials = credentials;
        }

        public Task Put(string pk, string sk, string data)
        {
            var item = $"{Keys(pk, sk)},\"data\":{{\"S\":{Json.String(data)}}}";
            return Call("PutItem", $"{{\"TableName\":{Json.String(name)},\"Item\":{{{item}}}}}");
        }

        /// <summary>The data of a widget; null if there is none.</summary>
        public async Task<string> Get(string pk, string sk)
        {
            var what = $"{{\"TableName\":{Json.String(name)},\"ConsistentRead\":true,\"Key\":{{{Keys(pk, sk)}}}}}";
            using (var answer = JsonDocument.Parse(await Call("GetItem", what)))
            {
                return answer.RootElement.TryGetProperty("Item", out var item)
                    ? item.GetProperty("data").GetProperty("S").GetString()
                    : null;
            }
        }

        private static string Keys(string pk, string sk) =>
            $"\"pk\":{{\"S\":{Json.String(pk)}}},\"sk\":{{\"S\":{Json.String(sk)}}}";

        private async Task<string> Call(string operation, string body)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, "/"));
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.0");
            request.Headers.TryAddWithoutValidation("X-Amz-Target", $"DynamoDB_20120810.{operation}");
            Signature.Add(request, body, region, "dynamodb", await credentials.Now(), DateTime.UtcNow);
            using (var response = await Client.SendAsync(request))
            {
                var answer = await response.Content.ReadAsStringAsync();
                if (!response.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException($"{operation} on the table {name}: {(int)response.StatusCode} {answer}");
                }
                return answer;
            }
        }
    }
}
