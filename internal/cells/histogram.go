package cells

import "slices"

// Layout assigns the cells of sets that are all built alike, such as one Set
// for each series of a metric. The zero Layout is empty. It is not safe for
// concurrent use; the histograms and sets that it returns are.
type Layout struct{ size int }

// Histogram adds a histogram to the layout and returns its place, which is
// valid in each set that New returns from then on. The bounds are the inclusive
// upper bounds of its buckets, in ascending order; the caller must not change
// them. One more bucket holds the values above all bounds.
func (l *Layout) Histogram(bounds []int64) *Histogram {
	h := &Histogram{bounds: bounds, first: l.size}
	l.size = h.sum() + 1
	return h
}

// New returns a set with a cell for everything in the layout.
func (l *Layout) New() *Set { return New(l.size) }

// Histogram is the place of a histogram with classic buckets in the sets of a
// [Layout]: a cell for each bucket, then one for the sum. It holds no counts.
type Histogram struct {
	bounds []int64
	first  int // cell
}

func (h *Histogram) sum() int { return h.first + len(h.bounds) + 1 }

// Bounds returns the bounds of the buckets. The caller must not change them.
func (h *Histogram) Bounds() []int64 { return h.bounds }

// Observe counts v in a set of h's layout, on a shard that [Shard] returned. A
// negative v counts as zero, because the sum must not fall.
func (h *Histogram) Observe(set *Set, shard int, v int64) {
	v = max(v, 0)
	bucket := h.first + h.Bucket(v)
	busy := set.busy.Load()
	if busy == nil {
		set.addRare(bucket, 1)
		set.addRare(h.sum(), uint64(v))
		return
	}
	row := (*busy)[shard*set.stride:]
	row[bucket].Add(1)
	if v != 0 { // the bodies of most requests are empty
		row[h.sum()].Add(uint64(v))
	}
}

// Bucket returns the index of the bucket that counts a value. It is the number
// of bounds for a value above all of them.
func (h *Histogram) Bucket(v int64) int {
	bucket := 0
	for bucket < len(h.bounds) && v > h.bounds[bucket] {
		bucket++
	}
	return bucket
}

// Snapshot is the content of a histogram at one time. No value of a later
// snapshot is less than in an earlier one.
type Snapshot struct {
	// Buckets has the number of values in each bucket, the values above all
	// bounds last.
	Buckets []uint64
	// Count is the sum of Buckets, so that it always agrees with them.
	Count uint64
	// Sum is the sum of the values, modulo 2^64. It may lack values that are being
	// observed during the read, or include some that Count lacks.
	Sum uint64
}

// Snapshot reads the histogram in a set of h's layout. It uses the memory of
// buf, which may be nil, for Buckets if it suffices.
func (h *Histogram) Snapshot(set *Set, buf []uint64) Snapshot {
	n := len(h.bounds) + 1
	s := Snapshot{Buckets: slices.Grow(buf[:0], n)[:n]}
	for i := range s.Buckets {
		s.Buckets[i] = set.rare[h.first+i].Load()
	}
	if busy := set.busy.Load(); busy != nil {
		for at := h.first; at < len(*busy); at += set.stride {
			for i := range s.Buckets {
				s.Buckets[i] += (*busy)[at+i].Load()
			}
		}
	}
	for _, n := range s.Buckets {
		s.Count += n
	}
	s.Sum = set.Sum(h.sum())
	return s
}
