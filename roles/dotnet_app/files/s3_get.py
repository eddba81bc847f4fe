# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Download an object of S3 with the credentials of the instance profile.

Usage: s3_get.py BUCKET KEY FILE [REGION [ENDPOINT]]. Without REGION the instance's own, without ENDPOINT that of AWS.
The credentials come from the instance metadata (version 2) and go nowhere but into the signature. Standard library
only: it runs on the host, where there may be neither the AWS CLI nor boto3.
"""
# ruff: noqa: S310 - the addresses are those of the metadata service, of AWS, or given by the operator

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

METADATA = "http://169.254.169.254/latest"
EMPTY = hashlib.sha256(b"").hexdigest()
TIMEOUT = 60  # seconds without a byte


def metadata(path: str, token: str) -> str:
    request = urllib.request.Request(f"{METADATA}/meta-data/{path}", headers={"X-aws-ec2-metadata-token": token})
    return read(request)


def metadata_token() -> str:
    headers = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    return read(urllib.request.Request(f"{METADATA}/api/token", method="PUT", headers=headers))


def read(request: urllib.request.Request) -> str:
    with urllib.request.urlopen(request, timeout=5) as answer:
        text: str = answer.read().decode()
        return text


def address(bucket: str, key: str, region: str, endpoint: str) -> str:
    path = urllib.parse.quote(key, safe="/-_.~")
    if endpoint:
        return f"{endpoint.rstrip('/')}/{bucket}/{path}"
    # A name with dots is not covered by the certificate.
    if "." in bucket:
        return f"https://s3.{region}.amazonaws.com/{bucket}/{path}"
    return f"https://{bucket}.s3.{region}.amazonaws.com/{path}"


def signed(url: str, region: str, credentials: dict[str, str]) -> urllib.request.Request:
    """A GET request with an AWS Signature Version 4."""
    parts = urllib.parse.urlsplit(url)
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers = {
        "host": parts.netloc,
        "x-amz-content-sha256": EMPTY,
        "x-amz-date": now,
        "x-amz-security-token": credentials["Token"],
    }
    names = ";".join(headers)
    lines = [f"{name}:{value}" for name, value in headers.items()]
    canonical = "\n".join(["GET", parts.path, "", *lines, "", names, EMPTY])
    scope = f"{now[:8]}/{region}/s3/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{credentials['SecretAccessKey']}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
    given = f"Credential={credentials['AccessKeyId']}/{scope}, SignedHeaders={names}, Signature={signature}"
    return urllib.request.Request(url, headers={**headers, "Authorization": f"AWS4-HMAC-SHA256 {given}"})


def main() -> None:
    bucket, key, file, region, endpoint = (*sys.argv[1:], "", "")[:5]
    try:
        token = metadata_token()
        region = region or metadata("placement/region", token)
        role = metadata("iam/security-credentials/", token).split()[0]
        credentials = json.loads(metadata(f"iam/security-credentials/{role}", token))
    except (urllib.error.URLError, IndexError) as error:
        sys.exit(f"The instance has no credentials: is there an instance profile? ({error})")
    try:
        request = signed(address(bucket, key, region, endpoint), region, credentials)
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer, open(file, "xb") as copy:
            shutil.copyfileobj(answer, copy)
    except urllib.error.HTTPError as error:
        sys.exit(f"s3://{bucket}/{key}: {error} {error.read(2000).decode(errors='replace')}")
    except urllib.error.URLError as error:
        sys.exit(f"s3://{bucket}/{key}: {error}")


if __name__ == "__main__":
    main()
