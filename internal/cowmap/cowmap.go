// Package cowmap provides a map for keys that a program uses over and over,
// such as its routes and the names of its log attributes. Reading takes no
// lock and costs one atomic load; adding a key copies the map.
package cowmap

import (
	"maps"
	"sync"
	"sync/atomic"
)

// Map is a copy-on-write map. The zero Map is empty and ready to use. It is
// safe for concurrent use and must not be copied.
type Map[K comparable, V any] struct {
	current atomic.Pointer[map[K]V] // never changed once published
	mu      sync.Mutex              // serializes writers
}

// Load returns the current map, nil if it is empty. The caller must not
// change it.
func (m *Map[K, V]) Load() map[K]V {
	if current := m.current.Load(); current != nil {
		return *current
	}
	return nil
}

// LoadOrAdd returns the value of a key. If the key is new, it adds the value
// that make returns, which is called once for each key.
func (m *Map[K, V]) LoadOrAdd(key K, make func() V) V {
	if value, ok := m.Load()[key]; ok {
		return value
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.Load()[key]
	if !ok {
		value = make()
		m.edit(func(next map[K]V) { next[key] = value })
	}
	return value
}

// Edit calls edit with a copy of the map and publishes the copy. Edits happen
// one after the other, so that edit sees every key that is present.
func (m *Map[K, V]) Edit(edit func(next map[K]V)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.edit(edit)
}

// TryEdit is Edit unless another goroutine is editing; it then does nothing
// and reports false. It suits caches, where the next reader can add the key
// instead.
func (m *Map[K, V]) TryEdit(edit func(next map[K]V)) bool {
	if !m.mu.TryLock() {
		return false
	}
	defer m.mu.Unlock()
	m.edit(edit)
	return true
}

func (m *Map[K, V]) edit(edit func(next map[K]V)) {
	old := m.Load()
	next := make(map[K]V, len(old)+1)
	maps.Copy(next, old)
	edit(next)
	m.current.Store(&next)
}
