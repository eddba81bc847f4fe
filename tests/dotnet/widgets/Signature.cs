// Copyright (c) 2026, groundwork.aws contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Globalization;
using System.Net.Http;
using System.Text;

namespace Widgets
{
    /// <summary>AWS Signature Version 4 of a POST request to the root of a service.</summary>
    public static class Signature
    {
        private const string Algorithm = "AWS4-HMAC-SHA256";
        private const string SignedHeaders = "host;x-amz-date;x-amz-security-token";

        public static void Add(
            HttpRequestMessage request, string body, string region, string service, Credentials credentials, DateTime now)
        {
            var time = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
            var date = time.Substring(0, 8);
            var host = request.RequestUri.Authority;
            var canonical = string.Join(
                "\n", request.Method.Method, "/", "", $"host:{host}", $"x-amz-date:{time}",
                $"x-amz-security-token:{credentials.Token}", "", SignedHeaders, Hex(Sha256.Hash(Bytes(body))));
            var scope = $"{date}/{region}/{service}/aws4_request";
            var toSign = string.Join("\n", Algorithm, time, scope, Hex(Sha256.Hash(Bytes(canonical))));
            var key = Bytes("AWS4" + credentials.SecretAccessKey);
            foreach (var part in scope.Split('/'))
            {
                key = Sha256.Hmac(key, Bytes(part));
            }
            var signature = Hex(Sha256.Hmac(key, Bytes(toSign)));
            request.Headers.TryAddWithoutValidation("X-Amz-Date", time);
            request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", credentials.Token);
            request.Headers.TryAddWithoutValidation(
                "Authorization",
                $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={SignedHeaders}, Signature={signature}");
        }

        private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

        private static string Hex(byte[] bytes) => BitConverter.ToString(bytes).Replace("-", "").ToLowerInvariant();
    }
}
