// Copyright (c) 2026, groundwork.aws contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Widgets
{
    public sealed class Credentials
    {
        public string AccessKeyId;
        public string SecretAccessKey;
        public string Token;
        public DateTime Expiration;
    }

    /// <summary>The credentials of the instance profile, from the instance metadata service, version 2.</summary>
    public sealed class InstanceCredentials
    {
        private const string Metadata = "http://169.254.169.254/latest";
        private static readonly HttpClient Client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        private static readonly TimeSpan RenewedBefore = TimeSpan.FromMinutes(5);
        private readonly SemaphoreSlim one = new SemaphoreSlim(1);
        private Credentials current;

        public async Task<Credentials> Now()
        {
            await one.WaitAsync();
            try
            {
                if (current == null || current.Expiration - RenewedBefore < DateTime.UtcNow)
                {
                    current = await Ask();
                }
                return current;
            }
            finally
            {
                one.Release();
            }
        }

        private static async Task<Credentials> Ask()
        {
            var token = await Send(HttpMethod.Put, "/api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60");
            const string path = "/meta-data/iam/security-credentials/";
            var role = (await Send(HttpMethod.Get, path, "X-aws-ec2-metadata-token", token)).Trim();
            using (var document = JsonDocument.Parse(await Send(HttpMethod.Get, path + role, "X-aws-ec2-metadata-token", token)))
            {
                var given = document.RootElement;
                return new Credentials
                {
                    AccessKeyId = given.GetProperty("AccessKeyId").GetString(),
                    SecretAccessKey = given.GetProperty("SecretAccessKey").GetString(),
                    Token = given.GetProperty("Token").GetString(),
                    Expiration = given.GetProperty("Expiration").GetDateTime(),
                };
            }
        }

        private static async Task<string> Send(HttpMethod method, string path, string header, string value)
        {
            var request = new HttpRequestMessage(method, Metadata + path);
            request.Headers.TryAddWithoutValidation(header, value);
            using (var response = await Client.SendAsync(request))
            {
                if (!response.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException($"The instance metadata answer {path} with {(int)response.StatusCode}.");
                }
                return await response.Content.ReadAsStringAsync();
            }
        }
    }
}
