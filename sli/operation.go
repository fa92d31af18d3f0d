package sli

import "github.com/sligo-go/sligo/internal/cells"

// Operation records events of one operation. It is a handle on a [Recorder]
// that knows which indicators list the operation. The zero Operation counts
// nothing.
type Operation struct {
	recorder   *Recorder
	name       string
	indicators []int // positions in the recorder of the indicators that list it
}

// Operation returns a handle for events of the named operation.
func (r *Recorder) Operation(name string) Operation {
	o := Operation{recorder: r, name: name}
	if r == nil {
		return o
	}
	for i, j := range r.judges {
		if j.lists(name) {
			o.indicators = append(o.indicators, i)
		}
	}
	return o
}

// Record counts an event of the operation. It ignores e.Operation.
func (o Operation) Record(e Event) {
	if len(o.indicators) == 0 {
		return
	}
	e.Operation = o.name // for a Func
	shard := cells.Shard()
	for _, i := range o.indicators {
		o.recorder.add(shard, i, o.recorder.judges[i].judgeListed(&e))
	}
}
