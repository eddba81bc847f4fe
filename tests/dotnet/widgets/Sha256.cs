// Copyright (c) 2026, groundwork.aws contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

using System;

namespace Widgets
{
    /// <summary>
    /// SHA-256 (FIPS 180-4) and HMAC (RFC 2104). The runtime's own need an OpenSSL of the 1.x series, which current
    /// distributions no longer have.
    /// </summary>
    public static class Sha256
    {
        private const int BlockSize = 64; // bytes

        private static readonly uint[] Constants = FractionsOfCubeRoots();

        public static byte[] Hmac(byte[] key, byte[] message)
        {
            var padded = new byte[BlockSize];
            var shortKey = key.Length > BlockSize ? Hash(key) : key;
            Array.Copy(shortKey, padded, shortKey.Length);
            return Hash(Joined(Masked(padded, 0x5c), Hash(Joined(Masked(padded, 0x36), message))));
        }

        public static byte[] Hash(byte[] message)
        {
            var state = new uint[]
            {
                0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
            };
            var padded = Padded(message);
            for (var start = 0; start < padded.Length; start += BlockSize)
            {
                Compress(state, padded, start);
            }
            var digest = new byte[32];
            for (var index = 0; index < digest.Length; index++)
            {
                digest[index] = (byte)(state[index / 4] >> (24 - index % 4 * 8));
            }
            return digest;
        }

        private static void Compress(uint[] state, byte[] data, int start)
        {
            var w = Schedule(data, start);
            var v = (uint[])state.Clone();
            for (var t = 0; t < 64; t++)
            {
                var choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
                var majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
                var first = v[7] + (Turned(v[4], 6) ^ Turned(v[4], 11) ^ Turned(v[4], 25)) + choice + Constants[t] + w[t];
                var second = (Turned(v[0], 2) ^ Turned(v[0], 13) ^ Turned(v[0], 22)) + majority;
                Array.Copy(v, 0, v, 1, 7);
                v[4] += first;
                v[0] = first + second;
            }
            for (var index = 0; index < state.Length; index++)
            {
                state[index] += v[index];
            }
        }

        private static uint[] Schedule(byte[] data, int start)
        {
            var w = new uint[64];
            for (var t = 0; t < 16; t++)
            {
                var at = start + t * 4;
                w[t] = ((uint)data[at] << 24) | ((uint)data[at + 1] << 16) | ((uint)data[at + 2] << 8) | data[at + 3];
            }
            for (var t = 16; t < 64; t++)
            {
                var early = Turned(w[t - 15], 7) ^ Turned(w[t - 15], 18) ^ (w[t - 15] >> 3);
                var late = Turned(w[t - 2], 17) ^ Turned(w[t - 2], 19) ^ (w[t - 2] >> 10);
                w[t] = w[t - 16] + early + w[t - 7] + late;
            }
            return w;
        }

        private static byte[] Padded(byte[] message)
        {
            var padded = new byte[(message.Length + 8) / BlockSize * BlockSize + BlockSize];
            Array.Copy(message, padded, message.Length);
            padded[message.Length] = 0x80;
            var bits = (ulong)message.Length * 8;
            for (var index = 0; index < 8; index++)
            {
                padded[padded.Length - 1 - index] = (byte)(bits >> (8 * index));
            }
            return padded;
        }

        /// <summary>The first 32 bits of the fractions of the cube roots of the first 64 primes.</summary>
        private static uint[] FractionsOfCubeRoots()
        {
            var constants = new uint[64];
            var candidate = 2;
            for (var count = 0; count < constants.Length; candidate++)
            {
                var isPrime = true;
                for (var divisor = 2; divisor * divisor <= candidate; divisor++)
                {
                    isPrime &= candidate % divisor != 0;
                }
                if (isPrime)
                {
                    var root = Math.Pow(candidate, 1.0 / 3.0);
                    constants[count++] = (uint)((root - Math.Floor(root)) * 4294967296.0);
                }
            }
            return constants;
        }

        private static uint Turned(uint value, int bits) => (value >> bits) | (value << (32 - bits));

        private static byte[] Masked(byte[] bytes, byte mask) => Array.ConvertAll(bytes, one => (byte)(one ^ mask));

        private static byte[] Joined(byte[] first, byte[] second)
        {
            var joined = new byte[first.Length + second.Length];
            first.CopyTo(joined, 0);
            second.CopyTo(joined, first.Length);
            return joined;
        }
    }
}
