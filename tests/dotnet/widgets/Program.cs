// Copyright (c) 2026, groundwork.aws contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.IO;

namespace Widgets
{
    /// <summary>
    /// Keeps widgets in a DynamoDB table. All settings come from the environment:
    /// ASPNETCORE_URLS (where to listen), AWS_REGION, TABLE_NAME, AWS_ENDPOINT_URL_DYNAMODB. Credentials are those of
    /// the instance profile.
    /// </summary>
    public static class Program
    {
        public static void Main()
        {
            var region = Setting("AWS_REGION", "us-east-1");
            var endpoint = Setting("AWS_ENDPOINT_URL_DYNAMODB", $"http://dynamodb.{region}.amazonaws.com");
            var table = new Table(Setting("TABLE_NAME", "Widgets"), new Uri(endpoint), region, new InstanceCredentials());
            var version = Path.Combine(AppContext.BaseDirectory, "version.txt");
            var site = new Site(table, File.ReadAllText(version).Trim());
            new HttpServer(new Uri(Setting("ASPNETCORE_URLS", "http://127.0.0.1:8080")), site.Answer).Run();
        }

        private static string Setting(string name, string otherwise)
        {
            var value = Environment.GetEnvironmentVariable(name);
            return string.IsNullOrEmpty(value) ? otherwise : value;
        }
    }
}
