package sligrpc

import (
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"

	"github.com/sligo-go/sligo/middleware"
)

// method is a method that the program knows.
type method struct {
	operation string   // of its events
	labels    []string // of its metrics
	omit      middleware.Signal
	attrs     []attribute.KeyValue // of its spans
}

// otherMethod is the label and the operation of methods that a server does not
// know, OpenTelemetry's word.
const otherMethod = "_OTHER"

// system is the value of the label rpc_system_name.
const system = "grpc"

// maxMethods bounds a table. A client's targets and the methods of a proxy may
// come from outside.
const maxMethods = 1000

// table is a map that is copied to add a key, so that reading takes no lock.
type table[K comparable] struct {
	mu      sync.Mutex
	current atomic.Pointer[map[K]*method]
}

// find returns the method of a key, or nil.
func (t *table[K]) find(key K) *method {
	if current := t.current.Load(); current != nil {
		return (*current)[key]
	}
	return nil
}

// add adds a method, unless the table has the key or is full, and returns the
// method of the key.
func (t *table[K]) add(key K, m *method) *method {
	t.mu.Lock()
	defer t.mu.Unlock()
	var next map[K]*method
	if current := t.current.Load(); current != nil {
		if found := (*current)[key]; found != nil {
			return found
		}
		if len(*current) >= maxMethods {
			return m
		}
		next = maps.Clone(*current)
	} else {
		next = make(map[K]*method)
	}
	next[key] = m
	t.current.Store(&next)
	return m
}

// logicalName returns a full method as the label rpc_method has it:
// "shop.Orders/List".
func logicalName(fullMethod string) string { return strings.TrimPrefix(fullMethod, "/") }
