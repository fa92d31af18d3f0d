package delivery

import (
	"fmt"
	"log/slog"
	"time"
)

// Options configures a [Buffer]. The zero value means the defaults.
type Options struct {
	// Bytes is the size of each of the two buffers in bytes. 0 means 256 KiB.
	Bytes int

	// Full selects the behavior when the buffer is full. 0 means [FullBlock].
	Full Full

	// BlockFor is the maximum time that FullBlock waits for room. 0 means 5 s.
	BlockFor time.Duration

	// FlushLevel is the minimum level of lines for which the call waits until the
	// line and all lines before it are written. With [FullDrop] the call does not
	// wait, and writing starts at once. Nil means ERROR.
	FlushLevel slog.Leveler

	// FlushFor is the maximum time of that wait, after which the line stays in the
	// buffer. If a wait was in vain, further calls do not wait until the writer
	// completes a Write. 0 means 1 s.
	FlushFor time.Duration

	// OnError is called with the writer's errors, from the goroutine that writes.
	// Nil reports them on standard error, at most one every ten seconds.
	OnError func(error)
}

// Full selects how a Buffer treats a line for which it has no room.
type Full int

const (
	// FullBlock waits for room, for at most BlockFor, and then drops lines as
	// FullDrop does. After one wait in vain, no call waits until the writer
	// completes a Write: a slow writer slows the service down, but a writer that
	// hangs does not stop it. It is the default.
	FullBlock Full = iota

	// FullDrop never waits. If dropping buffered lines of lower levels makes room
	// for the new line, it drops as many as needed, the lowest level first.
	// Otherwise it drops the new line.
	FullDrop
)

// String returns "block" or "drop".
func (f Full) String() string {
	switch f {
	case FullBlock:
		return "block"
	case FullDrop:
		return "drop"
	}
	return fmt.Sprintf("Full(%d)", int(f))
}

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Bytes <= 0 {
		d.Bytes = 256 << 10
	}
	if d.BlockFor <= 0 {
		d.BlockFor = 5 * time.Second
	}
	if d.FlushLevel == nil {
		d.FlushLevel = slog.LevelError
	}
	if d.FlushFor <= 0 {
		d.FlushFor = time.Second
	}
	return d
}
