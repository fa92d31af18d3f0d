// Package call holds the parts that every kind of call shares, whether this
// process serves it, makes it, or does it as a job of its own.
//
//   - [InFlight] is the list of calls that have not ended, and [Node] a call's
//     place in it.
//   - [Histograms] are the histograms of a kind of call, and [Series] those of
//     one set of label values, with exemplars.
//   - [Context] is the context of a call: its request ID and its user.
//
// Everything here is safe for concurrent use, except that a Node and a Context
// belong to one call.
package call
