package main

// goal limits the cost of a benchmark.
type goal struct {
	// row is the benchmark's name. The cost of the benchmark over is no part of
	// it: the mux alone. Empty means that all of it counts.
	row, over string

	unit string

	// share of the cheapest peer's cost, whose part peerOver is no part of it.
	peers    []string
	peerOver string
	share    float64

	most   float64 // limits the cost itself, if there are no peers
	allocs float64 // limits the allocations, unless it is zero
}

const (
	nanoseconds = "cpu-ns/op"
	serial      = "HTTP/mode=serial/stack="
	parallel    = "HTTP/mode=parallel/stack="
	unary       = "GRPC/form=direct/stack="
	stream      = "GRPCStream/messages=1000/stack="

	// It logs two lines of a call, which is the default of its library.
	assembledGRPC = "otelgrpc-1pct+grpc-logging+uuid+grpc-prometheus+recovery"
)

// goals are the promises that the table checks.
var goals = []goal{
	overBare(serial, "sligo", 1./5, 1, "promhttp3"),
	overBare(serial, "sligo-1pct+logging", 1./8, 3, assembled("1pct")...),
	overBare(serial, "sligo-1pct+JSONHandler", 1./5, 5, assembled("1pct")...),
	overBare(serial, "sligo-100pct+logging", 1/3.5, 8, assembled("100pct")...),
	overBare(serial, "sligo-100pct+JSONHandler", 1/3.5, 8, assembled("100pct")...),
	scales("sligo"),
	scales("sligo-1pct+logging"),
	overBare(unary, "sligo-1pct+logging", 1./8, 6, assembledGRPC),
	// At most 30 ns for each message of a stream.
	{row: stream + "sligo-1pct+logging", over: stream + "bare", unit: nanoseconds, most: 1000 * 30},
	{
		row: "Routes/routes=10000/stack=sligo", over: "Routes/routes=10000/stack=bare", unit: nanoseconds,
		peers: []string{"Routes/routes=1/stack=sligo"}, peerOver: "Routes/routes=1/stack=bare", share: 1.1,
	},
	// Less than 20 ns for each further indicator.
	{row: "Indicators/indicators=9", over: "Indicators/indicators=1", unit: nanoseconds, most: 8 * 20},
	notMore("Scrape/", nanoseconds),
	notMore("Scrape/", "allocs/op"),
	notMore("Memory/procs=2/", "B/set"),
	notMore("Memory/procs=32/", "B/set"),
}

// overBare limits a stack to a share of the cheapest peer's time over the same
// calls without instrumentation. All their names have the prefix.
func overBare(prefix, stack string, share, allocs float64, peers ...string) goal {
	g := goal{row: prefix + stack, over: prefix + "bare", unit: nanoseconds, peerOver: prefix + "bare", share: share, allocs: allocs}
	for _, peer := range peers {
		g.peers = append(g.peers, prefix+peer)
	}
	return g
}

func assembled(sampling string) []string {
	return []string{
		"otelhttp-" + sampling + "+slog-http+uuid+promhttp3",
		"otelhttp-" + sampling + "+slog-http+uuid+go-http-metrics",
		"otelhttp-" + sampling + "+httplog+chi+promhttp3",
	}
}

// scales limits the CPU time of a request while all cores serve. A cache line
// that the cores share would multiply it.
func scales(stack string) goal {
	return goal{
		row: parallel + stack, over: parallel + "bare", unit: nanoseconds,
		peers: []string{serial + stack}, peerOver: serial + "bare", share: 1.5,
	}
}

// notMore limits sligo to the cost of client_golang.
func notMore(prefix, unit string) goal {
	return goal{row: prefix + "library=sligo", unit: unit, peers: []string{prefix + "library=client_golang"}, share: 1}
}
