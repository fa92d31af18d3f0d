package tracing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sligo-go/sligo/tracing/internal/env"
)

// otlpName is the only name that exporters with different protocols share,
// since an exporter of OTLP with another name ignores the environment.
const otlpName = "otlp"

// protocolVariables select the transport of OTLP, by precedence.
var protocolVariables = []string{"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"}

// protocolPackages are the import paths of this project's transports by their
// protocols, for the error about one that the program does not link.
var protocolPackages = map[string]string{
	"http/protobuf": "github.com/sligo-go/sligo/tracing/otlp",
	"http/json":     "github.com/sligo-go/sligo/tracing/otlp",
	"grpc":          "github.com/sligo-go/sligo/tracing/otlpgrpc",
}

// conflicts reports whether two exporters of one name cannot be alternatives.
func (c candidate) conflicts(other candidate) bool {
	if !c.hasProtocols() || !other.hasProtocols() {
		return true
	}
	return slices.ContainsFunc(c.Protocols, other.speaks)
}

// hasProtocols reports whether the environment selects the exporter by its
// protocols.
func (c candidate) hasProtocols() bool { return c.Name == otlpName && len(c.Protocols) > 0 }

// speaks reports whether a protocol, in any case, selects the exporter.
func (c candidate) speaks(protocol string) bool {
	return slices.ContainsFunc(c.Protocols, func(p string) bool { return strings.EqualFold(p, protocol) })
}

// transport returns the exporter that the environment selects among the
// alternatives, which have the same name, and otherwise the first.
func transport(alternatives []candidate, r *env.Reader) candidate {
	chosen := alternatives[0]
	if !chosen.hasProtocols() {
		return chosen
	}
	r.Parse(protocolVariables, func(value string) error {
		at := slices.IndexFunc(alternatives, func(c candidate) bool { return c.speaks(value) })
		if at < 0 {
			return notLinked(value, alternatives)
		}
		chosen = alternatives[at]
		return nil
	})
	return chosen
}

func notLinked(protocol string, alternatives []candidate) error {
	var linked []string
	for _, c := range alternatives {
		linked = append(linked, c.Protocols...)
	}
	want := strings.Join(linked, ", ")
	if path := protocolPackages[strings.ToLower(protocol)]; path != "" {
		return fmt.Errorf("protocol %q is not linked, only %s: import %q and add its Exporter to Options.Selectable", protocol, want, path)
	}
	return fmt.Errorf("invalid protocol %q: want one of %s", protocol, want)
}
