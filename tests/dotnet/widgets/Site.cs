// Copyright (c) 2026, groundwork.aws contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Threading.Tasks;

namespace Widgets
{
    /// <summary>GET /health, GET /widgets/{pk}/{sk} and PUT /widgets/{pk}/{sk}, whose body is the data.</summary>
    public sealed class Site
    {
        private readonly Table table;
        private readonly string version;

        public Site(Table table, string version)
        {
            this.table = table;
            this.version = version;
        }

        public async Task<Response> Answer(Request request)
        {
            var parts = request.Path.Split('?')[0].Trim('/').Split('/');
            if (request.Method == "GET" && parts.Length == 1 && parts[0] == "health")
            {
                return new Response { Body = Json.Object("status", "ok", "version", version) };
            }
            if (parts.Length != 3 || parts[0] != "widgets" || parts[1] == "" || parts[2] == "")
            {
                return new Response { Status = 404, Body = Json.Object("error", "there is no such page") };
            }
            var pk = Uri.UnescapeDataString(parts[1]);
            var sk = Uri.UnescapeDataString(parts[2]);
            switch (request.Method)
            {
                case "PUT":
                    await table.Put(pk, sk, request.Body);
                    return new Response { Body = Json.Object("pk", pk, "sk", sk) };
                case "GET":
                    var data = await table.Get(pk, sk);
                    return data == null
                        ? new Response { Status = 404, Body = Json.Object("error", "there is no such widget") }
                        : new Response { Body = Json.Object("pk", pk, "sk", sk, "data", data) };
                default:
                    return new Response { Status = 405, Body = Json.Object("error", "only GET and PUT") };
            }
        }
    }
}
