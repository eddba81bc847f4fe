#!/usr/bin/env bash
# Fetch the runtime, compile the sample application, and pack what the role dotnet_app is tested with.
#
#   build.sh DIRECTORY    leaves there, with a SHA-256 sum beside each archive:
#     dotnet-runtime-3.1.23.tar.gz   the runtime, with dotnet at its top
#     widgets-1.0.zip, widgets-2.0.tar.gz, widgets-broken.zip    releases of the sample application
#     kestrel.tgz                    a self-contained application of somebody else, unchanged
#     variables.yml                  what the role needs to run widgets-1.0.zip
#
# The runtime is the one that can be installed from a package registry on any machine: .NET Core 3.1 in a wheel of PyPI.
# It is out of support, has no ASP.NET Core, and wants an OpenSSL that is gone, so it has no TLS and no HttpListener; the
# sample is written for what is there. Microsoft's compiler comes with the SDK only, so Mono's compiles it, against the
# assemblies of the runtime. The self-contained application brings a current .NET with Kestrel.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

RUNTIME=3.1.23
RUNTIME_SHA256=5f076ddc39da0c685e7de20ecb91ee81185928918ec86fbeb3bffc55dd867ab5
KESTREL=2.0.5
KESTREL_SHA256=59e49713045a8c78c4915a6368bfc7688e7e9032a74d1fdf6caaa24d05a4dbdb

check() { # FILE SHA256
  echo "$2  $1" | sha256sum --check --status || { echo "$1 is not the file that was expected." >&2; exit 1; }
}

sum() { # FILE
  (cd "$out" && sha256sum "$1" | cut -d' ' -f1 >"$1.sha256")
}

fetch_runtime() {
  python3 -m pip --disable-pip-version-check -q download --no-deps --only-binary :all: \
    --platform manylinux1_x86_64 -d "$work" "dotnetcore2==$RUNTIME"
  local wheel=$work/dotnetcore2-$RUNTIME-py3-none-manylinux1_x86_64.whl
  check "$wheel" "$RUNTIME_SHA256"
  python3 -m zipfile -e "$wheel" "$work/wheel"
  chmod 0755 "$work/wheel/dotnetcore2/bin/dotnet"
  tar -C "$work/wheel/dotnetcore2/bin" -czf "$out/dotnet-runtime-$RUNTIME.tar.gz" .
  sum "dotnet-runtime-$RUNTIME.tar.gz"
}

fetch_kestrel() {
  (cd "$work" && npm pack --silent "@azure/mcp-linux-x64@$KESTREL" >/dev/null)
  check "$work/azure-mcp-linux-x64-$KESTREL.tgz" "$KESTREL_SHA256"
  mv "$work/azure-mcp-linux-x64-$KESTREL.tgz" "$out/kestrel.tgz"
  sum kestrel.tgz
}

compile() {
  local assemblies=$work/runtime/shared/Microsoft.NETCore.App/$RUNTIME name references=()
  mkdir "$work/runtime" "$work/widgets"
  tar -C "$work/runtime" -xzf "$out/dotnet-runtime-$RUNTIME.tar.gz"
  for name in netstandard Microsoft.Win32.Primitives System.{Collections,Console,IO.FileSystem,Memory,Private.CoreLib} \
    System.{Private.Uri,Runtime,Runtime.Extensions,Text.Encodings.Web,Text.Json,Threading} \
    System.Net.{Http,Primitives,Sockets}; do
    references+=("-r:$assemblies/$name.dll")
  done
  # 1702: two assemblies of the runtime were built against different versions of a third.
  mcs -nostdlib -noconfig -langversion:7 -optimize -warnaserror -nowarn:1702 \
    "${references[@]}" -out:"$work/widgets/widgets.dll" "$here"/widgets/*.cs
  cp "$here/widgets/widgets.runtimeconfig.json" "$work/widgets/"
}

pack() {
  cd "$work/widgets"
  echo 1.0 >version.txt
  python3 -m zipfile -c "$out/widgets-1.0.zip" ./*
  echo 2.0 >version.txt
  tar -czf "$out/widgets-2.0.tar.gz" .
  # Starts, and ends at once: it reads its version first.
  rm version.txt
  python3 -m zipfile -c "$out/widgets-broken.zip" ./*
  sum widgets-1.0.zip
  sum widgets-2.0.tar.gz
  sum widgets-broken.zip
}

describe() {
  cat >"$out/variables.yml" <<YAML
dotnet_app_name: widgets
dotnet_app_archive: $out/widgets-1.0.zip
dotnet_app_entry: widgets.dll
dotnet_app_runtime: archive
dotnet_app_runtime_archive: $out/dotnet-runtime-$RUNTIME.tar.gz
YAML
}

[ -f "$out/dotnet-runtime-$RUNTIME.tar.gz.sha256" ] || fetch_runtime
[ -f "$out/kestrel.tgz.sha256" ] || fetch_kestrel
compile
pack
describe
