// Package cells holds counters that many cores add to at once without sharing a cache line.
//
// One atomic counter that two cores increment costs several times what a counter of each core's own
// does, because its cache line travels between them. A [Set] therefore keeps its cells once per
// shard, and a reader sums the shards. Adding is one atomic add and never allocates; reading walks
// all shards, which is right for something that is read at a scrape.
//
// All of the package is safe for concurrent use.
package cells

import (
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	// perLine is how many cells share a pair of cache lines: processors prefetch lines of 64 bytes
	// in pairs, so shards that are 128 bytes apart do not disturb each other.
	perLine = 128 / 8

	// maxShards bounds the memory of a Set on large machines, where neighbours then share a shard.
	maxShards = 32
)

// shards is how many copies a Set keeps: the least power of two that gives each core its own.
var shards = min(1<<bits.Len(uint(runtime.GOMAXPROCS(0)-1)), maxShards)

// A token is what the pool hands to a core: the number of its shard. sync.Pool keeps a free list
// for each P, so a core mostly gets back the token that it put there last.
type token struct{ shard int }

var (
	tokens [maxShards]token
	next   atomic.Uint32
	pool   = sync.Pool{New: func() any {
		i := (next.Add(1) - 1) % uint32(shards) // which never is negative, as an int of 32 bits could be
		return &tokens[i]
	}}
)

func init() {
	for i := range tokens {
		tokens[i].shard = i
	}
}

// Shard returns the shard on which the calling goroutine should add now. It is a hint about which
// core this is: any value in a goroutine's hands stays correct, it only may cost more later.
func Shard() int {
	t := pool.Get().(*token)
	pool.Put(t)
	return t.shard
}

// Set is a fixed number of cells, each of them a counter modulo 2^64 that starts at zero.
type Set struct {
	stride int // cells from one shard to the next, a multiple of perLine
	cells  []atomic.Uint64
}

// New returns a set of n cells.
func New(n int) *Set {
	stride := (n + perLine - 1) / perLine * perLine
	return &Set{stride: stride, cells: make([]atomic.Uint64, stride*shards)}
}

// Add adds delta to cell i on a shard that [Shard] returned. Adding ^uint64(0) subtracts one.
func (s *Set) Add(shard, i int, delta uint64) {
	s.cells[shard*s.stride+i].Add(delta)
}

// Sum returns the value of cell i. Of a cell that is only ever added to, a later Sum is never less
// than an earlier one.
func (s *Set) Sum(i int) uint64 {
	var sum uint64
	for at := i; at < len(s.cells); at += s.stride {
		sum += s.cells[at].Load()
	}
	return sum
}
