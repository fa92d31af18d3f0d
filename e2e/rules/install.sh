#!/usr/bin/env bash
# Installs the promtool of the Prometheus that go.mod requires, for the tests in
# this directory. It builds it from the module, and keeps one that is already
# installed. It requires the version of Go that go.mod asks for.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sligo
mkdir -p "$cache"

export GOWORK=off
version=$(go list -m -f '{{.Version}}' github.com/prometheus/prometheus)
program=$cache/promtool-${version#v} # the tests look for this name, see process_test.go
[[ ! -x $program ]] || exit 0
# The tag leaves out the clients of clouds.
part=$(mktemp -d -p "$cache")
trap 'rm -rf "$part"' EXIT
GOBIN=$part go install -trimpath -ldflags='-s -w' -tags remove_all_sd "github.com/prometheus/prometheus/cmd/promtool@$version"
mv "$part/promtool" "$program"
