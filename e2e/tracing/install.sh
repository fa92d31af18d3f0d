#!/usr/bin/env bash
# Installs what the tests here run, from the Go module proxy and from Maven Central: Jaeger, built from
# its module, and Zipkin's server. What is there already stays. It needs Go, Maven and Java 17.
set -euo pipefail

jaeger=1.62.0 zipkin=3.4.4 # the tests look for these versions, see process_test.go
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sligo
mkdir -p "$cache"

if [[ ! -x $cache/jaeger-$jaeger ]]; then
	# Its go.mod replaces a module, so that go install refuses it; as a main module it builds.
	source=$(cd / && go mod download -json "github.com/jaegertracing/jaeger@v$jaeger" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
	(cd "$source" && GOFLAGS=-mod=readonly go build -trimpath -ldflags='-s -w' -o "$cache/jaeger-$jaeger.part" ./cmd/all-in-one)
	mv "$cache/jaeger-$jaeger.part" "$cache/jaeger-$jaeger"
fi

if [[ ! -f $cache/zipkin-server-$zipkin-slim.jar ]]; then
	mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
		-Dartifact="io.zipkin:zipkin-server:$zipkin:jar:slim" -DoutputDirectory="$cache/part"
	mv "$cache/part/zipkin-server-$zipkin-slim.jar" "$cache/"
	rmdir "$cache/part"
fi
