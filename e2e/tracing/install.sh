#!/usr/bin/env bash
# Installs the servers for the tests in this directory: Jaeger, built from its
# module on the Go module proxy, and Zipkin's server from Maven Central. It keeps
# servers that are already installed. It requires Go, Maven and Java 17.
set -euo pipefail

jaeger=1.62.0 zipkin=3.4.4 # the tests look for these versions, see process_test.go
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sligo
mkdir -p "$cache"

if [[ ! -x $cache/jaeger-$jaeger ]]; then
	# go install refuses its go.mod, which replaces a module, but it builds as a main module.
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
