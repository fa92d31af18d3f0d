package slilog

import (
	"bytes"
	"time"

	"github.com/sligo-go/sligo/internal/strictjson"
)

// Streams of a container.
const (
	stdout = "stdout"
	stderr = "stderr"
)

// A chunk is a line without the envelope of its container.
type chunk struct {
	text    []byte
	stream  string // stdout or stderr, or empty without an envelope
	partial bool   // the next chunk of the stream continues the text
}

// unwrap takes a line out of the envelope that the container's runtime added.
func unwrap(line []byte) chunk {
	if c, ok := unwrapCRI(line); ok {
		return c
	}
	if c, ok := unwrapDocker(line); ok {
		return c
	}
	return chunk{text: line}
}

// unwrapCRI unwraps a line of the Container Runtime Interface, which Kubernetes
// and Podman write:
//
//	2016-10-06T00:17:09.669794202Z stdout P the first part of a
//	2016-10-06T00:17:09.669794203Z stdout F long line
func unwrapCRI(line []byte) (chunk, bool) {
	stamp, rest, _ := bytes.Cut(line, space)
	stream, rest, _ := bytes.Cut(rest, space)
	tags, text, _ := bytes.Cut(rest, space)
	tag, _, _ := bytes.Cut(tags, []byte(":"))
	c := chunk{text: text, stream: string(stream), partial: string(tag) == "P"}
	if c.stream != stdout && c.stream != stderr || !c.partial && string(tag) != "F" {
		return chunk{}, false
	}
	return c, isTime(stamp)
}

var space = []byte(" ")

// isTime reports whether a text is a time of RFC 3339.
func isTime(text []byte) bool {
	if len(text) < len("2006-01-02T15:04:05Z") || text[0] < '0' || text[0] > '9' {
		return false
	}
	_, err := time.Parse(time.RFC3339, string(text))
	return err == nil
}

// unwrapDocker unwraps a line of Docker's json-file driver, whose text ends
// with a newline unless the next line continues it:
//
//	{"log":"a line\n","stream":"stdout","time":"2016-10-06T00:17:09.669794202Z"}
func unwrapDocker(line []byte) (chunk, bool) {
	if !bytes.HasPrefix(line, []byte("{")) || !bytes.Contains(line, []byte(`"stream"`)) {
		return chunk{}, false
	}
	var envelope struct {
		Log    *string        `json:"log"`
		Stream string         `json:"stream"`
		Time   *time.Time     `json:"time"`
		Attrs  map[string]any `json:"attrs"`
	}
	err := strictjson.Unmarshal(line, &envelope)
	if err != nil || envelope.Log == nil || envelope.Time == nil || envelope.Stream != stdout && envelope.Stream != stderr {
		return chunk{}, false
	}
	text, whole := bytes.CutSuffix([]byte(*envelope.Log), []byte("\n"))
	return chunk{text: text, stream: envelope.Stream, partial: !whole}, true
}
