#!/usr/bin/env bash
# Makes the packages of a release build: packaging/build.sh BUILD_FOLDER OUTPUT_FOLDER
# One binary goes into the .deb and into the npm package of its platform.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$(realpath "$1")"
mkdir -p "$2"
output="$(realpath "$2")"
rm -f "$output"/*.deb "$output"/*.tgz

ninja -C "$build" packaging_files >/dev/null
(cd "$build" && cpack -G DEB -B "$output" >"$output/cpack.log") || { cat "$output/cpack.log"; exit 1; }
rm -rf "$output/_CPack_Packages" "$output/cpack.log"

stage="$(mktemp -d)"
trap 'rm -rf "$stage"' EXIT
version="$("$build/src/preflint" --version | grep -o '[0-9][^ ]*' | head -1)"

# The package with the binary: chosen by npm through "os" and "cpu", no script runs at installation.
mkdir -p "$stage/platform/bin"
install -m 755 -s "$build/src/preflint" "$stage/platform/bin/preflint"
cp "$root/LICENSE" "$stage/platform/"
cat >"$stage/platform/package.json" <<JSON
{
  "name": "preflint-linux-x64",
  "version": "$version",
  "description": "The preflint binary for Linux on x64",
  "license": "Apache-2.0",
  "os": ["linux"],
  "cpu": ["x64"],
  "files": ["bin/preflint"]
}
JSON

mkdir -p "$stage/main/packaging/npm"
cp "$root/packaging/npm/preflint.js" "$stage/main/packaging/npm/"
cp "$root/LICENSE" "$root/README.md" "$stage/main/"
sed -e "s/\"version\": \"[^\"]*\"/\"version\": \"$version\"/" \
  -e "s/\"preflint-linux-x64\": \"[^\"]*\"/\"preflint-linux-x64\": \"$version\"/" \
  "$root/package.json" >"$stage/main/package.json"

for package in platform main; do
  (cd "$output" && npm pack --silent "$stage/$package" >/dev/null)
done
ls -1 "$output"
