package pack

import (
	"strings"
	"sync"

	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sligo-go/sligo/internal/cowmap"
)

// Span is a packed span. It is immutable.
type Span struct {
	data   string // as written by writer.span
	origin *origin
	size   int
}

// Sizes of allocations beside a span's data, in bytes.
const (
	headerSize = 32 + 8 // a Span and the pointer to it
	originSize = 80
)

// Size returns the bytes that the span takes on the heap.
func (s *Span) Size() int { return s.size }

// origin is where a span was made. Many spans share it.
type origin struct {
	resource *resource.Resource
	scope    instrumentation.Scope
}

// maxOrigins bounds the shared origins. A program that names its tracers by
// the content of requests has more.
const maxOrigins = 1000

// Packer packs spans. Its fields must be set before its first use. It is safe
// for concurrent use.
type Packer struct {
	// MaxText is the maximum number of characters in an attribute's text, also
	// in events and links, for which the SDK has no limit. Names and the
	// status have at least [minText] characters. A negative number means no
	// limit.
	MaxText int

	origins cowmap.Map[origin, *origin]
}

// minText is the limit of names and the status if attributes have a lower one,
// which may be so low that names would lose their meaning.
const minText = 4096

// writers are reused to write spans before their sizes are known.
var writers = sync.Pool{New: func() any { return new(writer) }}

// maxReused is the largest buffer that is reused, so that one large span does
// not take memory for ever.
const maxReused = 64 << 10

// Pack returns the packed form of an ended span.
func (p *Packer) Pack(s sdktrace.ReadOnlySpan) *Span {
	w := writers.Get().(*writer)
	w.maxValue, w.maxName = p.MaxText, p.MaxText
	if p.MaxText >= 0 {
		w.maxName = max(p.MaxText, minText)
	}
	w.buffer = w.buffer[:0]
	w.span(s)
	var data strings.Builder // its capacity tells the size of the allocation
	data.Grow(len(w.buffer))
	data.Write(w.buffer)
	if cap(w.buffer) <= maxReused {
		writers.Put(w)
	}
	at, shared := p.origin(s)
	size := headerSize + data.Cap()
	if !shared {
		size += originSize
	}
	return &Span{data: data.String(), origin: at, size: size}
}

// origin returns the origin of a span, and whether other spans share it.
func (p *Packer) origin(s sdktrace.ReadOnlySpan) (at *origin, shared bool) {
	key := origin{s.Resource(), s.InstrumentationScope()}
	known := p.origins.Load()
	if at = known[key]; at != nil {
		return at, true
	}
	return p.newOrigin(key, len(known) < maxOrigins)
}

// newOrigin returns a new origin, and shares it unless there are too many.
func (p *Packer) newOrigin(key origin, share bool) (at *origin, shared bool) {
	at = &key
	if share {
		p.origins.Edit(func(next map[origin]*origin) {
			if other := next[key]; other != nil {
				at = other
			}
			next[key] = at
		})
	}
	return at, share
}
