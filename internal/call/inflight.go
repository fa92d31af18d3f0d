package call

import (
	"sync"

	"github.com/sligo-go/sligo/internal/cells"
)

// InFlight holds the calls that have not ended. A call that hangs reports
// nothing itself, so a reader of the counters looks for it here. There is no
// goroutine and no timer, and the list's nodes are part of the calls, so that
// a call costs two short critical sections on a lock of its core.
type InFlight struct {
	kinds   int
	walking sync.Mutex
	shards  []shard
}

// NewInFlight returns an empty list that counts calls of kinds 0 to kinds-1.
func NewInFlight(kinds int) *InFlight {
	f := &InFlight{kinds: kinds, shards: make([]shard, cells.Shards())}
	for i := range f.shards {
		f.shards[i].active = make([]uint32, max(kinds, perLine))
	}
	return f
}

// perLine is the number of uint32 in a pair of cache lines.
const perLine = 128 / 4

// Judged is a call in flight.
type Judged interface {
	// Judge judges the call, and reports whether nothing remains to be judged
	// before the call ends.
	Judge() bool
}

// shard is the part of InFlight to which a core adds. Its lists have the
// newest call first.
type shard struct {
	mu     sync.Mutex
	open   list     // calls that a walk may still judge
	closed list     // the others, which no walk visits
	active []uint32 // by kind
	round  uint32   // of the walk that visits the shard

	_ [64]byte // keeps shards out of each other's cache lines
}

// list is a doubly linked list of nodes.
type list struct{ newest, oldest *Node }

// Node is a call's place in a list. The shard's lock guards it.
type Node struct {
	owner        Judged
	newer, older *Node
	round        uint32 // of the last walk that visited the call
	in           membership
	walked       bool // a walk has visited the call
	shard, kind  uint8
}

// Shard returns the shard of the call's core, for the cells of package cells.
func (n *Node) Shard() int { return int(n.shard) }

// Walked reports whether a walk has visited a call that has left, and may still
// be judging it.
func (n *Node) Walked() bool { return n.walked }

// membership names the list of the shard that a node is in.
type membership uint8

const (
	inNone membership = iota // the call has ended
	inOpen
	inClosed
)

func (l *list) add(n *Node) {
	n.newer, n.older = nil, l.newest
	if l.newest == nil {
		l.oldest = n
	} else {
		l.newest.newer = n
	}
	l.newest = n
}

func (l *list) remove(n *Node) {
	if n.newer == nil {
		l.newest = n.older
	} else {
		n.newer.older = n.older
	}
	if n.older == nil {
		l.oldest = n.newer
	} else {
		n.older.newer = n.newer
	}
	n.newer, n.older = nil, nil
}

// Enter adds the node of a call that begins. The node of an earlier call of the
// same owner keeps its shard. No walk may have visited that call.
func (f *InFlight) Enter(n *Node, owner Judged, kind int) {
	if n.owner == nil {
		n.owner, n.shard = owner, uint8(cells.Shard())
	}
	n.kind = uint8(kind)
	s := &f.shards[n.shard]
	s.mu.Lock()
	n.round = s.round // a walk that is under way ends before n
	n.in = inOpen
	s.open.add(n)
	s.active[kind]++
	s.mu.Unlock()
}

// Leave removes the node of a call that ends. A node that is not in the list
// stays so: the call ended before it could enter.
func (f *InFlight) Leave(n *Node) {
	s := &f.shards[n.shard]
	s.mu.Lock()
	if n.in != inNone {
		s.remove(n)
	}
	s.mu.Unlock()
}

func (s *shard) remove(n *Node) {
	if n.in == inOpen {
		s.open.remove(n)
	} else {
		s.closed.remove(n)
	}
	n.in = inNone
	s.active[n.kind]--
}

// Active returns the number of calls in flight by kind. It holds all locks at
// once, in order: a client that ends a call on a shard that was read and begins
// one on a shard that was not would count twice.
func (f *InFlight) Active() []uint32 {
	sum := make([]uint32, f.kinds)
	for i := range f.shards {
		f.shards[i].mu.Lock()
	}
	for i := range f.shards {
		for kind := range sum {
			sum[kind] += f.shards[i].active[kind]
		}
	}
	for i := range f.shards {
		f.shards[i].mu.Unlock()
	}
	return sum
}

// step is the number of calls that a walk takes from a list at once.
const step = 64

// Walk calls Judge for each open call, and closes those for which it returns
// true. It holds a shard's lock only for steps, and never while Judge runs,
// which calls code of the program.
func (f *InFlight) Walk() {
	f.walking.Lock()
	defer f.walking.Unlock()
	var batch [step]*Node
	for i := range f.shards {
		s := &f.shards[i]
		s.start()
		for n := s.visit(&batch); n > 0; n = s.visit(&batch) {
			for j, node := range batch[:n] {
				if !node.owner.Judge() {
					batch[j] = nil
				}
			}
			s.close(batch[:n])
		}
	}
}

func (s *shard) start() {
	s.mu.Lock()
	s.round++
	s.mu.Unlock()
}

// visit takes the oldest open calls that the walk has not visited, and
// moves them to the other end of the list.
func (s *shard) visit(batch *[step]*Node) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n < step && s.open.oldest != nil && s.open.oldest.round != s.round {
		node := s.open.oldest
		s.open.remove(node)
		s.open.add(node)
		node.round, node.walked = s.round, true
		batch[n] = node
		n++
	}
	return n
}

// close moves calls that are still open to the other list. It clears the
// batch.
func (s *shard) close(batch []*Node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range batch {
		if n != nil && n.in == inOpen {
			s.open.remove(n)
			n.in = inClosed
			s.closed.add(n)
		}
	}
	clear(batch)
}
