// Package cells holds counters and histograms to which many cores add at once
// without sharing a cache line.
//
// An atomic counter that two cores increment costs several times as much as a
// counter for each core, because its cache line travels between them. A [Set]
// therefore keeps a copy of its cells in each of several shards, and a reader
// sums the shards. Adding is an atomic add and never allocates. Reading visits
// every shard, which suits values that are read at a scrape.
//
// A [Layout] places counters and histograms in the cells of a Set, so that all
// values of one series share the padding of one Set.
//
// Everything here is safe for concurrent use, except Layout.
package cells
