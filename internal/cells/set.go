package cells

import (
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	// perLine is the number of cells in a pair of cache lines. Processors
	// prefetch lines of 64 bytes in pairs, so that shards 128 bytes apart do
	// not disturb each other.
	perLine = 128 / 8

	// maxShards bounds the memory of a Set on large machines, where two cores
	// may then share a shard.
	maxShards = 32
)

// shards is the number of shards in a Set: the smallest power of two that gives
// each core its own, at most maxShards.
var shards = min(1<<bits.Len(uint(runtime.GOMAXPROCS(0)-1)), maxShards)

// token carries the number of a shard through the pool. sync.Pool has a free
// list for each P, so a core mostly gets the token that it put back last.
type token struct{ shard int }

var (
	tokens [maxShards]token
	next   atomic.Uint32
	pool   = sync.Pool{New: func() any {
		// Unsigned, since an int of 32 bits could become negative.
		i := (next.Add(1) - 1) % uint32(shards)
		return &tokens[i]
	}}
)

func init() {
	for i := range tokens {
		tokens[i].shard = i
	}
}

// Shard returns the shard to which the calling goroutine should add now. It is
// a hint about the current core: another core may use it too, at a higher cost.
func Shard() int {
	t := pool.Get().(*token)
	pool.Put(t)
	return t.shard
}

// Shards returns the number of shards: Shard returns less.
func Shards() int { return shards }

// Set is a fixed number of cells. Each is a counter modulo 2^64 that starts at
// zero. Most sets of a program count rare events, so a set has shards only once
// a cell reaches busyFrom.
type Set struct {
	stride int // cells from one shard to the next, a multiple of perLine
	rare   []atomic.Uint64
	busy   atomic.Pointer[[]atomic.Uint64] // the shards, or nil
}

// busyFrom is the value of a cell from which its set has shards. A series that
// reaches it in a day has one event in 20 seconds, and cores that wait for each
// other cost it nothing. One that many cores share reaches it in a second.
const busyFrom = 4096

// New returns a set of n cells.
func New(n int) *Set {
	stride := (n + perLine - 1) / perLine * perLine
	return &Set{stride: stride, rare: make([]atomic.Uint64, n)}
}

// Add adds delta to cell i on a shard that [Shard] returned. A delta of
// ^uint64(0) subtracts one.
func (s *Set) Add(shard, i int, delta uint64) {
	if busy := s.busy.Load(); busy != nil {
		(*busy)[shard*s.stride+i].Add(delta)
	} else {
		s.addRare(i, delta)
	}
}

func (s *Set) addRare(i int, delta uint64) {
	if s.rare[i].Add(delta) == busyFrom {
		s.grow()
	}
}

// grow gives the set its shards. The cells keep their counts.
func (s *Set) grow() {
	busy := make([]atomic.Uint64, s.stride*shards)
	s.busy.CompareAndSwap(nil, &busy)
}

// Sum returns the value of cell i. If nobody subtracts from the cell, a later
// Sum is never less than an earlier one.
func (s *Set) Sum(i int) uint64 {
	sum := s.rare[i].Load()
	if busy := s.busy.Load(); busy != nil {
		for at := i; at < len(*busy); at += s.stride {
			sum += (*busy)[at].Load()
		}
	}
	return sum
}
