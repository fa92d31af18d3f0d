package sli

import "github.com/sligo-go/sligo/internal/cells"

// Operation records events of one operation. It is a handle on a [Recorder] that has looked up once
// which indicators ask for the operation. The zero Operation counts nothing.
type Operation struct {
	recorder *Recorder
	name     string
	asking   []int // the indicators that ask for it, by their place in the recorder
}

// Operation returns a handle for recording events of the operation of that name.
func (r *Recorder) Operation(name string) Operation {
	o := Operation{recorder: r, name: name}
	if r == nil {
		return o
	}
	for i, j := range r.judges {
		if j.asksFor(name) {
			o.asking = append(o.asking, i)
		}
	}
	return o
}

// Record counts an event of the operation, whatever e.Operation says.
func (o Operation) Record(e Event) {
	if len(o.asking) == 0 {
		return
	}
	e.Operation = o.name // what a Func is shown
	shard := cells.Shard()
	for _, i := range o.asking {
		o.recorder.add(shard, i, o.recorder.judges[i].judgeAskedFor(&e))
	}
}
