#!/usr/bin/env bash
# Fetches axe-core from the npm registry, for the tests in this directory. It
# keeps one that is already there. It requires curl.
set -euo pipefail

version=4.14.1 # the tests look for this version, see axe_test.go
sum=1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sligo
mkdir -p "$cache"
script=$cache/axe-core-$version.min.js
[[ ! -f $script ]] || exit 0

part=$(mktemp -d -p "$cache")
trap 'rm -rf "$part"' EXIT
curl -fsS --retry 3 -o "$part/axe.tgz" "https://registry.npmjs.org/axe-core/-/axe-core-$version.tgz"
sha512sum --check --quiet - <<<"$sum  $part/axe.tgz"
tar -xzf "$part/axe.tgz" -C "$part" package/axe.min.js
mv "$part/package/axe.min.js" "$script"
