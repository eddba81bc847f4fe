// Copyright (c) 2026, groundwork.aws contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System.Text;
using System.Text.Json;

namespace Widgets
{
    public static class Json
    {
        /// <summary>An object of strings, given as names and values by turns.</summary>
        public static string Object(params string[] namesAndValues)
        {
            var text = new StringBuilder("{");
            for (var index = 0; index < namesAndValues.Length; index += 2)
            {
                text.Append(index == 0 ? "" : ",");
                text.Append(String(namesAndValues[index])).Append(':').Append(String(namesAndValues[index + 1]));
            }
            return text.Append('}').ToString();
        }

        public static string String(string value) => '"' + JsonEncodedText.Encode(value).ToString() + '"';
    }
}
