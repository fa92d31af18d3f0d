// Command kit is a service over HTTP and gRPC on a kit. Tests end it in many
// ways. It logs to standard output. At its end it prints its counts and the
// losses to standard error.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"google.golang.org/grpc"

	"github.com/sligo-go/sligo"
	"github.com/sligo-go/sligo/middleware/sligrpc"
	"github.com/sligo-go/sligo/sli"
	"github.com/sligo-go/sligo/slo"
)

var objectives = []slo.Objective{{
	Indicator: sli.Indicator{
		Service: "users", Name: "availability", Requests: []string{"GET /users/{userid}"},
		Good: sli.Condition{Status: []string{"2xx", "3xx", "4xx"}},
	},
	Target: slo.MustParseTarget("99.95%"), Window: slo.MustParseWindow("30d"),
}}

// hanging is a gRPC service whose method /users.Users/Hang waits for the end of
// its call.
var hanging = grpc.ServiceDesc{ServiceName: "users.Users", Streams: []grpc.StreamDesc{{
	StreamName: "Hang", ServerStreams: true,
	Handler: func(_ any, stream grpc.ServerStream) error {
		<-stream.Context().Done()
		return stream.Context().Err()
	},
}}}

func main() {
	var (
		overHTTP = flag.String("http", ":8080", "`address` of the HTTP server")
		overGRPC = flag.String("grpc", ":9090", "`address` of the gRPC server")
		drain    = flag.Duration("drain", time.Second, "`time` of the drain")
		timeout  = flag.Duration("timeout", 20*time.Second, "bound of the `time` of the end")
	)
	flag.Parse()
	kit, err := sligo.Start(objectives, &sligo.Options{Drain: *drain, Timeout: *timeout})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{userid}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "Hello, "+r.PathValue("userid"))
	})
	mux.HandleFunc("GET /hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })

	server := grpc.NewServer(sligrpc.ServerOptions(kit.Instrument)...)
	server.RegisterService(&hanging, nil)
	err = kit.Run(context.Background(),
		&http.Server{Addr: *overHTTP, Handler: kit.Handler(mux)},
		sligrpc.Server(*overGRPC, server),
	)
	counts, _ := kit.Recorder.Counts("availability")
	fmt.Fprintln(os.Stderr, "counts", counts.Good, counts.Valid)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
