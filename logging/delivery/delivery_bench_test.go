package delivery_test

import (
	"io"
	"log/slog"
	"testing"

	"github.com/sligo-go/sligo/logging/delivery"
)

// benchLine has a typical access line's length.
var benchLine = append(make([]byte, 299), '\n')

func BenchmarkWriteLine(b *testing.B) {
	b.Run("direct", func(b *testing.B) { writeLines(b, delivery.NewDirect(io.Discard, nil)) })
	b.Run("buffer", func(b *testing.B) { writeLines(b, delivery.NewBuffer(io.Discard, nil)) })
}

func writeLines(b *testing.B, w lineWriter) {
	b.ReportAllocs()
	for b.Loop() {
		_ = w.WriteLine(slog.LevelInfo, benchLine)
	}
	if err := w.Close(b.Context()); err != nil {
		b.Error(err)
	}
}

func BenchmarkWriteLineParallel(b *testing.B) {
	w := delivery.NewDirect(io.Discard, nil)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_ = w.WriteLine(slog.LevelInfo, benchLine)
		}
	})
	if got := w.Counts().Accepted(); got != uint64(b.N) {
		b.Errorf("accepted %d lines, want %d", got, b.N)
	}
}
