package logissue_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sligo-go/sligo/logging/logissue"
)

func BenchmarkNormalize(b *testing.B) {
	const text = `failed to load order 17: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:37659: connect: connection refused"`
	for b.Loop() {
		logissue.Normalize(text)
	}
}

func BenchmarkAdd(b *testing.B) {
	tracker := newTracker(b, nil)
	now := time.Now()
	err := fmt.Errorf("load order 17: %w", errors.New("connection refused by 10.0.0.1"))
	for b.Loop() {
		tracker.Add(err, "request failed", now)
	}
}
