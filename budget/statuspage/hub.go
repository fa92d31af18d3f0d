package statuspage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A hub renders each subject that somebody watches once a second, and wakes its
// viewers if something changed. It holds one state of each subject and a
// signal for each viewer, so its memory does not grow with time or with slow
// viewers: a viewer that wakes up late sees the latest state.
type hub struct {
	page *Page
	boot string // identifies the process, to refuse numbers of another one
	// ctx ends with the hub, and with it a reading that the hub waits for.
	ctx context.Context
	end context.CancelFunc

	// seq numbers the changes of all channels. A channel that ends and begins
	// again never has a number twice.
	seq uint64 // for the hub's goroutine only

	mu       sync.Mutex // guards all below
	closed   bool
	running  bool
	viewers  int
	channels map[subject]*channel
	done     sync.WaitGroup
}

// channel is the live state of a subject. Each change has a number.
type channel struct {
	subject subject
	wakes   map[chan struct{}]bool // of the viewers, guarded by the hub
	states  map[string]string      // for the hub's goroutine only

	mu     sync.Mutex // guards all below
	seq    uint64     // of the last change
	frames []liveFrame
	index  map[string]int // of the frames, by key
	stamp  string         // frame with the time of the figures
	delta  string         // frames of the last change
	before uint64         // seq before it
}

// liveFrame is an event of the stream.
type liveFrame struct {
	seq  uint64 // of its last change
	text string
	news bool // for viewers who have seen the state before it
}

// renderEvery is the time between two renderings.
const renderEvery = time.Second

func newHub(p *Page) *hub {
	id := make([]byte, 4)
	_, _ = rand.Read(id) // never fails
	h := &hub{page: p, boot: hex.EncodeToString(id), channels: map[subject]*channel{}}
	h.ctx, h.end = context.WithCancel(context.Background())
	return h
}

// join adds a viewer of a subject. It returns nil if there are too many, and
// after close.
func (h *hub) join(s subject) (*channel, chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isFull() {
		return nil, nil
	}
	h.viewers++
	c := h.channels[s]
	if c == nil {
		c = &channel{subject: s, wakes: map[chan struct{}]bool{}, index: map[string]int{}}
		h.channels[s] = c
	}
	wake := make(chan struct{}, 1)
	c.wakes[wake] = true
	if !h.running {
		h.running = true
		h.done.Go(h.run)
	}
	return c, wake
}

// isFull reports whether join refuses viewers. The caller holds the lock.
func (h *hub) isFull() bool { return h.closed || h.viewers >= h.page.options.MaxViewers }

// hasRoom reports whether a viewer could join now.
func (h *hub) hasRoom() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.isFull()
}

// leave removes a viewer.
func (h *hub) leave(c *channel, wake chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.viewers--
	delete(c.wakes, wake)
	if len(c.wakes) == 0 {
		delete(h.channels, c.subject)
	}
}

// close ends all streams and refuses new ones.
func (h *hub) close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.end()
	h.done.Wait()
}

// run renders while there are viewers.
func (h *hub) run() {
	ticks := time.NewTicker(renderEvery)
	defer ticks.Stop()
	for {
		channels, more := h.watched()
		if !more {
			return
		}
		b, age, live := h.page.cache.board(h.ctx)
		for _, c := range channels {
			h.seq++
			if h.page.update(c, b, age, live, h.seq) {
				h.wake(c)
			}
		}
		select {
		case <-ticks.C:
		case <-h.ctx.Done():
			return
		}
	}
}

// watched returns the channels with viewers, and false if the hub can rest.
func (h *hub) watched() ([]*channel, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.channels) == 0 {
		h.running = false
	}
	return slices.Collect(maps.Values(h.channels)), h.running
}

// wake tells the viewers of a channel that it has changed. A viewer that has
// not seen the last change yet will see both at once.
func (h *hub) wake(c *channel) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for wake := range c.wakes {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

// since returns the frames that changed after a number, and the present
// number.
func (c *channel) since(seen uint64) (frames string, seq uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if seen == c.before && c.delta != "" {
		return c.delta, c.seq // most viewers have seen all before it
	}
	var b strings.Builder
	for _, f := range c.frames {
		if f.seq > seen && (!f.news || seen > 0) {
			b.WriteString(f.text)
		}
	}
	return b.String(), c.seq
}

// time returns the frame with the time of the figures.
func (c *channel) time() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stamp
}

// replace sets frames by their keys, and reports whether any has changed. The
// number of the change is next. A key that is gone keeps its last frame, since
// elements never disappear.
func (c *channel) replace(frames map[string]liveFrame, order []string, stamp string, next uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stamp = stamp
	var delta strings.Builder
	for _, key := range order {
		at, ok := c.index[key]
		if !ok {
			at = len(c.frames)
			c.index[key] = at
			c.frames = append(c.frames, liveFrame{})
		}
		if f := frames[key]; c.frames[at].text != f.text {
			f.seq = next
			c.frames[at] = f
			delta.WriteString(f.text)
		}
	}
	if delta.Len() == 0 {
		return false
	}
	c.before, c.seq, c.delta = c.seq, next, delta.String()
	return true
}

// version identifies a state of a stream.
func (h *hub) version(seq uint64) string { return h.boot + "-" + strconv.FormatUint(seq, 10) }

// seen returns the number that a viewer has seen by the ID of its last event: 0
// if it comes from another process or from the future.
func (h *hub) seen(c *channel, lastEventID string) uint64 {
	boot, number, _ := strings.Cut(lastEventID, "-")
	seq, err := strconv.ParseUint(number, 10, 64)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || boot != h.boot || seq > c.seq {
		return 0
	}
	return seq
}
